internal import ArgumentParser
internal import Bytes
internal import Crashes
internal import Rendering
internal import Reporting
internal import Signatures

/// The database that a command asks.
struct DatabaseArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The database.", valueName: "file"))
  var db: String

  func open() throws -> CrashDatabase { try Self.open(db) }

  /// A database that is there: asking makes none.
  static func open(_ path: String) throws -> CrashDatabase {
    guard FileStatus(path: path) != nil else { throw FileError(path: path, problem: .system(errno: 2)) }
    return try CrashDatabase(path: path)
  }
}

extension CrashDatabase {
  /// The buckets, each with the one that it is nearly the same as.
  func clusteredBuckets() throws -> [Bucket] {
    var result = try buckets()
    Clusters.name(&result)
    return result
  }
}

/// `coreview buckets`: the table of a database.
struct BucketsCommand: Answering {
  static let configuration = CommandConfiguration(
    commandName: "coreview buckets", abstract: "Shows the buckets of a database, or marks one as fixed.")

  @OptionGroup var database: DatabaseArguments

  @Flag(help: "Print JSON.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Mark as fixed now: cores that are written later make it regressed.", valueName: "signature"))
  var fixed: String?

  @Option(help: ArgumentHelp("Take the mark away.", valueName: "signature"))
  var notFixed: String?

  func answer() throws -> Ending {
    let database = try database.open()
    for (prefix, time) in [(fixed, HostProcess.time &* 1_000_000_000 as Int64?), (notFixed, nil)] {
      guard let prefix else { continue }
      let signatures = try database.signatures(from: prefix)
      guard signatures.count == 1, try database.mark(signatures[0], fixed: time) else {
        Console.complain(
          "\(prefix): \(signatures.isEmpty ? "no bucket" : "several buckets") of this signature")
        return .nothing
      }
    }
    let buckets = try database.clusteredBuckets()
    if json {
      var isAlive = true
      BucketRenderer.json(buckets) { text in isAlive = text.flush(to: 1) && isAlive }
      return isAlive ? .complete : .nothing
    }
    var table = BucketRenderer.table(buckets)
    return table.flush(to: 1) ? .complete : .nothing
  }
}

/// `coreview show ID`: a crash by its number, or a bucket by its signature.
struct ShowCommand: Answering {
  static let configuration = CommandConfiguration(
    commandName: "coreview show",
    abstract: "Shows a bucket by its signature (or the start of it), or a crash by its number.")

  @Argument(help: ArgumentHelp("A signature, or a number.", valueName: "id"))
  var id: String

  @OptionGroup var database: DatabaseArguments

  @Flag(help: "Print the report that was kept, as JSON.")
  var json = false

  /// Crashes of a bucket that are listed.
  private static let maximumCrashes = 50

  func answer() throws -> Ending {
    let database = try database.open()
    let signatures = id.count >= 4 ? try database.signatures(from: id) : []
    if signatures.count > 1 {
      Console.complain("\(id): begins several signatures: " + signatures.joined(separator: ", "))
      return .nothing
    }
    if let signature = signatures.first { return try show(bucket: signature, database) }
    guard let number = Int64(id), let crash = try database.crash(number) else {
      Console.complain("\(id): no bucket and no crash of this name")
      return .nothing
    }
    return try show(crash, database)
  }

  private func show(bucket signature: String, _ database: CrashDatabase) throws -> Ending {
    if json { return try printReport(database.report(of: signature)) }
    guard let bucket = try database.buckets().first(where: { $0.signature == signature }) else {
      return .nothing
    }
    var lines = ["\(bucket.signature): \(bucket.signal) \(bucket.title)", "Reason: \(bucket.reason)"]
    lines.append("State: \(bucket.state.rawValue); \(bucket.count) cores")
    lines += bucket.frames.enumerated().map { "#\($0.offset) \($0.element)" }
    lines.append("Crashes:")
    for crash in try database.crashes(of: signature, limit: Self.maximumCrashes) {
      lines.append("  \(crash.id)  \(crash.path)")
    }
    if bucket.count > Self.maximumCrashes { lines.append("  … \(bucket.count - Self.maximumCrashes) more") }
    return lines.allSatisfy(Console.print) ? .complete : .nothing
  }

  private func show(_ crash: StoredCrash, _ database: CrashDatabase) throws -> Ending {
    if json {
      return try printReport(crash.report ?? crash.signature.flatMap { try database.report(of: $0) })
    }
    var lines = ["\(crash.id): \(crash.path)", "Outcome: \(crash.outcome)"]
    for (name, value) in [
      ("Problem", crash.problem), ("Program", crash.program), ("Executable", crash.executable),
      ("Build ID", crash.buildID), ("Reason", crash.reason), ("Signature", crash.signature ?? ""),
    ] where !value.isEmpty {
      lines.append("\(name): \(value)")
    }
    lines.append("PID: \(crash.pid), threads: \(crash.threads)")
    return lines.allSatisfy(Console.print) ? .complete : .nothing
  }

  private func printReport(_ report: String?) throws -> Ending {
    guard let report else {
      Console.complain("\(id): no report was kept")
      return .nothing
    }
    var text = TextBuffer()
    text.append(report)
    text.append("\n")
    return text.flush(to: 1) ? .complete : .nothing
  }
}

/// `coreview merge`: databases of shards into one.
struct MergeCommand: Answering {
  static let configuration = CommandConfiguration(
    commandName: "coreview merge", abstract: "Joins the databases of several runs, such as shards, into one.")

  @Argument(help: ArgumentHelp("Databases.", valueName: "file"))
  var databases: [String]

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp("The database to write; what is in it stays.", valueName: "file"))
  var output: String

  func answer() throws -> Ending {
    let parts = try databases.map { try DatabaseArguments.open($0) }
    try PrivateFile.make(output)
    let target = try CrashDatabase(path: output)
    for part in parts { try target.merge(part) }
    var table = BucketRenderer.table(try target.clusteredBuckets())
    return table.flush(to: 1) ? .complete : .nothing
  }
}
