import GDBOracle
import Testing

/// What systemd wrote down of a core: its name, its attributes, its record in the journal.
@Suite struct RecordTests {
  /// A core in a folder of its own, under a name of systemd's store, with attributes where the file system has them.
  private func withStoredCore(_ body: (_ core: String, _ hasAttributes: Bool) throws -> Void) throws {
    let folder = try ScratchFile([]).path + ".store"
    defer { _ = try? Command("rm", ["-rf", folder]).run(seconds: 10) }
    let core = "\(folder)/core.a\\x2fb.c.1001.0123456789abcdef0123456789abcdef.4242.1700000000000001.zst"
    let script = """
      import os, subprocess, sys
      core, source = sys.argv[1:]
      os.mkdir(os.path.dirname(core))
      subprocess.run(["zstd", "-q", source, "-o", core], check=True)
      try:
          os.setxattr(core, "user.coredump.hostname", b"ho\\x1bst")
          os.setxattr(core, "user.coredump.signal", b"11")
          os.setxattr(core, "user.coredump.pid", b"not a number")
          print("yes")
      except OSError:
          print("no")
      """
    let source = try SampleTests.samples.get().core("overflow")
    let made = try Command("python3", ["-c", script, core, source]).run(seconds: 30)
    #expect(made.ending == .exited(0), "\(text(made.errors))")
    try body(core, text(made.output) == "yes\n")
  }

  @Test func `the name and the attributes are facts`() throws {
    try withStoredCore { core, hasAttributes in
      let run = try SampleTests.run([core])
      let host = hasAttributes ? ", host ho\\033st" : ""
      #expect(
        run.output.contains(
          "\nRecorded: 2023-11-14T22:13:20.000001Z, uid 1001\(host), boot 0123456789abcdef0123456789abcdef\n"),
        "\(run.output)")
      let json = try SampleTests.run(["--json", core]).output
      #expect(json.contains("\"command\": \"a/b.c\""))
      #expect(json.contains("\"pid\": 4242"))
      #expect(json.contains("\"time\": \"2023-11-14T22:13:20.000001Z\""))
    }
  }

  @Test func `a record of the journal is joined to its core and to no other`() throws {
    try withStoredCore { core, _ in
      let other = #"{"COREDUMP_PID":"7","COREDUMP_FILENAME":"/x/core.other","COREDUMP_UNIT":"other.service"}"#
      let name = core.split(separator: "/").last ?? ""
      let own =
        #"{"COREDUMP_PID":"4242","COREDUMP_FILENAME":"/var/lib/\#(name.replacing("\\", with: "\\\\"))","#
        + #""COREDUMP_UNIT":"web.service","COREDUMP_PACKAGE_NAME":"web","COREDUMP_PACKAGE_VERSION":"1.2-3","#
        + #""COREDUMP_OPEN_FDS":"0:/dev/null\npos:\t0\nflags:\t0100002\n\n5:socket:[99]\npos:\t0\n","#
        + #""COREDUMP_ENVIRON":[65,61,49,10,66,61,255],"COREDUMP_CWD":"/srv\u001b[31m"}"#
      let journal = try ScratchFile(Array("\(other)\nno json\n\(own)\n".utf8))
      let run = try SampleTests.run([core, "--journal", journal.path])
      #expect(
        run.output.contains("\nUnit: web.service\nPackage: web 1.2-3\nDirectory: /srv\\033[31m\n"), "\(run)")
      #expect(run.output.hasSuffix("\nopen files:\n  0: /dev/null\n  5: socket:[99]\n"), "\(run.output)")
      let json = try SampleTests.run([core, "--journal", journal.path, "--json", "--no-redact"]).output
      #expect(json.contains("\"A=1\""))
      let masked = try SampleTests.run([core, "--journal", journal.path, "--json"]).output
      #expect(!masked.contains("A=1"))
      let stranger = try ScratchFile(Array("\(other)\n".utf8))
      let without = try SampleTests.run([core, "--journal", stranger.path])
      #expect(without.errors.contains("holds no record of this core among 1"))
      #expect(!without.output.contains("Unit"))
    }
  }

  @Test(arguments: [
    "{", "[[[[[[[[[[[[[[[[[[[[[[[[", "{\"COREDUMP_PID\":", "{\"COREDUMP_PID\":\"\\u12\"}", "\u{0}",
    "null\n[]\n7",
    "{\"COREDUMP_PID\":{\"a\":[1,2,{}]},\"COREDUMP_OPEN_FDS\":7}",
  ])
  func `a journal that is none`(journal: String) throws {
    try withStoredCore { core, _ in
      let file = try ScratchFile(Array(journal.utf8))
      let run = try SampleTests.run([core, "--journal", file.path])
      #expect(run.ending == .exited(1))
      #expect(run.errors.contains("holds no record"), "\(run.errors)")
      #expect(run.output.contains("#0"))
    }
  }

  @Test func `as coredumpctl calls a debugger`() throws {
    let samples = try SampleTests.samples.get()
    let plain = try SampleTests.run([samples.executable("overflow"), samples.core("overflow")])
    let called = try SampleTests.run([samples.executable("overflow"), "-c", samples.core("overflow")])
    #expect(called.output == plain.output && called.ending == .exited(0))
    // coredumpctl -A 'gdb -batch -ex bt' puts its words before the executable.
    let gdb = try SampleTests.run(
      ["gdb", "-batch", "-ex", "bt", samples.executable("overflow"), "-c", samples.core("overflow")])
    #expect(gdb.output.contains("\n#1 "))
  }
}
