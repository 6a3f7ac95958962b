import GDBOracle
import Testing

/// A program with requests in flight, put to death here: what only a live kernel and a dynamic program show.
@Suite struct RealRingTests {
  private static let source = """
    #include <fcntl.h>
    #include <liburing.h>
    #include <stdlib.h>
    #include <sys/stat.h>
    #include <unistd.h>
    struct { long a, b; } jobs[4];
    int main(void) {
      struct io_uring ring;
      if (io_uring_queue_init(8, &ring, 0)) return 77;
      int filter = open("/proc/self/coredump_filter", O_WRONLY);
      if (filter < 0 || write(filter, "0x3f", 4) != 4 || mkfifo("fifo", 0600)) return 1;
      for (int i = 0; i < 3; i++) {
        struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
        io_uring_prep_openat(entry, AT_FDCWD, "fifo", O_RDONLY, 0);
        entry->flags |= IOSQE_ASYNC;
        io_uring_sqe_set_data(entry, &jobs[i]);
      }
      if (io_uring_submit(&ring) != 3) return 1;
      usleep(500000);
      abort();
    }
    """

  @Test func `what was in flight, with the names of what user_data points at`() throws {
    let folder = try ScratchFile([]).path + ".d"
    let script = """
      mkdir '\(folder)' && cd '\(folder)' && cat > program.c <<'END'
      \(Self.source)
      END
      gcc -w -g -o program program.c -luring || exit 1
      ulimit -c unlimited
      exec ./program
      """
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 60)
    defer { _ = try? Command("rm", ["-rf", folder]).run(seconds: 10) }
    // 77: this kernel refuses io_uring (seccomp, kernel.io_uring_disabled).
    guard run.ending != .exited(77) else { return }
    let report = try SampleTests.run(["\(folder)/core"])
    #expect(report.output.contains("\nio_uring: "), "\(report) \(text(run.errors))")
    #expect(report.output.contains(": certain, ring fd 3, made at "))
    #expect(report.output.contains(", 3 in flight at death:\n"))
    for name in ["jobs", "jobs+16", "jobs+32"] { #expect(report.output.contains(" <\(name)>\n"), "\(name)") }
    #expect(report.ending == .exited(0))
  }
}
