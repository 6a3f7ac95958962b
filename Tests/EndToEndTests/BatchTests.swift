import GDBOracle
import Testing

/// `coreview batch` on cores that the kernel wrote: buckets, interruptions, poison, shards.
@Suite struct BatchTests {
  private static let crowd = Result { () throws(Command.Failure) in try Crowd() }

  private static func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (output: String, errors: String, ending: Command.Ending) {
    let all = Command.plainEnvironment().merging(environment) { $1 }
    let run = try Command(Samples.coreview, arguments, environment: all).run(seconds: 120)
    return (text(run.output), text(run.errors), run.ending)
  }

  /// The buckets of a database as JSON.
  private static func buckets(_ database: String) throws -> String {
    let run = try Self.run(["buckets", "--db", database, "--json"])
    #expect(run.ending == .exited(0), "\(run.errors)")
    return run.output
  }

  @Test func `ten crash sites are ten buckets, and a second run has nothing to do`() throws {
    let crowd = try Self.crowd.get()
    let folder = try ScratchFolder()
    let db = "\(folder.path)/crashes.sqlite"
    let first = try Self.run(["batch", crowd.cores, "--db", db, "--fail-on", "new"])
    #expect(
      first.output.contains(
        "\(Crowd.count) cores: 10 buckets (10 new, 0 regressed); \(Crowd.count) analysed now"))
    #expect(first.ending == .exited(3))
    let mode = try Command("stat", ["-c", "%a", db]).run(seconds: 10)
    #expect(text(mode.output) == "600\n")
    for line in first.output.split(separator: "\n").dropFirst().prefix(10) {
      #expect(line.split(separator: " ").first == "\(Crowd.perSite)", "\(line)")
    }
    let second = try Self.run(["batch", crowd.cores, "--db", db, "--fail-on", "new"])
    #expect(second.output.contains("10 buckets (0 new, 0 regressed); 0 analysed now"))
    #expect(second.ending == .exited(0))
  }

  @Test func `what was killed goes on where it was`() throws {
    let crowd = try Self.crowd.get()
    let folder = try ScratchFolder()
    let db = "\(folder.path)/crashes.sqlite"
    // Killed when half of the cores are done, as its log says.
    let script = """
      exec 3< <("$1" batch "$3" --db "$2" 2>&1 > /dev/null & echo $!; wait)
      read -u 3 pid
      while read -u 3 line; do case "$line" in *": 20 of "*) kill -9 $pid; exit 0;; esac; done
      exit 1
      """
    let killed = try Command("bash", ["-c", script, "bash", Samples.coreview, db, crowd.cores]).run(
      seconds: 60)
    #expect(killed.ending == .exited(0), "\(text(killed.errors))")
    let run = try Self.run(["batch", crowd.cores, "--db", db, "--resume", "--fail-on", "new"])
    // What the killed run found first is still new.
    #expect(run.output.contains("\(Crowd.count) cores: 10 buckets (10 new, 0 regressed)"), "\(run.output)")
    #expect(run.ending == .exited(3))
    let words = run.errors.split(separator: " ")
    let left = words.firstIndex(of: "candidates,").flatMap { Int(words[$0 + 1]) } ?? 0
    #expect(left > 0 && left < Crowd.count, "\(run.errors)")
    let whole = "\(folder.path)/whole.sqlite"
    _ = try Self.run(["batch", crowd.cores, "--db", whole])
    #expect(try Self.buckets(db) == Self.buckets(whole))
  }

  @Test func `a poisonous file costs a line`() throws {
    let crowd = try Self.crowd.get()
    let folder = try ScratchFolder()
    let script = """
      set -e; cp "$2"/core.0.* "$1"; cd "$1"
      head -c 3000 core.0.1 > core.cut; printf 'not a core' > notes.txt; printf 'x' | gzip > log.gz
      cp core.0.1 core.bad; printf '\\377\\377\\377\\377\\377\\377\\377' | dd of=core.bad bs=1 seek=32 conv=notrunc 2> /dev/null
      """
    let made = try Command("bash", ["-c", script, "bash", folder.path, crowd.cores]).run(seconds: 30)
    #expect(made.ending == .exited(0), "\(text(made.errors))")
    let run = try Self.run(["batch", folder.path, "\(folder.path)/notes.txt"])
    #expect(
      run.output.contains(" 1 buckets (1 new") || run.output.contains(" 2 buckets (2 new"), "\(run.output)")
    #expect(run.output.contains("failed: \(folder.path)/notes.txt: not an ELF file"), "\(run.output)")
    #expect(!run.output.contains("log.gz"))
    #expect(run.ending == .exited(1))
  }

  @Test func `a child that dies or hangs is replaced`() throws {
    let crowd = try Self.crowd.get()
    // Too little memory for any analysis: every child dies of it, and no core is lost from the count.
    let starved = try Self.run([
      "batch", "\(crowd.cores)/core.0.1", "\(crowd.cores)/core.1.1", "--memory", "64",
    ])
    #expect(starved.output.contains("2 cores: "), "\(starved.output) \(starved.errors)")
  }

  @Test func `shards together are the whole`() throws {
    let crowd = try Self.crowd.get()
    let folder = try ScratchFolder()
    let whole = "\(folder.path)/whole.sqlite"
    _ = try Self.run(["batch", crowd.cores, "--db", whole])
    var parts: [String] = []
    for index in 0..<3 {
      let part = "\(folder.path)/part\(index).sqlite"
      parts.append(part)
      // The middle one as Slurm would have it, the last one as Kubernetes would.
      let run =
        switch index {
        case 0: try Self.run(["batch", crowd.cores, "--db", part, "--shard", "0/3"])
        case 1:
          try Self.run(
            ["batch", "--shard", crowd.cores, "--db", part],
            environment: [
              "SLURM_ARRAY_TASK_ID": "11", "SLURM_ARRAY_TASK_MIN": "10", "SLURM_ARRAY_TASK_COUNT": "3",
            ])
        default:
          try Self.run(
            ["batch", crowd.cores, "--db", part, "--shard", "auto/3"],
            environment: ["JOB_COMPLETION_INDEX": "2"])
        }
      #expect(run.ending == .exited(0), "\(run.errors)")
    }
    let merged = "\(folder.path)/merged.sqlite"
    let merge = try Self.run(["merge"] + parts + ["-o", merged])
    #expect(merge.ending == .exited(0), "\(merge.errors)")
    #expect(try Self.buckets(merged) == Self.buckets(whole))
    #expect(try Command("stat", ["-c", "%a", merged]).run(seconds: 10).output == Array("600\n".utf8))
  }

  @Test func `fixed is known until it comes back`() throws {
    let crowd = try Self.crowd.get()
    let folder = try ScratchFolder()
    let db = "\(folder.path)/crashes.sqlite"
    let cores = "\(folder.path)/cores"
    #expect(try Command("cp", ["-rp", crowd.cores, cores]).run(seconds: 30).ending == .exited(0))
    _ = try Self.run(["batch", cores, "--db", db])
    let table = try Self.run(["buckets", "--db", db])
    let signature = table.output.split(separator: "\n")[1].split(separator: " ").first { $0.count == 16 }
    let name = String(try #require(signature))
    let fixed = try Self.run(["buckets", "--db", db, "--fixed", String(name.prefix(8))])
    #expect(fixed.output.contains(" fixed      ") || fixed.output.contains(" fixed  "), "\(fixed.output)")
    let shown = try Self.run(["show", name, "--db", db])
    #expect(shown.output.contains("State: fixed; \(Crowd.perSite) cores"), "\(shown.output)")
    let path = try #require(shown.output.split(separator: "\n").last?.split(separator: " ").last)
    #expect(try Command("touch", ["-d", "+1 hour", String(path)]).run(seconds: 10).ending == .exited(0))
    let again = try Self.run(["batch", cores, "--db", db, "--fail-on", "regressed"])
    #expect(again.output.contains("(0 new, 1 regressed); 1 analysed now"), "\(again.output)")
    #expect(again.ending == .exited(3))
  }

  @Test func `neither reports nor the database hold secrets`() throws {
    let crash = try SecretCrash.made.get()
    let folder = try ScratchFolder()
    let (db, lines, page) = ("\(folder.path)/c.sqlite", "\(folder.path)/c.ndjson", "\(folder.path)/c.html")
    let run = try Self.run(["batch", crash.core, "--db", db, "--ndjson", lines, "--html", page])
    #expect(run.ending == .exited(0), "\(run.errors)")
    for file in [db, lines, page] {
      let bytes = text(try contents(of: file))
      #expect(bytes.contains("crash_here"), "\(file)")
      for secret in SecretCrash.secrets { #expect(!bytes.contains(secret), "\(secret) in \(file)") }
      #expect(
        try Command("stat", ["-c", "%a", file]).run(seconds: 10).output == Array("600\n".utf8), "\(file)")
    }
    try FormatTests.validate(
      text(try contents(of: lines)), against: "\(Samples.repository)/docs/report.schema.json")
    let report = try Self.run(["show", "1", "--db", db, "--json"])
    try FormatTests.validate(report.output, against: "\(Samples.repository)/docs/report.schema.json")
  }

  @Test func `mistakes end with 64, missing databases with 2`() throws {
    for mistake in [
      ["batch"], ["batch", "x", "--shard", "3/3"], ["batch", "x", "--fail-on", "old"], ["merge", "x"],
    ] {
      let run = try Self.run(mistake)
      #expect(run.ending == .exited(64), "\(mistake) \(run.errors)")
    }
    let none = try Self.run(["buckets", "--db", "/nonexistent/c.sqlite"])
    #expect(none.ending == .exited(2) && none.errors.contains("No such file or directory"))
  }
}

/// Cores of one program that crashes in ten places, several of each.
private struct Crowd: Sendable {
  static let perSite = 4
  static let count = 10 * perSite
  var cores: String

  init() throws(Command.Failure) {
    let folder = "\(Samples.repository)/.build/crowd"
    cores = "\(folder)/cores"
    let source = """
      #include <stdlib.h>
      #include <string.h>
      struct node { struct node *next; int value; };
      volatile int zero;
      typedef void site(struct node *, int);
      static void site0(struct node *p, int k) { p->value = k; }
      static void site1(struct node *p, int k) { p->next->value = k; }
      static void site2(struct node *p, int k) { abort(); }
      static void site3(struct node *p, int k) { zero = k / zero; }
      static void site4(struct node *p, int k) { __builtin_trap(); }
      static void site5(struct node *p, int k) { ((void (*)(void))p)(); }
      static void site6(struct node *p, int k) { zero = strlen((char *)p); }
      static void site7(struct node *p, int k) { char *q = malloc(8); free(q); free(q); }
      static void site8(struct node *p, int k) { *(volatile int *)0x123456789000 = k; }
      static void site9(struct node *p, int k) { zero = *(volatile int *)((char *)p + 0xdead000000000000); }
      static site *all[] = { site0, site1, site2, site3, site4, site5, site6, site7, site8, site9 };
      static void deeper(int n, int depth) { if (depth) deeper(n, depth - 1); else all[n](0, n); }
      int main(int argc, char **argv) { deeper(atoi(argv[1]), 2); return 0; }
      """
    let script = """
      rm -rf "$1"; mkdir -p "$1/cores"; cd "$1"; printf '%s' "$2" > sites.c; gcc -g -O0 -w -o sites sites.c || exit 1
      ulimit -c unlimited
      for i in $(seq 1 $3); do for n in 0 1 2 3 4 5 6 7 8 9; do
        mkdir run; (cd run; ../sites $n) > /dev/null 2>&1; mv run/core* cores/core.$n.$i || exit 1; rm -r run
      done; done
      """
    let run = try Command("bash", ["-c", script, "bash", folder, source, "\(Self.perSite)"]).run(seconds: 120)
    guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
  }
}
