import GDBOracle
import Testing

/// A core with an executable that did not write it: built again, of other segments, another program, without
/// position-independent code, stripped, under a name that was cut. gdb believes it or not by rules of its own.
@Suite struct WrongExecutableTests {
  static let scene = #"""
    set -e
    cat > a.c <<'END'
    #include <stdlib.h>
    int g(int x) { if (x > 2) abort(); return x + 1; }
    int f(int x) { return g(x + 1) + 1; }
    int main(void) { return f(3); }
    END
    sed 's/x + 1) + 1/x + 1) + 2/' a.c > again.c
    (cat a.c; echo 'int extra(int x) { return x * 3; } char big[20000] = {1};') > larger.c
    echo 'int main(void) { for (;;); }' > other.c
    for name in a again larger other; do gcc -g $name.c -o $name; done
    gcc -g -no-pie a.c -o fixed; gcc -s a.c -o stripped
    cp larger 'a-name-that-is-c'; cp a a-name-that-is-cut; cp larger a-name-that-is-cu
    ulimit -c unlimited
    for name in a fixed a-name-that-is-cut; do rm -f core; ./$name || true; mv core $name.core; done
    touch -d '+1 hour' a
    """#
  static let files = [
    "a", "again", "larger", "other", "fixed", "stripped", "a-name-that-is-c", "a-name-that-is-cut",
    "a-name-that-is-cu",
  ]

  @Test func `believes of an executable what gdb believes`() throws {
    let folder = try ScratchFolder()
    let made = try Command("/bin/bash", ["-c", "cd '\(folder.path)'\n\(Self.scene)"]).run(seconds: 120)
    try #require(made.ending == .exited(0), "\(text(made.errors))")
    for core in ["a", "fixed", "a-name-that-is-cut"] {
      for file in Self.files {
        let arguments = [
          "-q", "-nx", "-batch", "-ex", "bt", "-ex", "info sharedlibrary", "\(folder.path)/\(file)",
          "\(folder.path)/\(core).core",
        ]
        let theirs = try Command("/usr/bin/gdb", arguments).run(seconds: 60)
        let ours = try Command(Setting.coreview, ["gdb"] + arguments).run(seconds: 60)
        #expect(text(ours.output) == text(theirs.output), "\(core) with \(file)")
        let doubts = { (text: String) in text.split(separator: "\n").filter { $0.contains(" core file") } }
        #expect(doubts(text(ours.errors)) == doubts(text(theirs.errors)), "\(core) with \(file)")
      }
    }
  }
}
