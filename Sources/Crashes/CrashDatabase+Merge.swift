internal import GRDB

extension CrashDatabase {
  /// Takes over what another database holds.
  ///
  /// A core that both know is kept as the younger file has it. A bucket is new afterwards if it is new in each
  /// database that has it; a mark of a fix is kept, the latest of several.
  package func merge(_ other: CrashDatabase) throws(CrashDatabaseError) {
    let generator = "merge"
    do {
      try queue.write { db in
        // Two runs: what was known before the last run of each part, and what those found.
        for id in [1, 2] {
          try db.execute(
            sql: "INSERT OR IGNORE INTO run (id, started, finished, generator) VALUES (?, 0, 0, ?)",
            arguments: [id, generator])
        }
        try other.queue.read { source in
          let last = try Int64.fetchOne(source, sql: "SELECT max(id) FROM run") ?? 0
          let buckets = try Row.fetchCursor(source, sql: "SELECT * FROM bucket")
          while let row = try buckets.next() {
            let run: Int64 = row["run"]
            try db.cachedStatement(
              sql: """
                INSERT INTO bucket (signature, signal, title, frames, run, fixed) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET run = min(run, excluded.run),
                  fixed = coalesce(max(fixed, excluded.fixed), fixed, excluded.fixed)
                """
            ).execute(arguments: [
              row["signature"] as String, row["signal"] as String, row["title"] as String,
              row["frames"] as String,
              run == last ? 2 : 1, row["fixed"] as Int64?,
            ])
          }
          let crashes = try Row.fetchCursor(source, sql: "SELECT * FROM crash")
          while let row = try crashes.next() {
            let run: Int64 = row["run"]
            try db.cachedStatement(
              sql: """
                INSERT INTO crash (path, size, modified, outcome, problem, program, executable, build_id, signal, reason,
                  signature, pid, threads, run, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET size = excluded.size, modified = excluded.modified,
                  outcome = excluded.outcome, problem = excluded.problem, program = excluded.program,
                  executable = excluded.executable, build_id = excluded.build_id, signal = excluded.signal,
                  reason = excluded.reason, signature = excluded.signature, pid = excluded.pid,
                  threads = excluded.threads, run = excluded.run, report = excluded.report
                  WHERE excluded.modified > crash.modified
                """
            ).execute(arguments: [
              row["path"] as String, row["size"] as Int64, row["modified"] as Int64, row["outcome"] as String,
              row["problem"] as String, row["program"] as String, row["executable"] as String,
              row["build_id"] as String, row["signal"] as String, row["reason"] as String,
              row["signature"] as String?, row["pid"] as Int64, row["threads"] as Int64, run == last ? 2 : 1,
              row["report"] as String?,
            ])
          }
        }
      }
    } catch {
      throw CrashDatabaseError(path, error)
    }
  }
}
