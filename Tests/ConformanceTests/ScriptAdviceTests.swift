import GDBOracle
import Testing

/// Scripts beside an executable, beside a library and named in .debug_gdb_scripts: gdb declines to load them and
/// says so, and so does coreview, which loads none. Also the notes on stderr are gdb's.
@Suite struct ScriptAdviceTests {
  static let settings: [[String]] = [
    [], ["-iex", "set auto-load python-scripts off"], ["-iex", "set auto-load gdb-scripts off"],
    ["-iex", "set auto-load no"], ["-iex", "set auto-load safe-path /nowhere"],
    ["-iex", "set auto-load maybe"],
  ]

  /// A library that crashes, a program that calls it, a core, and scripts for both; and as many more libraries beside it as
  /// make it worth to list the folder, one with a script and one that is a link to where a script lies.
  static let scene = #"""
    set -e
    echo 'int fault(int *place) { return *place; }' > library.c
    cat > program.c <<END
    asm(".pushsection \".debug_gdb_scripts\", \"MS\",@progbits,1\n"
        ".byte 1\n.asciz \"$PWD/named.py\"\n.byte 1\n.asciz \"missing.py\"\n"
        ".byte 4\n.asciz \"inline\\nprint(1)\"\n.byte 3\n.asciz \"x.scm\"\n.popsection");
    int fault(int *place);
    int main(void) { return fault(0); }
    END
    for name in program-gdb.py program-gdb.gdb library.so.1-gdb.py named.py; do echo 'print(1)' > $name; done
    gcc -g -shared -fPIC -o library.so.1 library.c
    ln -s library.so.1 library.so
    echo 'int more;' > more.c
    for number in $(seq 20); do gcc -shared -fPIC -o more-$number.so more.c; done
    mkdir elsewhere
    mv more-7.so elsewhere/real.so
    ln -s elsewhere/real.so more-7.so
    touch more-4.so-gdb.py elsewhere/real.so-gdb.gdb elsewhere/real.so-gdb.py more-99.so-gdb.py
    gcc -g -o program program.c $PWD/library.so -Wl,--no-as-needed $PWD/more-*.so -Wl,-rpath,$PWD
    ulimit -c unlimited
    ./program || mv core* core 2>/dev/null || test -s core
    """#

  @Test func `says what gdb says of scripts that it does not load`() throws {
    let folder = try ScratchFolder()
    let made = try Command("/bin/bash", ["-c", "cd '\(folder.path)'\n\(Self.scene)"]).run(seconds: 60)
    try #require(made.ending == .exited(0), "\(text(made.errors))")
    for setting in Self.settings {
      let files = ["\(folder.path)/program", "\(folder.path)/core"]
      let arguments = ["-q", "-nx", "-batch"] + setting + ["-ex", "bt"] + files
      let theirs = try Command("/usr/bin/gdb", arguments).run(seconds: 60)
      let ours = try Command(Setting.coreview, ["gdb"] + arguments).run(seconds: 60)
      #expect(text(ours.output) == text(theirs.output), "\(setting)")
      #expect(text(ours.errors) == text(theirs.errors), "\(setting)")
      #expect(text(ours.output).contains("add-auto-load-safe-path") == !setting.contains("set auto-load no"))
    }
  }
}
