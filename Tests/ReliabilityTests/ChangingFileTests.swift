import GDBOracle
import Testing

/// Files that shrink while they are read. libelf maps executables and debug files, and a page that is gone raises SIGBUS:
/// the child may die of it, the report may not.
@Suite struct ChangingFileTests {
  /// Stops the reader at its N-th read, cuts the executable, the core or both, and lets it go on.
  static let script = """
    exe=$1 core=$2 at=$3 folder=$(mktemp -d); shift 3
    for cut in exe core "exe core"; do
      cp "$exe" $folder/exe; cp "$core" $folder/core
      strace -f -o /dev/null -e inject=pread64:signal=STOP:when=$at "$0" "$@" $folder/exe $folder/core \\
        > $folder/out 2> $folder/err & tracer=$!
      while kill -0 $tracer 2> /dev/null; do
        # The tracer's child is coreview, its child the reader.
        for task in $(cat /proc/$tracer/task/$tracer/children 2> /dev/null); do
          for reader in $(cat /proc/$task/task/$task/children 2> /dev/null); do
            grep -q '^State:.*[Tt] (' /proc/$reader/status 2> /dev/null && {
              (cd $folder && truncate -s 5000 $cut)
              kill -CONT $reader 2> /dev/null
            }
          done
        done
        sleep 0.02
      done
      wait $tracer; echo "$cut: $? $(grep -c . $folder/err) $(wc -c < $folder/out)"
    done
    rm -rf $folder
    """

  @Test(arguments: [5, 12, 20, 28, 40])
  func `a report and an exit code, wherever the files are cut`(read: Int) throws {
    let samples = try ConfinementTests.samples.get()
    let run = try Command(
      "timeout",
      [
        "100", "bash", "-c", Self.script, Samples.coreview, samples.executable("overflow"),
        samples.core("overflow"), "\(read)",
      ]
    ).run(seconds: 120)
    let lines = text(run.output).split(separator: "\n")
    #expect(lines.count == 3, "\(lines) \(text(run.errors))")
    for line in lines {
      let words = line.split(separator: ":")[1].split(separator: " ").compactMap { Int($0) }
      // Never a signal (128 and more), never silent about what is missing.
      #expect((0...2).contains(words[0]), "\(line)")
      #expect(words[0] == 0 || words[1] > 0, "\(line)")
    }
  }

  /// gdb's face has no child: SIGBUS ends it in order, with a line. It comes where the executable has been mapped and its
  /// symbols have not been read; elsewhere the answer is whole.
  @Test func `gdb's face ends with a line`() throws {
    let script = """
      folder=$(mktemp -d)
      for at in 4 6 8 10 12 14 16 18; do
        cp "$1" $folder/exe; cp "$2" $folder/core
        strace -o /dev/null -e inject=pread64:signal=STOP:when=$at "$0" gdb -q -nx -batch -ex "bt full" $folder/exe $folder/core \
          > $folder/out 2> $folder/err & tracer=$!
        while kill -0 $tracer 2> /dev/null; do
          for reader in $(cat /proc/$tracer/task/$tracer/children 2> /dev/null); do
            grep -q '^State:.*[Tt] (' /proc/$reader/status 2> /dev/null && {
              truncate -s 5000 $folder/exe; kill -CONT $reader 2> /dev/null
            }
          done
          sleep 0.02
        done
        wait $tracer; echo "$? $(grep -c 'a file was cut or could not be read (SIGBUS)' $folder/err)"
      done
      rm -rf $folder
      """
    let samples = try ConfinementTests.samples.get()
    let run = try Command(
      "timeout",
      [
        "100", "bash", "-c", script, Samples.coreview, samples.executable("overflow"),
        samples.core("overflow"),
      ]
    ).run(seconds: 120)
    let lines = text(run.output).split(separator: "\n").map(String.init)
    #expect(lines.count == 8, "\(lines) \(text(run.errors))")
    #expect(lines.contains("1 1"), "\(lines)")
    #expect(lines.allSatisfy { $0 == "1 1" || $0 == "0 0" }, "\(lines)")
  }
}
