import GDBOracle
import Testing

/// Expressions in gdb and in `coreview gdb`, command by command: hundreds of them for each language, made by
/// crossing values, operators and formats (`expressions/*-generated.txt`) or written by hand.
///
/// Both tools read one core that the kernel writes here. What coreview answers otherwise than gdb is not in the
/// lists; `expressions/README.md` names it with the reason.
@Suite struct EvaluationTests {
  struct Program: Sendable {
    var source: String
    var compiler: [String]
  }

  struct Case: Sendable, CustomStringConvertible {
    var list: String
    var program: String
    /// Options of gdb: its Python printers have tests of their own.
    var options: [String] = []
    var first: [String] = []
    var description: String { list }
  }

  static let programs = [
    "types": Program(source: "types.c", compiler: ["gcc", "-g", "-O0", "-w"]),
    "cls": Program(source: "cls.cc", compiler: ["g++", "-g", "-O0", "-w"]),
    "refs": Program(source: "refs.cc", compiler: ["g++", "-g", "-O0", "-w"]),
    "rs": Program(source: "rs.rs", compiler: ["rustc", "-g", "-A", "warnings"]),
  ]

  static let cases = [
    Case(list: "c-hand", program: "types"), Case(list: "c-settings", program: "types"),
    Case(list: "c-generated", program: "types"), Case(list: "c-source", program: "types"),
    Case(list: "cxx-hand", program: "cls", options: ["-iex", "set auto-load python-scripts off"]),
    Case(list: "cxx-generated", program: "cls", options: ["-iex", "set auto-load python-scripts off"]),
    // References to the library's types, some of them to nothing, with the library's printers.
    Case(list: "cxx-references", program: "refs", first: ["up 4"]),
    Case(list: "rust-generated", program: "rs", first: ["frame function rs::crash"]),
  ]

  private static let sources = "\(Samples.repository)/Tests/EvaluationTests"
  private static let folder = "\(Samples.repository)/.build/evaluation-tests"

  /// The programs with their cores, made once.
  private static let cores = Result { () throws(Command.Failure) in
    for (name, program) in programs {
      let compile = (program.compiler + ["-o", name, "\(sources)/programs/\(program.source)"])
        .joined(separator: " ")
      // The program dies by design; what it leaves is the core, by the kernel's `core` pattern.
      let script = """
        mkdir -p '\(folder)/\(name)' && cd '\(folder)/\(name)' && rm -f core core.* && \(compile) &&
        ulimit -c unlimited && (./\(name) >/dev/null 2>&1; true) && mv core* \(name).core
        """
      let run = try Command("sh", ["-c", script]).run(seconds: 300)
      guard run.ending == .exited(0) else {
        throw Command.Failure(description: "\(name): \(run.ending)\n\(text(run.errors))")
      }
    }
  }

  @Test(arguments: cases)
  func `every expression is answered as gdb answers it`(_ given: Case) throws {
    try Self.cores.get()
    let commands =
      given.first + (try lines(of: "\(Self.sources)/expressions/\(given.list).txt")).filter { !$0.isEmpty }
    #expect(commands.count > 100)
    let theirs = try Self.answers(of: ["gdb"], commands, given)
    let ours = try Self.answers(of: [Samples.coreview, "gdb"], commands, given)
    #expect(theirs.count == commands.count)
    #expect(ours.count == commands.count)
    for (index, command) in commands.enumerated() where index < theirs.count && index < ours.count {
      #expect(ours[index] == theirs[index], "\(command)")
    }
  }

  /// What a tool prints for each command, errors and all.
  private static func answers(of tool: [String], _ commands: [String], _ given: Case) throws -> [String] {
    let mark = "=-=-= next =-=-="
    var words = tool.dropFirst() + ["-q", "-nx", "-batch"] + given.options
    for command in commands { words += ["-ex", "echo \\n\(mark)\\n", "-ex", command] }
    words += ["-ex", "echo \\n\(mark)\\n"]
    let home = "\(folder)/\(given.program)"
    words += ["\(home)/\(given.program)", "\(home)/\(given.program).core"]
    // Errors stand where they occur only if both streams are one.
    let run = try Command("sh", ["-c", "exec \"$@\" 2>&1", "sh", tool[0]] + words).run(seconds: 300)
    var parts: [String] = []
    var current: [Substring] = []
    for line in text(run.output).split(separator: "\n", omittingEmptySubsequences: false) {
      if line == mark {
        parts.append(current.joined(separator: "\n"))
        current = []
      } else {
        current.append(line)
      }
    }
    return Array(parts.dropFirst())
  }

  // MARK: Hostile

  /// Nothing that can be written takes long, grows without bound, or ends in a trap.
  @Test func `deep, huge and broken expressions end in a sentence`() throws {
    try Self.cores.get()
    let deep = String(repeating: "(", count: 20_000) + "1" + String(repeating: ")", count: 20_000)
    let commands = [
      "p " + deep, "p " + String(repeating: "-", count: 30_000) + "1",
      "p " + String(repeating: "*", count: 9_000) + "bp",
      "p rep[1]@9999999999", "p rep[1]@2147483647", "p *(char(*)[9223372036854775807])rep",
      "p sizeof(int[4611686018427387904])",
      "p rep[9223372036854775807]", "p &rep[9223372036854775807]", "x/2147483647xb 0",
      "p (char)1 << 999999999999",
      "p -9223372036854775807 - 1", "p (-9223372036854775807 - 1) / -1", "p (-9223372036854775807 - 1) % -1",
      "p -(-9223372036854775807 - 1)", "p 'types.c'::nosuch", "p (int)1e400", "p (long)1e300",
      "ptype int" + String(repeating: "*", count: 500),
      "p ((((((", "p a<b<c<d<e<", "p $" + String(repeating: "9", count: 400),
      "p \"" + String(repeating: "x", count: 60_000) + "\"",
      "printf \"%99999999d\\n\", 1", "printf \"%.99999999f\\n\", 1.5", "output rep@100000", "x/s -1",
      "x/-5s 3",
      "p -elements 0 -- global_buf", "p *cur->next->next->next", "p/x *(char(*)[70000])rep",
      "whatis *(int(*)[3][4][5][6])rep",
    ]
    var words = ["gdb", "-q", "-nx", "-batch"]
    for command in commands { words += ["-ex", command] }
    let home = "\(Self.folder)/types"
    let run = try Command(
      Samples.coreview, words + ["-ex", "echo the end", "\(home)/types", "\(home)/types.core"]
    )
    .run(seconds: 120)
    #expect(run.ending == .exited(0))
    #expect(text(run.output).hasSuffix("the end"))
    #expect(text(run.errors).contains("value requires 70000 bytes, which is more than max-value-size"))
    #expect(text(run.errors).contains("Invalid number"))
  }
}
