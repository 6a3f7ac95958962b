import GDBOracle
import Testing

/// Cores that come compressed or through a pipe: the same answers as from the plain file, in little memory.
@Suite struct CompressedCoreTests {
  static let formats = ["zstd -q", "lz4 -q", "xz -1", "gzip", "bzip2"]
  private static let commands = ["info threads", "bt", "thread apply all bt full"]

  /// Programs that die here, with their cores as the kernel and gdb wrote them.
  private static let cores = Result { () throws(Command.Failure) in
    let folder = "\(Samples.repository)/.build/compressed-cores"
    let script = """
      rm -rf '\(folder)' && mkdir '\(folder)' && cd '\(folder)' && cat > program.c <<'END'
      #include <pthread.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <unistd.h>
      __attribute__((noinline)) void die(const char *a, const char *b, char **all, int depth) {
        if (!depth) abort();
        die(all[depth * 997 % 64], all[(depth * 131 + 7) % 64], all, depth - 1);
        __asm__ volatile("" ::: "memory");
      }
      void *wait(void *name) { pause(); return name; }
      int main(int count, char **arguments) {
        long size = atol(arguments[1]) << 10;
        int threads = atoi(arguments[2]);
        unsigned long state = 88172645463325252;
        char **objects = malloc(size * sizeof *objects), *all[64];
        for (long i = 0; i < size; i++) {
          objects[i] = malloc(1000);
          for (int at = 0; at < 960; at += 24) {
            state ^= state << 13, state ^= state >> 7, state ^= state << 17;
            snprintf(objects[i] + at, 40, "%lu and a number", state);
          }
        }
        for (int i = 0; i < 64; i++) {
          all[i] = objects[size / 64 * i + 3];
          sprintf(all[i], "object %d", i);
        }
        for (int i = 0; i < threads; i++) {
          pthread_t thread;
          pthread_create(&thread, 0, wait, all[i % 64]);
        }
        usleep(300000);
        die("first", "last", all, 20);
      }
      END
      gcc -O0 -g -pthread -o program program.c || exit 1
      ulimit -c unlimited
      ulimit -s 256
      for run in '120 3 large' '1 100 threads'; do
        set -- $run
        ./program $1 $2
        mv core $3.core || exit 1
      done
      gdb -q -nx -batch -ex 'set startup-with-shell off' -ex 'run 30 3' -ex 'gcore gcore.core' ./program
      test -f gcore.core
      """
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 120)
    guard run.ending == .exited(0) else {
      throw Command.Failure(description: text(run.errors) + text(run.output))
    }
    return folder
  }

  /// What `coreview gdb` and the report print, the latter without the name of the core.
  private func answers(_ executable: String, _ core: String, isPipe: Bool = false) throws -> [String] {
    let gdb = ["gdb", "-q", "-nx", "-batch"] + Self.commands.flatMap { ["-ex", $0] }
    return try [gdb + [executable, "-c"], [executable]].map { arguments in
      let all = (arguments + [isPipe ? "-" : core]).map { "'\($0)'" }.joined(separator: " ")
      let line = isPipe ? "cat '\(core)' | '\(Samples.coreview)' \(all)" : "'\(Samples.coreview)' \(all)"
      return text(try Command("/bin/sh", ["-c", line]).run(seconds: 120).output)
    }
  }

  private func pack(_ core: String, _ command: String) throws -> ScratchFile {
    let packed = try ScratchFile([])
    let run = try Command("/bin/sh", ["-c", "\(command) -c '\(core)' > '\(packed.path)'"]).run(seconds: 120)
    guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
    return packed
  }

  @Test(arguments: formats)
  func `samples: the same from every format, file or pipe`(format: String) throws {
    let samples = try SampleTests.samples.get()
    for name in ["io_uring-cp-forever", "ledger", "overflow", "parser-i386", "thumbnailer"] {
      let plain = try answers(samples.executable(name), samples.core(name))
      #expect(plain[0].contains("#0"))
      let packed = try pack(samples.core(name), format)
      #expect(try answers(samples.executable(name), packed.path) == plain, "\(name)")
      #expect(try answers(samples.executable(name), packed.path, isPipe: true) == plain, "\(name)")
    }
  }

  @Test(arguments: ["large", "threads", "gcore"], formats)
  func `a large heap, a hundred threads, notes at the end`(name: String, format: String) throws {
    let folder = try Self.cores.get()
    let core = "\(folder)/\(name).core"
    let plain = try answers("\(folder)/program", core)
    #expect(plain[0].contains("object 7"))
    let packed = try pack(core, format)
    let expanded = try answers("\(folder)/program", packed.path)
    #expect(expanded == plain)
  }

  @Test(arguments: ["large", "threads", "gcore"])
  func `a plain core through a pipe has every frame`(name: String) throws {
    let folder = try Self.cores.get()
    let core = "\(folder)/\(name).core"
    let plain = try answers("\(folder)/program", core)
    let piped = try answers("\(folder)/program", core, isPipe: true)
    let frames = { (text: String) in text.split(separator: "\n").count { $0.hasPrefix("#") } }
    #expect(frames(plain[0]) == frames(piped[0]))
    #expect(frames(plain[1]) == frames(piped[1]))
    if name == "threads" { #expect(piped == plain) }
  }

  @Test func `memory stays below 96 MiB, whatever the size`() throws {
    let folder = try Self.cores.get()
    for format in Self.formats {
      let packed = try pack("\(folder)/large.core", format)
      let script = """
        import resource, subprocess, sys
        subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        """
      let run = try Command(
        "python3",
        ["-c", script, Samples.coreview, "gdb", "-batch", "-ex", "bt", "\(folder)/program", packed.path]
      ).run(seconds: 120)
      let peak = Int(text(run.output).split(separator: "\n").first ?? "") ?? .max
      #expect(peak <= 96 << 10, "\(format): \(peak) KiB")
    }
  }

  @Test(arguments: formats)
  func `cut anywhere: what was decoded is used, and a line says so`(format: String) throws {
    let samples = try SampleTests.samples.get()
    let packed = try pack(samples.core("overflow"), format)
    let bytes = try contents(of: packed.path)
    for eighth in 0...8 {
      let cut = try ScratchFile(Array(bytes[..<max(12, bytes.count * eighth / 8 - 1)]))
      let run = try SampleTests.run([samples.executable("overflow"), cut.path])
      let isAny = run.ending == .exited(1)
      #expect(isAny || run.ending == .exited(2), "\(run)")
      #expect(
        run.errors.contains("end early") || run.errors.contains("end at once")
          || run.errors.contains("damaged"),
        "\(run.errors)")
      #expect(isAny == run.output.contains("#0"))
    }
  }

  @Test func `cut and compressed, it shows what the cut plain core shows`() throws {
    let samples = try SampleTests.samples.get()
    let bytes = try contents(of: samples.core("thumbnailer"))
    for part in stride(from: 100, to: bytes.count, by: bytes.count / 24) {
      let plain = try ScratchFile(Array(bytes[..<part]))
      let packed = try pack(plain.path, "zstd -q")
      let executable = samples.executable("thumbnailer")
      #expect(try answers(executable, packed.path) == answers(executable, plain.path), "\(part)")
    }
  }

  @Test func `garbage behind the magic number, other files, and what is no core at all`() throws {
    for start: [UInt8] in [
      [0x28, 0xb5, 0x2f, 0xfd], [0x04, 0x22, 0x4d, 0x18], [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], [0x1f, 0x8b, 8],
      Array("BZh91AY&SY".utf8),
    ] {
      for length in [20, 5000] {
        let file = try ScratchFile(start + (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ 11) })
        let run = try SampleTests.run([file.path])
        #expect(run.output.isEmpty && run.ending == .exited(2))
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      }
    }
    let other = try pack("/etc/passwd", "gzip")
    #expect(try SampleTests.run([other.path]).errors.contains("not an ELF file"))
  }

  @Test func `what follows the last segment for long is left out`() throws {
    let core = try SampleTests.samples.get().core("overflow")
    let packed = try ScratchFile([])
    let script = "{ cat '\(core)'; head -c 300000000 /dev/zero; } | zstd -qc > '\(packed.path)'"
    _ = try Command("/bin/sh", ["-c", script]).run(seconds: 60)
    let run = try SampleTests.run([packed.path])
    #expect(run.errors.contains("more follows than its program headers announce"), "\(run.errors)")
    #expect(run.output.contains("#0"))
  }
}
