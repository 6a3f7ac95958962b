import GDBOracle
import Testing

/// The forms of the report, read by what reads them: a validator of JSON Schema, a browser.
@Suite struct FormatTests {
  private static let browser = "/usr/bin/chromium"
  private static let hasBrowser = (try? contents(of: browser)) != nil

  private static func run(_ format: String, _ name: String, _ more: [String] = []) throws -> String {
    let samples = try SampleTests.samples.get()
    let run = try SampleTests.run(
      ["--format", format] + more + [samples.executable(name), samples.core(name)])
    #expect(run.ending == .exited(0), "\(run.errors)")
    return run.output
  }

  /// Says what a JSON Schema finds in documents, one a line of a file.
  static func validate(_ lines: String, against schema: String) throws {
    let program = """
      import json, jsonschema, sys
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      count = 0
      for line in open(sys.argv[2], encoding="utf-8"):
          jsonschema.validate(json.loads(line), schema, cls=jsonschema.Draft202012Validator)
          count += 1
      assert count > 0
      """
    let document = try ScratchFile(Array(lines.utf8))
    let run = try Command("python3", ["-c", program, schema, document.path]).run(seconds: 60)
    #expect(run.ending == .exited(0), "\(text(run.errors))")
  }

  @Test(arguments: ["io_uring-cp-forever", "thumbnailer", "ledger", "overflow", "parser-i386"])
  func `SARIF keeps the rules of its standard`(_ name: String) throws {
    let document = try Self.run("sarif", name)
    #expect(document.contains("\"level\": \"error\""))
    let line = document.split(separator: "\n").joined()
    try Self.validate(line + "\n", against: "\(Samples.repository)/Tests/EndToEndTests/sarif.schema.json")
  }

  @Test func `NDJSON is the JSON document on one line`() throws {
    let line = try Self.run("ndjson", "ledger")
    #expect(line.hasSuffix("}\n") && line.split(separator: "\n").count == 1)
    try Self.validate(line, against: "\(Samples.repository)/docs/report.schema.json")
  }

  @Test func `Markdown has the crash, a table and fences`() throws {
    let page = try Self.run("markdown", "thumbnailer")
    #expect(page.hasPrefix("## thumbnailer: SIG"))
    #expect(page.contains("\n```\n#0  "))
    #expect(page.contains("<details><summary>Thread ") || page.contains("<details><summary>2 threads"))
  }

  // MARK: HTML

  @Test(.enabled(if: hasBrowser), arguments: ["thumbnailer"])
  func `a browser without network shows the report`(_ name: String) throws {
    let page = try ScratchFile(Array(try Self.run("html", name).utf8))
    let folder = try ScratchFolder()
    let options = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--user-data-dir=\(folder.path)/profile", "--host-resolver-rules=MAP * ~NOTFOUND",
      "--window-size=1240,1600", "--hide-scrollbars",
    ]
    let html = "\(folder.path)/report.html"
    #expect(try Command("cp", [page.path, html]).run(seconds: 10).ending == .exited(0))
    let picture = "\(folder.path)/report.png"
    let run = try Command(Self.browser, options + ["--screenshot=\(picture)", "file://\(html)"]).run(
      seconds: 180)
    #expect(run.ending == .exited(0), "\(text(run.errors))")
    let bytes = try contents(of: picture)
    #expect(bytes.prefix(4) == [0x89, 0x50, 0x4e, 0x47])
    // A page without its pictures is nearly empty, and compresses to less.
    #expect(bytes.count > 40_000)
  }

  @Test func `the page asks for nothing`() throws {
    let page = try Self.run("html", "thumbnailer")
    for part in ["http:", "https:", "<script", "<link", "<img", "@import", "url(", "javascript:"] {
      #expect(!page.lowercased().contains(part), "\(part)")
    }
    for part in ["<svg class=\"flame\"", "<svg class=\"memory\"", "<details open>", "default-src 'none'"] {
      #expect(page.contains(part), "\(part)")
    }
  }

  // MARK: Secrets and files

  @Test(arguments: ["json", "ndjson", "sarif", "html", "markdown"])
  func `secrets are masked unless the user wants them`(_ format: String) throws {
    let crash = try SecretCrash.made.get()
    let names = [crash.executable, crash.core]
    let masked = try SampleTests.run(["--format", format] + names)
    #expect(masked.ending == .exited(0), "\(masked.errors)")
    for secret in SecretCrash.secrets { #expect(!masked.output.contains(secret), "\(secret)") }
    #expect(masked.output.contains("crash_here"))
    let open = try SampleTests.run(["--format", format, "--no-redact"] + names)
    #expect(open.output.contains("hunter2-argv") && open.output.contains("hunter2-text"))
    let plain = try SampleTests.run(names)
    #expect(plain.output.contains("hunter2-argv"))
  }

  @Test func `a report in a file is its owner's alone`() throws {
    let samples = try SampleTests.samples.get()
    let folder = try ScratchFolder()
    let path = "\(folder.path)/report.html"
    let program = "umask 0; exec \"$@\""
    let run = try Command(
      "sh",
      [
        "-c", program, "sh", Samples.coreview, "--format", "html", "-o", path, samples.executable("ledger"),
        samples.core("ledger"),
      ]
    ).run(seconds: 30)
    #expect(run.ending == .exited(0), "\(text(run.errors))")
    #expect(run.output.isEmpty)
    let mode = try Command("stat", ["-c", "%a", path]).run(seconds: 10)
    #expect(text(mode.output) == "600\n")
    let failed = try SampleTests.run([
      "--json", "-o", "/nonexistent/report", samples.executable("ledger"), samples.core("ledger"),
    ])
    #expect(failed.ending == .exited(2))
    #expect(failed.errors.contains("/nonexistent/report: No such file or directory"))
  }

  // MARK: Differences

  @Test func `a core does not differ from itself, and says in what it differs from another`() throws {
    let samples = try SampleTests.samples.get()
    let core = samples.core("ledger")
    let same = try SampleTests.run(["diff", core, core, "--executable", samples.executable("ledger")])
    #expect(same.output.hasSuffix("No difference.\n") && same.ending == .exited(0), "\(same.errors)")
    let other = try SampleTests.run([
      "diff", core, samples.core("thumbnailer"), "--executable", samples.executable("ledger"),
      "--other-executable", samples.executable("thumbnailer"),
    ])
    #expect(other.ending == .exited(1))
    for line in [
      "  - name ledger\n", "  + name thumbnailer\n", "\nCrashed thread:\n", "\nModules in stacks:\n",
    ] {
      #expect(other.output.contains(line), "\(line)")
    }
    let broken = try SampleTests.run(["diff", core, "/nonexistent/core"])
    #expect(broken.ending == .exited(2) && broken.errors.contains("No such file or directory"))
  }
}

/// A program that dies with secrets on its command line, in its environment and in its arguments.
struct SecretCrash: Sendable {
  static let secrets = ["hunter2-argv", "hunter2-text", "hunter2-environment"]
  static let made = Result { () throws(Command.Failure) in try SecretCrash() }

  var executable: String
  var core: String

  init() throws(Command.Failure) {
    let source = """
      #include <stdlib.h>
      __attribute__((noinline)) int crash_here(const char *text, char first, int *where) { *where = first; return text[0]; }
      int main(int argc, char **argv) { return crash_here(TEXT, argv[1][0], 0); }
      """
    let folder = "\(Samples.repository)/.build/secret-crash"
    let script = """
      set -e; rm -rf "$1"; mkdir -p "$1"; cd "$1"; printf '%s' "$2" > crash.c; 
      # Not in the source, which a page may show.
      gcc -g -O0 -DTEXT='"hunter2-text"' -o crash crash.c
      ulimit -c unlimited; SECRET=hunter2-environment ./crash hunter2-argv > /dev/null 2>&1 || true
      mv core* core.crash; test -s core.crash
      """
    let run = try Command("bash", ["-c", script, "bash", folder, source]).run(seconds: 60)
    guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
    executable = "\(folder)/crash"
    core = "\(folder)/core.crash"
  }
}
