import GDBOracle
import Testing

/// `coreview handle`, called by the kernel itself.
///
/// core_pattern belongs to the whole machine: it is changed for as long as one program dies, under a lock, put back
/// whatever happens, and a core of any other process is written to where the kernel would have written it.
@Suite struct HandlerTests {
  private static let source = """
    #include <pthread.h>
    #include <stdlib.h>
    #include <unistd.h>
    #include <fcntl.h>
    #define _GNU_SOURCE
    char *message = "from the program";
    static void *wait(void *name) { pause(); return name; }
    __attribute__((noinline)) void crash(const char *why, char *heap) { abort(); }
    int main(void) {
      char *heap = malloc(64 << 20);
      for (long i = 0; i < 64 << 20; i += 64) *(long *)(heap + i) = i * 2654435761u;
      heap[0] = 'h', heap[1] = 0;
      pthread_t thread;
      pthread_create(&thread, 0, wait, 0);
      pthread_setname_np(thread, "worker-one");
      open("/etc/passwd", O_RDONLY);
      usleep(100000);
      crash(message, heap);
    }
    """

  /// Runs a program with `coreview handle` as the kernel's handler; answers the folder of its files.
  private static func handled(_ options: String, in folder: String) throws -> Command.Outcome {
    let script = #"""
      exec 9> /tmp/coreview-core-pattern.lock
      flock -w 60 9 || exit 76
      [ "$(cat /proc/sys/kernel/core_pattern)" = core ] || exit 77
      [ -w /proc/sys/kernel/core_pattern ] || exit 77
      mkdir '\#(folder)' && cd '\#(folder)' || exit 1
      name=cv-$$
      cat > program.c <<'END'
      \#(Self.source)
      END
      gcc -w -D_GNU_SOURCE -g -pthread -o $name program.c || exit 1
      cat > handler <<END
      #!/bin/sh
      # PID UID GID SIGNAL TIME LIMIT HOST DUMPABLE COMMAND
      if [ "\$9" = $name ]; then
        '\#(Samples.coreview)' handle \#(options) --directory '\#(folder)/out' "\$@"
        echo \$? > '\#(folder)/status'
        exit
      fi
      [ "\$6" = 0 ] && exit
      umask 077
      rm -f "/proc/\$1/cwd/core"
      exec cat > "/proc/\$1/cwd/core"
      END
      chmod +x handler
      trap 'echo core > /proc/sys/kernel/core_pattern' EXIT
      trap 'exit 1' INT TERM HUP
      # Should this script be killed outright, its successor puts the pattern back.
      setsid sh -c 'sleep 60; grep -qF "\#(folder)" /proc/sys/kernel/core_pattern && echo core > /proc/sys/kernel/core_pattern' \
        < /dev/null > /dev/null 2>&1 9>&- &
      guard=$!
      ulimit -c unlimited
      echo '|\#(folder)/handler %P %u %g %s %t %c %h %d %e' > /proc/sys/kernel/core_pattern || exit 77
      timeout -s KILL 30 ./$name 2>&- 9>&-
      echo core > /proc/sys/kernel/core_pattern
      kill -- -$guard 2> /dev/null || kill $guard
      for i in $(seq 300); do [ -s status ] && break; sleep 0.1; done
      cat status
      """#
    return try Command("/bin/bash", ["-c", script]).run(seconds: 150)
  }

  @Test func `the kernel's own crash: a report, a small core, and both private`() throws {
    let folder = try ScratchFile([]).path + ".handler"
    defer { _ = try? Command("rm", ["-rf", folder]).run(seconds: 10) }
    let run = try Self.handled("--store", in: folder)
    // 77: no right to change core_pattern here, or somebody else has.
    guard run.ending != .exited(77) else { return }
    #expect(text(run.output).hasSuffix("0\n"), "\(text(run.output)) \(text(run.errors))")
    let listed = try Command("sh", ["-c", "cd '\(folder)/out' && stat -c '%a %s %n' *"]).run(seconds: 10)
    let files = text(listed.output).split(separator: "\n").map { $0.split(separator: " ") }
    #expect(files.map { $0[0] } == ["600", "600", "600", "600"], "\(files)")
    let endings = files.map { $0[2].split(separator: ".").dropFirst(5).joined(separator: ".") }
    #expect(Set(endings) == ["core", "core.zst", "json", "txt"], "\(files)")
    guard files.count == 4 else { return }
    let base = "\(folder)/out/" + files[0][2].split(separator: ".").prefix(5).joined(separator: ".")

    let report = text(try contents(of: base + ".txt"))
    #expect(report.contains("died of SIGABRT"))
    #expect(
      report.contains("in crash (why=0x") && report.contains("\"from the program\", heap=0x"), "\(report)")
    #expect(report.contains("  worker-one: LWP "))
    #expect(report.contains(": /etc/passwd\n"))
    #expect(text(try contents(of: base + ".json")).contains("\"proc\""))

    // The small core gives what the whole one gives, in gdb too, and is small.
    let executable = try Command("sh", ["-c", "ls \(folder)/cv-*"]).run(seconds: 10)
    let program = text(executable.output).split(separator: "\n").first.map(String.init) ?? ""
    let arguments = ["-q", "-nx", "-batch", "-ex", "info threads", "-ex", "thread apply all bt", program]
    let whole = try Command(Samples.coreview, ["gdb"] + arguments + [base + ".core.zst"]).run(seconds: 60)
    let small = try Command(Samples.coreview, ["gdb"] + arguments + [base + ".core"]).run(seconds: 60)
    let gdb = try Command("gdb", arguments + [base + ".core"]).run(seconds: 60)
    #expect(text(small.output) == text(whole.output))
    #expect(text(gdb.output) == text(whole.output))
    #expect(text(small.output).contains("heap=0x") && text(small.output).contains("\"h\""))
    let size = Int(files.first { $0[2].hasSuffix(".core") }?[1] ?? "") ?? .max
    #expect(size < 48 << 20, "\(size)")
  }

  @Test func `files are made exclusively and through no link`() throws {
    let folder = try ScratchFile([]).path + ".links"
    defer { _ = try? Command("rm", ["-rf", folder]).run(seconds: 10) }
    let core = try SampleTests.samples.get().core("overflow")
    let handle =
      "'\(Samples.coreview)' handle --directory '\(folder)/out' 999999 0 0 11 5 1 host 1 'a/../b c' < '\(core)'"
    let script = """
      mkdir -p '\(folder)/out' '\(folder)/real' && cd '\(folder)' || exit 9
      ln -s ../victim out/coreview.a____b_c.0.999999.5.txt
      \(handle); echo $?
      test -e victim && echo followed
      rm out/*; \(handle); echo $?; ls out
      test -s out/*.core && echo filled
      ln -s real link
      '\(Samples.coreview)' handle --directory '\(folder)/link' 999999 < '\(core)'; echo $?; ls real
      '\(Samples.coreview)' handle --directory '\(folder)/no/such' 999999 < '\(core)'; echo $?
      '\(Samples.coreview)' handle --directory '\(folder)/none' 999999 < /dev/null; echo $?
      '\(Samples.coreview)' handle nonsense < /dev/null 2>&-; echo $?
      """
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 60)
    #expect(
      text(run.output) == """
        2
        1
        coreview.a____b_c.0.999999.5.core
        coreview.a____b_c.0.999999.5.json
        coreview.a____b_c.0.999999.5.txt
        filled
        2
        2
        2
        64

        """, "\(text(run.output)) \(text(run.errors))")
  }
}
