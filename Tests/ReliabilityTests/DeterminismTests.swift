import GDBOracle
import Testing

/// The same core gives the same bytes, wherever and however it is read.
@Suite struct DeterminismTests {
  static let circumstances: [(name: String, prefix: String)] = [
    ("another language", "LC_ALL=de_DE.UTF-8 LANG=tr_TR.UTF-8"), ("no language", "LC_ALL=C"),
    ("another time zone", "TZ=Asia/Kathmandu"), ("another folder", "cd /;"),
    ("the same addresses in each run", "setarch -R"), ("a small stack", "ulimit -s 1024;"),
    ("a terminal of 20 columns", "COLUMNS=20 TERM=dumb"),
    ("another hash seed", "SWIFT_DETERMINISTIC_HASHING=1"),
    ("an empty environment", "env -i"),
  ]
  static let forms = [
    "", "--json", "--format html", "--format sarif", "--verbose",
    "gdb -q -nx -batch -ex 'thread apply all bt full'",
  ]

  private func run(_ prefix: String, _ form: String, _ files: [String]) throws -> Command.Outcome {
    try Command(
      "bash", ["-c", "\(prefix) \"$0\" \(form) \"$1\" \"$2\"", Samples.coreview] + files
    ).run(seconds: 120)
  }

  @Test(arguments: forms)
  func `the bytes depend on the files alone`(form: String) throws {
    let samples = try ConfinementTests.samples.get()
    let files = [samples.executable("io_uring-cp-forever"), samples.core("io_uring-cp-forever")]
    let plain = try run("", form, files)
    #expect(plain.output.count > 200, "\(text(plain.errors))")
    for (name, prefix) in Self.circumstances {
      let other = try run(prefix, form, files)
      #expect(other.output == plain.output, "\(name)")
      #expect(other.errors == plain.errors, "\(name)")
      #expect(other.ending == plain.ending, "\(name)")
    }
  }

  @Test func `and a batch not on the number of its children`() throws {
    let samples = try ConfinementTests.samples.get()
    let folder = try ScratchFolder()
    let script = """
      "$0" batch -j $1 --ndjson "$2/$1.lines" "$3" > "$2/$1.out" 2> /dev/null
      sort "$2/$1.lines" -o "$2/$1.lines"
      """
    for jobs in ["1", "3"] {
      _ = try Command("bash", ["-c", script, Samples.coreview, jobs, folder.path, samples.folder]).run(
        seconds: 300)
    }
    #expect(try contents(of: "\(folder.path)/1.lines").count > 1000)
    #expect(try contents(of: "\(folder.path)/1.lines") == contents(of: "\(folder.path)/3.lines"))
    #expect(try contents(of: "\(folder.path)/1.out") == contents(of: "\(folder.path)/3.out"))
  }
}
