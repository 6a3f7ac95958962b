package import Batch
internal import GRDB

/// Why the database could not be used, as one sentence.
package struct CrashDatabaseError: Error, Sendable, CustomStringConvertible {
  package var description: String

  init(_ path: String, _ error: any Error) {
    if let error = error as? DatabaseError {
      description =
        "\(path): \(error.message ?? "the database cannot be used") (SQLite \(error.resultCode.rawValue))"
    } else {
      description = "\(path): \(error)"
    }
  }

  init(_ sentence: String) { description = sentence }
}

/// The crashes that were seen, and the buckets that they fall into: one SQLite file.
///
/// Only used from one thread, without waiting: each call is one transaction, which is in the file or is not.
package final class CrashDatabase {
  package let path: String
  let queue: DatabaseQueue
  /// The run that crashes are noted under; 0 where the database is only read.
  package private(set) var run: Int64 = 0

  /// Opens a file, and makes it where there is none; `nil` keeps all in memory.
  package init(path: String?, isReadOnly: Bool = false) throws(CrashDatabaseError) {
    self.path = path ?? "memory"
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(30)
      configuration.readonly = isReadOnly
      if let path {
        queue = try DatabaseQueue(path: path, configuration: configuration)
        if !isReadOnly {
          try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
          }
        }
      } else {
        queue = try DatabaseQueue(configuration: configuration)
      }
      if !isReadOnly { try Schema.migrator.migrate(queue) }
    } catch {
      throw CrashDatabaseError(path ?? "memory", error)
    }
  }

  func perform<Result>(_ body: (Database) throws -> Result) throws(CrashDatabaseError) -> Result {
    do { return try queue.write(body) } catch { throw CrashDatabaseError(path, error) }
  }

  func look<Result>(_ body: (Database) throws -> Result) throws(CrashDatabaseError) -> Result {
    do { return try queue.read(body) } catch { throw CrashDatabaseError(path, error) }
  }

  // MARK: Runs

  /// Begins a run, or goes on with the one that was interrupted: what that found first is still new.
  package func beginRun(generator: String, now: Int64) throws(CrashDatabaseError) {
    run = try perform { db in
      if let open = try Int64.fetchOne(db, sql: "SELECT max(id) FROM run WHERE finished IS NULL") {
        return open
      }
      try db.execute(
        sql: "INSERT INTO run (started, generator) VALUES (?, ?)", arguments: [now, generator])
      return db.lastInsertedRowID
    }
  }

  package func finishRun(now: Int64) throws(CrashDatabaseError) {
    try perform { db in
      try db.execute(sql: "UPDATE run SET finished = ? WHERE id = ?", arguments: [now, run])
    }
  }

  // MARK: Writing

  /// Of several cores those that are not in the database, or have changed since.
  package func unknown(
    _ candidates: [CoreCandidate], retriesFailed: Bool
  ) throws(CrashDatabaseError) -> [CoreCandidate] {
    try look { db in
      let statement = try db.makeStatement(
        sql: "SELECT size, modified, outcome FROM crash WHERE path = ?")
      return try candidates.filter { candidate in
        guard let row = try Row.fetchOne(statement, arguments: [candidate.path]) else { return true }
        let size: Int64 = row[0]
        let modified: Int64 = row[1]
        let outcome: String = row[2]
        return size != Int64(clamping: candidate.size) || modified != candidate.modified
          || retriesFailed && outcome == CrashRecord.Outcome.failed.name
      }
    }
  }

  /// Notes several crashes at once.
  package func note(_ crashes: [(CoreCandidate, CrashRecord)]) throws(CrashDatabaseError) {
    guard !crashes.isEmpty else { return }
    try perform { db in
      let bucket = try db.cachedStatement(
        sql: """
          INSERT INTO bucket (signature, signal, title, frames, run) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO NOTHING
          """)
      let crash = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO crash (path, size, modified, outcome, problem, program, executable, build_id, signal,
            reason, signature, pid, threads, run, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      for (candidate, record) in crashes {
        let signature = record.signature.isEmpty ? nil : record.signature
        if let signature {
          try bucket.execute(arguments: [signature, record.signal, record.title, record.frames, run])
        }
        try crash.execute(arguments: [
          candidate.path, Int64(clamping: candidate.size), candidate.modified, record.outcome.name,
          record.problem,
          record.program, record.executable, record.buildID, record.signal, record.reason, signature,
          record.pid,
          record.threads, run, record.report.isEmpty ? nil : Blob(bytes: record.report),
        ])
      }
    }
  }

  /// Marks a bucket as fixed from a time on, or takes the mark away; `false` if there is none of this signature.
  package func mark(_ signature: String, fixed: Int64?) throws(CrashDatabaseError) -> Bool {
    try perform { db in
      try db.execute(
        sql: "UPDATE bucket SET fixed = ? WHERE signature = ?", arguments: [fixed, signature])
      return db.changesCount > 0
    }
  }
}

/// Bytes on their way into a BLOB.
struct Blob: DatabaseValueConvertible {
  var bytes: [UInt8]

  var databaseValue: DatabaseValue { String(decoding: bytes, as: UTF8.self).databaseValue }

  static func fromDatabaseValue(_ value: DatabaseValue) -> Blob? {
    String.fromDatabaseValue(value).map { Blob(bytes: Array($0.utf8)) }
  }
}
