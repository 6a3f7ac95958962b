internal import GRDB

/// The tables, and how older ones become them.
enum Schema {
  /// Each migration is for ever as it was released; a change is a new one.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(
        sql: """
          CREATE TABLE run (
            id INTEGER PRIMARY KEY, started INTEGER NOT NULL, finished INTEGER, generator TEXT NOT NULL);
          CREATE TABLE bucket (
            signature TEXT PRIMARY KEY, signal TEXT NOT NULL, title TEXT NOT NULL, frames TEXT NOT NULL,
            run INTEGER NOT NULL, fixed INTEGER) WITHOUT ROWID;
          CREATE TABLE crash (
            id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, modified INTEGER NOT NULL,
            outcome TEXT NOT NULL, problem TEXT NOT NULL, program TEXT NOT NULL, executable TEXT NOT NULL,
            build_id TEXT NOT NULL, signal TEXT NOT NULL, reason TEXT NOT NULL, signature TEXT,
            pid INTEGER NOT NULL, threads INTEGER NOT NULL, run INTEGER NOT NULL, report TEXT);
          CREATE INDEX crash_by_signature ON crash (signature, modified);
          """)
    }
    return migrator
  }
}
