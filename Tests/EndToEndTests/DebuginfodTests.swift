import GDBOracle
import Testing

/// debuginfod(8) on this machine, and servers that lie, hang or send garbage.
@Suite(.serialized) struct DebuginfodTests {
  /// A stripped program with its core, and its debug file where only a server finds it.
  private static let crash = Result { () throws(Command.Failure) -> String in
    try DebugFileTests.made(
      "debuginfod",
      """
      gcc -O1 -g src/a.c src/b.c -o prog; mkdir store; objcopy --only-keep-debug prog store/prog.debug; strip prog
      cat > server.py <<'END'
      import http.server, sys, time
      mode = sys.argv[1]
      class Handler(http.server.BaseHTTPRequestHandler):
          def log_message(self, *arguments): pass
          def do_GET(self):
              if mode == 'hang': time.sleep(60)
              body = open('/bin/true', 'rb').read() if mode == 'lie' else b'garbage' * 1000
              self.send_response(200)
              self.send_header('Content-Length', str(len(body)))
              self.end_headers()
              self.wfile.write(body)
      server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
      print(server.server_address[1], flush=True)
      server.serve_forever()
      END
      """)
  }

  /// Starts a server in the shell, runs coreview with it, ends the server by its pid.
  private func report(_ server: String, port: String, _ arguments: String = "") throws -> (
    output: String, errors: String
  ) {
    let folder = try Self.crash.get()
    let script = """
      cd '\(folder)' && rm -rf cache port; \(server) & pid=$!
      trap 'kill $pid; wait $pid 2>/dev/null' EXIT
      port=$(\(port)); export DEBUGINFOD_CACHE_PATH='\(folder)/cache' DEBUGINFOD_URLS=http://127.0.0.1:$port
      DEBUGINFOD_TIMEOUT=2 '\(Samples.coreview)' \(arguments) core
      """
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 90)
    return (text(run.output), text(run.errors))
  }

  private static let python = "for i in $(seq 100); do test -s port && break; sleep 0.1; done; cat port"

  @Test func `Debian's server gives what is missing`() throws {
    let number = Int.random(in: 20000..<30000)
    let folder = try Self.crash.get()
    // Scanned once the debug file can be fetched.
    let ready = """
      id=$(readelf -n prog | awk '/Build ID/ {print $3}')
      for i in $(seq 100); do
        python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:\(number)/buildid/$id/debuginfo')" 2>&1 |
          grep -q . || break
        sleep 0.2
      done; echo \(number)
      """
    let server = "debuginfod -d :memory: -F '\(folder)/store' -p \(number) > server.log 2>&1"
    let found = try report(server, port: ready)
    #expect(found.output.contains("b_func (x=") && found.output.contains("src/a.c:"), "\(found)")
    #expect(found.errors == "")
    let off = try report(server, port: ready, "--no-debuginfod")
    #expect(!off.output.contains("b_func") && off.errors == "")
  }

  @Test(arguments: [
    ("lie", "not used"), ("garbage", "what is no ELF file: not used"),
    ("hang", "no answer within 2 s; not asked again"),
  ])
  func `a bad server costs one note`(mode: String, note: String) throws {
    let result = try report("python3 server.py \(mode) > port", port: Self.python)
    #expect(result.output.contains("__GI_abort () at"), "\(result)")
    #expect(!result.output.contains("b_func"))
    #expect(
      result.errors.split(separator: "\n").count == 1 && result.errors.contains(note), "\(result.errors)")
  }
}
