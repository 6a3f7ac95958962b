import CoreviewKit
import GDBOracle
import Testing

/// One crash in builds that differ in what has no part in it: the same signature at other addresses. A crash elsewhere in
/// the same build has another.
@Suite struct UnrelatedCodeTests {
  private static let crash = """
    #include <stdlib.h>
    struct node { struct node *next; int value; };
    extern int work(int);
    static int walk(struct node *p, int n) { return n ? walk(p, n - 1) + 1 : p->next->value; }
    static int store(struct node *p, int n) { p->next->value = n; return n; }
    int main(int count, char **words) {
      struct node one = { 0, work(count) };
      return count > 2 ? store(&one, count) : walk(&one, 2);
    }
    """
  private static let unrelated = """
    #include <string.h>
    static int table[4096];
    static int square(int n) { return n * n; }
    int work(int n) {
      for (int i = 0; i < 4096; i++) table[i] = square(i + n) % 97;
      int sum = 0;
      for (int i = 0; i < 4096; i++) sum += table[i];
      return sum;
    }
    """

  /// Builds, dies, and reports; `arguments` choose the place.
  private static func report(_ flags: String, _ arguments: String, in folder: String) throws -> Report {
    let script = """
      cd "$1" && printf '%s' "$2" > crash.c && printf '%s' "$3" > work.c || exit 9
      gcc -c -g -O0 -w crash.c && gcc -c -g -w \(flags) work.c && gcc -o prog work.o crash.o || exit 8
      rm -f core*; ulimit -c unlimited; ./prog \(arguments) > /dev/null 2>&1; mv core* core.1
      """
    let run = try Command("bash", ["-c", script, "bash", folder, crash, unrelated]).run(seconds: 60)
    try #require(run.ending == .exited(0), "\(text(run.errors))")
    return try CoreDump(path: "\(folder)/core.1").report()
  }

  @Test func `optimisation of unrelated code keeps the signature`() throws {
    let folder = try ScratchFolder()
    var offsets: Set<UInt64> = []
    var hashes: Set<String> = []
    var elsewhere: Set<String> = []
    for flags in ["-O0", "-O3 -funroll-loops", "-Os -fno-inline"] {
      let report = try Self.report(flags, "", in: folder.path)
      #expect(report.signature?.frames == ["walk", "walk", "walk", "main"])
      hashes.insert(try #require(report.signature?.hash))
      offsets.insert(try #require(report.stacks.first?.frames.first?.module?.offset))
      elsewhere.insert(
        try #require(try Self.report(flags, "7 8", in: folder.path).signature?.hash))
    }
    // The code did move.
    #expect(offsets.count == 3)
    #expect(hashes.count == 1 && elsewhere.count == 1 && hashes.isDisjoint(with: elsewhere))
  }
}
