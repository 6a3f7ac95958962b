import GDBOracle
import Testing

/// What fuzzing found, in its smallest form.
@Suite struct FindingTests {
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
    let samples = try ConfinementTests.samples.get()
    let run = try Command(
      Samples.coreview,
      [
        "gdb", "-q", "-nx", "-batch", "-ex", command, samples.executable("overflow"),
        samples.core("overflow"),
      ]
    ).run(seconds: 60)
    #expect((text(run.output) + text(run.errors)).contains(answer), "\(text(run.output))\(text(run.errors))")
    #expect(run.ending == .exited(0) || run.ending == .exited(1))
  }
}
