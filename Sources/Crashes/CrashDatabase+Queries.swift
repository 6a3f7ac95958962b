internal import GRDB
package import Reporting

/// A crash of the database.
package struct StoredCrash: Sendable, Equatable {
  package var id: Int64 = 0
  package var path = ""
  package var modified: Int64 = 0
  package var outcome = ""
  package var problem = ""
  package var program = ""
  package var executable = ""
  package var buildID = ""
  package var reason = ""
  package var signature: String?
  package var pid: Int64 = 0
  package var threads: Int64 = 0
  /// The report as one line of JSON; `nil` where it was not kept.
  package var report: String?

  init(_ row: Row) {
    id = row["id"]
    path = row["path"]
    modified = row["modified"]
    outcome = row["outcome"]
    problem = row["problem"]
    program = row["program"]
    executable = row["executable"]
    buildID = row["build_id"]
    reason = row["reason"]
    signature = row["signature"]
    pid = row["pid"]
    threads = row["threads"]
    report = row["report"]
  }
}

/// How many cores there are of each outcome.
package struct CrashCounts: Sendable, Equatable {
  package var complete = 0
  package var incomplete = 0
  package var failed = 0
}

extension CrashDatabase {
  /// The buckets, those with most cores first; new ones are those of this run, or of the last.
  package func buckets() throws(CrashDatabaseError) -> [Bucket] {
    let current = run
    return try look { db in
      let last = try current != 0 ? current : Int64.fetchOne(db, sql: "SELECT max(id) FROM run") ?? 0
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT b.signature, b.signal, b.title, b.frames, b.run AS first_run, b.fixed, count(*) AS count,
            min(c.modified) AS first, max(c.modified) AS last
          FROM bucket b JOIN crash c ON c.signature = b.signature
          GROUP BY b.signature ORDER BY count DESC, b.signature
          """)
      let example = try db.makeStatement(
        sql: "SELECT path, reason FROM crash WHERE signature = ? ORDER BY modified, path LIMIT 1")
      var result: [Bucket] = []
      while let row = try rows.next() {
        var bucket = Bucket()
        bucket.signature = row["signature"]
        bucket.signal = row["signal"]
        bucket.title = row["title"]
        let frames: String = row["frames"]
        bucket.frames = frames.split(separator: "\n").map(String.init)
        bucket.count = row["count"]
        bucket.firstSeen = row["first"]
        bucket.lastSeen = row["last"]
        let firstRun: Int64 = row["first_run"]
        let fixed: Int64? = row["fixed"]
        if let fixed {
          bucket.state = bucket.lastSeen > fixed ? .regressed : .fixed
        } else {
          bucket.state = firstRun == last ? .new : .known
        }
        result.append(bucket)
      }
      for index in result.indices {
        if let row = try Row.fetchOne(example, arguments: [result[index].signature]) {
          result[index].example = row[0]
          result[index].reason = row[1]
        }
      }
      return result
    }
  }

  /// What the last run, or this one, met; files that are no cores do not count.
  package func counts(ofThisRun isThisRun: Bool) throws(CrashDatabaseError) -> CrashCounts {
    let current = run
    return try look { db in
      var counts = CrashCounts()
      let rows = try Row.fetchCursor(
        db, sql: "SELECT outcome, count(*) FROM crash WHERE ? = 0 OR run = ? GROUP BY outcome",
        arguments: [isThisRun ? 1 : 0, current])
      while let row = try rows.next() {
        let outcome: String = row[0]
        switch outcome {
        case "complete": counts.complete = row[1]
        case "incomplete": counts.incomplete = row[1]
        case "failed": counts.failed = row[1]
        default: break
        }
      }
      return counts
    }
  }

  /// The crash with a number.
  package func crash(_ id: Int64) throws(CrashDatabaseError) -> StoredCrash? {
    try look { db in
      try Row.fetchOne(db, sql: "SELECT * FROM crash WHERE id = ?", arguments: [id]).map(StoredCrash.init)
    }
  }

  /// The crashes of a bucket, oldest first, those with a report before the others of the same time.
  package func crashes(of signature: String, limit: Int) throws(CrashDatabaseError) -> [StoredCrash] {
    try look { db in
      try Row.fetchAll(
        db,
        sql: "SELECT * FROM crash WHERE signature = ? ORDER BY modified, report IS NULL, path LIMIT ?",
        arguments: [signature, limit]
      ).map(StoredCrash.init)
    }
  }

  /// The report that was kept of a bucket, of any of its crashes.
  package func report(of signature: String) throws(CrashDatabaseError) -> String? {
    try look { db in
      try String.fetchOne(
        db,
        sql:
          "SELECT report FROM crash WHERE signature = ? AND report IS NOT NULL ORDER BY modified, path LIMIT 1",
        arguments: [signature])
    }
  }

  /// The cores that could not be read, by path.
  package func failures(limit: Int) throws(CrashDatabaseError) -> [StoredCrash] {
    try look { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM crash WHERE outcome = 'failed' ORDER BY path LIMIT ?", arguments: [limit]
      ).map(StoredCrash.init)
    }
  }

  /// The signatures that begin with some digits.
  package func signatures(from prefix: String) throws(CrashDatabaseError) -> [String] {
    try look { db in
      try String.fetchAll(
        db, sql: "SELECT signature FROM bucket WHERE substr(signature, 1, ?) = ? ORDER BY signature",
        arguments: [prefix.count, prefix])
    }
  }
}
