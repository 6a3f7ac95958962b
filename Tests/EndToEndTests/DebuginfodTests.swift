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

  /// Waits until Debian's server on a port has scanned its folder: until the debug file can be fetched.
  private static func ready(_ number: Int) -> String {
    """
    id=$(readelf -n prog | awk '/Build ID/ {print $3}')
    for i in $(seq 100); do
      python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:\(number)/buildid/$id/debuginfo')" 2>&1 |
        grep -q . || break
      sleep 0.2
    done; echo \(number)
    """
  }

  /// What stands between lines of three equals signs.
  private static func pieces(_ output: String) -> [String] {
    var pieces = [""]
    for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "===" { pieces.append("") } else { pieces[pieces.count - 1] += line + "\n" }
    }
    return pieces
  }

  @Test func `Debian's server gives what is missing`() throws {
    let number = Int.random(in: 20000..<30000)
    let folder = try Self.crash.get()
    let ready = Self.ready(number)
    let server = "debuginfod -d :memory: -F '\(folder)/store' -p \(number) > server.log 2>&1"
    let found = try report(server, port: ready)
    #expect(found.output.contains("b_func (x=") && found.output.contains("src/a.c:"), "\(found)")
    #expect(found.errors == "")
    let off = try report(server, port: ready, "--no-debuginfod")
    #expect(!off.output.contains("b_func") && off.errors == "")
  }

  /// The text of gdb and of `coreview gdb`, with an empty cache and again with what that brought; how large a file is stands
  /// in the text when the server was quick, for gdb as well, and is taken out.
  private func texts(_ server: String, port: String) throws -> (
    gdb: [String], coreview: [String], errors: String
  ) {
    let folder = try Self.crash.get()
    let script = #"""
      cd '\#(folder)' && rm -rf cache port; \#(server) & pid=$!
      trap 'kill $pid; wait $pid 2>/dev/null' EXIT
      port=$(\#(port)); export DEBUGINFOD_CACHE_PATH='\#(folder)/cache' DEBUGINFOD_URLS=http://127.0.0.1:$port
      export DEBUGINFOD_TIMEOUT=2
      ask() {
        rm -rf cache
        for cache in cold warm; do
          "$@" -q -nx -batch -iex 'set debuginfod enabled on' -ex 'thread apply all bt' -ex frame -ex up \
            ./prog core 2> errors | sed -E 's/^Downloading [0-9.]+ [KM] /Downloading /'
          echo ===
        done
      }
      ask gdb
      ask '\#(Samples.coreview)' gdb
      cat errors >&2
      """#
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 120)
    let parts = Self.pieces(text(run.output))
    return (Array(parts.prefix(2)), Array(parts.dropFirst(2).prefix(2)), text(run.errors))
  }

  @Test func `coreview gdb downloads and prints what gdb does`() throws {
    let number = Int.random(in: 30000..<40000)
    let folder = try Self.crash.get()
    let server = "debuginfod -d :memory: -F '\(folder)/store' -p \(number) > server.log 2>&1"
    let found = try texts(server, port: Self.ready(number))
    #expect(found.coreview == found.gdb)
    #expect(found.gdb[0].contains("Downloading separate debug info for"))
    #expect(found.gdb[0].contains("b_func (x=") && !found.gdb[1].contains("Downloading"))
  }

  @Test(arguments: [("lie", "not "), ("garbage", "what is no ELF file")])
  func `and where a server is bad`(mode: String, note: String) throws {
    let found = try texts("python3 server.py \(mode) > port", port: Self.python)
    if mode == "garbage" {
      // gdb, which gives up a file over garbage, has not even its unwind information left, and loses its way.
      let start = { (text: String) in text.split(separator: "\n").prefix { !$0.hasPrefix("Thread 1 ") } }
      #expect(found.coreview.map(start) == found.gdb.map(start))
      #expect(found.coreview[0].contains("in __libc_start_main_impl (main="))
    } else {
      #expect(found.coreview == found.gdb)
    }
    #expect(found.errors.contains("warning: debuginfod sent for"), "\(found.errors)")
    #expect(found.errors.contains(note), "\(found.errors)")
  }

  @Test func `and where there is none`() throws {
    let found = try texts("sleep 60", port: "echo 1")
    #expect(found.coreview == found.gdb)
    #expect(found.gdb[0].contains("Download failed: Connection refused."))
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
