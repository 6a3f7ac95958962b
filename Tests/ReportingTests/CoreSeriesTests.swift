import CoreviewKit
import GDBOracle
import Testing

/// Several cores, one after another, that share what is read of libraries and debug files.
@Suite struct CoreSeriesTests {
  /// A program of one list node that dies, and two cores of it; `flags` are the compiler's.
  private static func crash(_ flags: String, in folder: String) throws {
    let script = """
      cd "$1" && printf '%s' "$2" > list.c && gcc -g -w \(flags) -o list list.c || exit 1
      ulimit -c unlimited
      for i in 1 2; do mkdir run; (cd run; ../list) > /dev/null 2>&1; mv run/core* core.$i || exit 1; rm -r run; done
      """
    let source = """
      struct node { struct node *next; int value; };
      static int last(struct node *p) { return p->next->value; }
      int main(void) { struct node one = { 0, 1 }; return last(&one); }
      """
    let run = try Command("bash", ["-c", script, "bash", folder, source]).run(seconds: 60)
    try #require(run.ending == .exited(0), "\(text(run.errors))")
  }

  /// A report by a series is the one that the core has alone.
  @Test(arguments: ["-O0", "-O2 -gsplit-dwarf", "-static", "-no-pie -gdwarf-4"])
  func `a core that follows another has the same report`(flags: String) throws {
    let folder = try ScratchFolder()
    try Self.crash(flags, in: folder.path)
    let series = CoreSeries()
    for _ in 0..<2 {
      for core in ["core.1", "core.2"] {
        let alone = try CoreDump(path: "\(folder.path)/\(core)").report(parts: .all)
        #expect(alone.signature?.hash.count == 16)
        #expect(try series.open("\(folder.path)/\(core)").report(parts: .all) == alone)
      }
    }
  }

  /// What is missing of a file is told of each core that needs it, not of the first alone.
  @Test func `warnings come with every core`() throws {
    let folder = try ScratchFolder()
    try Self.crash("-O0 -gsplit-dwarf", in: folder.path)
    _ = try Command("bash", ["-c", "rm \"$1\"/*.dwo", "bash", folder.path]).run(seconds: 10)
    let series = CoreSeries()
    for core in ["core.1", "core.2", "core.1"] {
      let report = try series.open("\(folder.path)/\(core)").report()
      #expect(report.notes.contains { $0.text.contains("Could not find DWO CU") }, "\(core)")
    }
  }

  @Test func `an executable that was replaced is not the one of the core before`() throws {
    let folder = try ScratchFolder()
    try Self.crash("-O0", in: folder.path)
    let series = CoreSeries()
    #expect(try series.open("\(folder.path)/core.1").report().isComplete)
    let script = "cd \"$1\" && printf 'int main(void) { return 7; }' > b.c && gcc -o b b.c && mv b list"
    let run = try Command("bash", ["-c", script, "bash", folder.path]).run(seconds: 60)
    try #require(run.ending == .exited(0))
    let report = try series.open("\(folder.path)/core.2").report()
    #expect(!report.isComplete && report.notes.contains { $0.text.contains("of another build") })
  }

  /// Types that refer to themselves kept their debug file open for ever.
  @Test func `a core that is done with keeps no file open`() throws {
    let folder = try ScratchFolder()
    try Self.crash("-O0", in: folder.path)
    func openFiles() throws -> Int {
      let run = try Command(
        "bash", ["-c", "readlink /proc/$PPID/fd/* | grep -c \"^$1/\"; true", "bash", folder.path]
      ).run(seconds: 10)
      return try #require(Int(text(run.output).split(separator: "\n").first ?? ""))
    }
    var dump: CoreDump? = try CoreDump(path: "\(folder.path)/core.1")
    let report = dump?.report()
    #expect(report?.stacks.first?.frames.first?.arguments.contains("p=0x") == true)
    #expect(try openFiles() >= 1)
    dump = nil
    #expect(try openFiles() == 0)
  }
}
