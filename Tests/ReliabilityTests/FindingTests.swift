import GDBOracle
import Testing

/// What fuzzing found, in its smallest form.
@Suite struct FindingTests {
  /// Commands of gdb's face on a core.
  private static func commands(_ commands: String...) throws -> Command.Outcome {
    let samples = try ConfinementTests.samples.get()
    let options = ["-q", "-nx", "-batch"] + commands.flatMap { ["-ex", $0] }
    return try Command(
      Samples.coreview, ["gdb"] + options + [samples.executable("overflow"), samples.core("overflow")]
    ).run(seconds: 60)
  }

  /// `x/ 23/.0` of the target `commands` trapped: infinity became an address by a conversion that checks. gdb takes the
  /// nearest number that a long holds, and the largest one for what is no number.
  @Test(arguments: [
    ("x 1e30", "0x7fffffffffffffff"), ("x -1e30", "0x8000000000000000"), ("x 23/.0", "0x7fffffffffffffff"),
    ("x 0.0/0", "0x7fffffffffffffff"), ("x 1e19", "0x7fffffffffffffff"),
    ("print (long)1e30", "= 9223372036854775807"), ("print (unsigned int)1e30", "= 4294967295"),
    ("print (long)-1e30", "= -9223372036854775808"), ("print (int)3e9", "= -1294967296"),
    ("print (unsigned long)1.5e19", "= 9223372036854775807"),
    ("print (long)(0.0/0)", "= 9223372036854775807"),
    ("printf \"%lx\\n\", 1e30", "7fffffffffffffff"),
  ])
  func `numbers beyond a long`(command: String, answer: String) throws {
    let run = try Self.commands(command)
    #expect((text(run.output) + text(run.errors)).contains(answer), "\(text(run.output))\(text(run.errors))")
    #expect(run.ending == .exited(0) || run.ending == .exited(1))
  }

  /// `printf "%.-5e6en",2` of the target `commands` trapped: a precision is no number with a sign.
  @Test(arguments: [
    ("printf \"%.-5e\\n\", 2.5", "Unrecognized format specifier '-' in printf"),
    ("printf \"%1-2d\\n\", 3", "Unrecognized format specifier '-' in printf"),
    ("printf \"%'d\\n\", 3", "Unrecognized format specifier ''' in printf"),
    ("printf \"%.*d\\n\", 3, 4", "`*' not supported for precision or width in printf"),
    ("printf \"%-05d|%+.2e\\n\", 3, 2.5", "3    |+2.50e+00"),
  ])
  func `conversions of printf`(command: String, answer: String) throws {
    let run = try Self.commands(command)
    #expect((text(run.output) + text(run.errors)).contains(answer), "\(text(run.output))\(text(run.errors))")
  }

  /// `list` of the last line that there can be trapped: the line after it is no number.
  @Test(arguments: [
    "list 9223372036854775807", "list 9223372036854775807,", "list ,9223372036854775807",
    "list +9223372036854775807",
    "list 1,9223372036854775807", "info line 9223372036854775807",
  ])
  func `the last line number`(command: String) throws {
    let run = try Self.commands(command, "list", "list -", "echo [end]")
    #expect(text(run.output).contains("[end]"), "\(text(run.output))\(text(run.errors))")
  }

  /// A source file may be anybody's: what is no text reaches a terminal escaped.
  @Test func `control bytes in a source file`() throws {
    let script = """
      cd "$1" && printf 'int main(void) {\\n  *(volatile int *)0 = 1; /* \\351 \\233 31m \\033[2J \\303\\251 */\\n}\\n' > a.c &&
      gcc -g -o a a.c && (ulimit -c unlimited; ./a); "$0" gdb -q -nx -batch -ex "list 2" a core*
      """
    let folder = try ScratchFolder()
    let run = try Command("bash", ["-c", script, Samples.coreview, folder.path]).run(seconds: 120)
    #expect(
      text(run.output).contains("/* \\351 \\233 31m ^[[2J é */"), "\(text(run.output))\(text(run.errors))")
    #expect(!run.output.contains { $0 < 0x20 && $0 != 0x0a && $0 != 0x09 || $0 == 0x7f })
  }

  /// An iterator that leads to itself was followed to the end of the stack: each makes its text anew, and counts no levels.
  @Test func `an iterator of itself`() throws {
    let source = """
      #include <cstdlib>
      #include <stack>
      namespace __gnu_cxx {
      template <> struct __normal_iterator<int, int> { __normal_iterator<int, int> *_M_current; };
      }
      typedef __gnu_cxx::__normal_iterator<int, int> Self;
      int f(Self a, Self &b) { Self c = a; abort(); return c._M_current != 0; }
      int main() { Self *self = new Self; self->_M_current = self; return f(*self, *self); }
      """
    let script = """
      cd "$1" && printf '%s' "$2" > a.cc && g++ -w -g -o a a.cc && (ulimit -c unlimited; ./a)
      "$0" gdb -q -nx -batch -ex "bt full" -ex "thread apply all bt full" a core*
      """
    let folder = try ScratchFolder()
    let run = try Command("bash", ["-c", script, Samples.coreview, folder.path, source]).run(seconds: 120)
    #expect(run.ending == .exited(0), "\(text(run.errors))")
    #expect(text(run.output).contains(" in main () at "), "\(text(run.output))\(text(run.errors))")
    #expect(text(run.output).contains("RecursionError"), "\(text(run.output))\(text(run.errors))")
  }

  /// `sh_entsize` of a symbol table or of relocations that no `Int` holds trapped: found by the target `debug`.
  @Test func `entries larger than any file`() throws {
    let script = """
      import sys, pathlib
      sys.path.insert(0, sys.argv[1])
      import mutate
      elf = mutate.Elf(pathlib.Path(sys.argv[2]).read_bytes())
      for section in elf.sections:
          at, size = next((at, size) for name, at, size in section["fields"] if name == "entsize")
          elf.put(at, size, (1 << 64) - 8)
      pathlib.Path(sys.argv[3]).write_bytes(elf.data)
      """
    let samples = try ConfinementTests.samples.get()
    let damaged = try ScratchFile([])
    let made = try Command(
      "python3", ["-c", script, FuzzTests.tools, samples.executable("ledger"), damaged.path]
    ).run(seconds: 60)
    #expect(made.ending == .exited(0), "\(text(made.errors))")
    let run = try Command(Samples.coreview, [damaged.path, samples.core("ledger")]).run(seconds: 60)
    #expect(!text(run.errors).contains("was ended by"), "\(text(run.errors))")
    #expect(text(run.output).contains("#0  "), "\(text(run.output))")
  }
}
