internal import ArgumentParser
internal import Arguments
internal import Batch
internal import Bytes
internal import Crashes

/// `coreview batch`: what is asked for.
struct BatchCommand: Answering {
  static let configuration = CommandConfiguration(
    commandName: "coreview batch",
    abstract: "Analyses many cores, and puts those that are the same crash together.",
    discussion: """
      Finds cores below folders (compressed ones too), analyses each in a child process, and ends with a table of \
      buckets. With --db what was found stays: a further run analyses only what is new, and one that was \
      interrupted goes on where it was.

      Exit status: 0 all cores were read in full; 1 something is missing or failed; 2 nothing could be read; \
      3 --fail-on found something; 64 the command line is wrong.
      """)

  @Argument(
    help: ArgumentHelp(
      "Cores, folders of cores, or - for a list of them on standard input.", valueName: "path"))
  var paths: [String] = []

  @Option(help: ArgumentHelp("The database; made (mode 0600) where there is none.", valueName: "file"))
  var db: String?

  @Option(name: .customShort("j"), help: ArgumentHelp("Children at a time.", valueName: "n"))
  var children = 1

  @Option(help: ArgumentHelp("Seconds for one core.", valueName: "seconds"))
  var timeout = 60

  @Option(help: ArgumentHelp("Address space of a child.", valueName: "MiB"))
  var memory = 4096

  @Option(
    help: ArgumentHelp(
      "Only this part of the cores, I from 0; auto takes the place that Slurm or Kubernetes gave.",
      valueName: "I/N"))
  var shard: String?

  @Flag(help: "Go on with an interrupted run; with --db that is so in any case.")
  var resume = false

  @Flag(help: "Try cores again that failed before.")
  var retryFailed = false

  @Option(help: ArgumentHelp("Write the buckets to this file.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Write the report of each core to this file, one line each.", valueName: "file"))
  var ndjson: String?

  @Option(
    help: ArgumentHelp(
      "End with 3 if there are buckets of these states: new, regressed.", valueName: "states"))
  var failOn: String?

  @Flag(help: "Keep the command line and strings in arguments, which are masked otherwise.")
  var noRedact = false

  @OptionGroup(title: "Files")
  var search: SearchArguments

  func validate() throws {
    if paths.isEmpty { throw ValidationError("Name cores, a folder of cores, or - for standard input.") }
    guard (1...256).contains(children) else { throw ValidationError("-j takes 1 to 256.") }
    guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout takes 1 to 86400 seconds.") }
    guard memory >= 64, memory <= 1 << 30 else { throw ValidationError("--memory takes 64 MiB or more.") }
    if let shard, Shard(shard, variable: HostProcess.variable) == nil {
      throw ValidationError(
        shard.hasPrefix("auto")
          ? "--shard \(shard): neither SLURM_ARRAY_TASK_ID and _COUNT nor JOB_COMPLETION_INDEX (with auto/N) say which."
          : "--shard takes I/N, I from 0 to N-1.")
    }
    for state in failStates where state != "new" && state != "regressed" {
      throw ValidationError("--fail-on takes new, regressed or both with a comma.")
    }
    if resume, db == nil { throw ValidationError("--resume needs --db.") }
  }

  var failStates: [String] { failOn?.split(separator: ",").map(String.init) ?? [] }

  /// What the children are told.
  var workerArguments: [String] {
    var result = ["batch-worker", "--memory=\(memory)", "--timeout=\(timeout)"]
    if noRedact { result.append("--no-redact") }
    if ndjson != nil { result.append("--all-reports") }
    return result + search.words
  }

  func answer() throws -> Ending { try BatchRun(self).run() }

  /// `--shard` without a value is `--shard auto`.
  static func normalized(_ arguments: [String]) -> [String] {
    var result: [String] = []
    for (index, argument) in arguments.enumerated() {
      result.append(argument)
      guard argument == "--shard" else { continue }
      let next = index + 1 < arguments.count ? arguments[index + 1] : ""
      let isValue =
        next.hasPrefix("auto") || next.split(separator: "/").count == 2 && next.first?.isNumber == true
      if !isValue { result.append("auto") }
    }
    return result
  }
}
