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
}
