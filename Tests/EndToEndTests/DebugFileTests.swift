import GDBOracle
import Testing

/// Where debug information may be: in each place, and in each form, the same text as gdb's.
@Suite struct DebugFileTests {
  struct Variant: Sendable, CustomStringConvertible {
    var name: String
    /// Makes ./prog of a.c and b.c, or of x.cc.
    var build: String
    /// What the text has to show, besides being gdb's: gdb may lack it, too.
    var shows = "src/b.c:"
    var description: String { name }
  }

  private static let strip =
    "objcopy --only-keep-debug prog prog.debug; strip prog; objcopy --add-gnu-debuglink=prog.debug prog"
  private static let two = "src/a.c src/b.c -o prog"

  static let variants: [Variant] =
    [4, 5].flatMap { version in
      let c = "gcc -O1 -gdwarf-\(version)"
      let cxx = "g++ -O0 -gdwarf-\(version)"
      return [
        Variant(name: "split-\(version)", build: "\(c) -gsplit-dwarf \(two)"),
        Variant(
          name: "split-moved-\(version)",
          build: """
            mkdir o; cd o; \(c) -gsplit-dwarf -fdebug-prefix-map=$PWD=. -c ../src/a.c ../src/b.c; cd ..
            gcc o/*.o -o prog; mv o/*.dwo .
            """),
        Variant(
          name: "split-cxx-\(version)", build: "\(cxx) -gsplit-dwarf src/x.cc -o prog", shows: "src/x.cc:"),
        Variant(
          name: "dwz-\(version)", build: "\(cxx) src/x.cc -o prog; cp prog p2; dwz -m common.debug prog p2",
          shows: "src/x.cc:"),
        Variant(
          name: "dwz-gone-\(version)",
          build: "\(cxx) src/x.cc -o prog; cp prog p2; dwz -m common.debug prog p2; rm common.debug",
          shows: "ns::Box<int>::get"),
        Variant(name: "zlib-\(version)", build: "\(c) -gz=zlib \(two)"),
        Variant(name: "zlib-gnu-\(version)", build: "\(c) -gz=zlib-gnu \(two)"),
        Variant(
          name: "zstd-\(version)", build: "\(c) \(two); objcopy --compress-debug-sections=zstd prog"),
        Variant(name: "clang-\(version)", build: "clang-14 -O1 -gdwarf-\(version) \(two)"),
        Variant(name: "clang-names-\(version)", build: "clang-14 -O1 -gdwarf-\(version) -gpubnames \(two)"),
        Variant(name: "no-aranges-\(version)", build: "\(c) \(two); objcopy -R .debug_aranges prog"),
        Variant(name: "index-\(version)", build: "\(c) \(two); gdb-add-index prog"),
      ]
    } + [
      Variant(name: "package", build: "gcc -O1 -gdwarf-4 -gsplit-dwarf \(two); dwp -e prog; rm *.dwo"),
      Variant(
        name: "split-clang-4",
        build: "clang-14 -O1 -gdwarf-4 -gsplit-dwarf -c src/a.c src/b.c; gcc *.o -o prog"),
      Variant(name: "link", build: "gcc -g -O1 \(two); \(strip)"),
      Variant(name: "link-folder", build: "gcc -g -O1 \(two); \(strip); mkdir .debug; mv prog.debug .debug"),
      Variant(
        name: "link-checksum", build: "gcc -g -O1 \(two); \(strip); printf x >> prog.debug", shows: "?? ()"),
      Variant(
        name: "link-fifo", build: "gcc -g -O1 \(two); \(strip); rm prog.debug; mkfifo prog.debug",
        shows: "?? ()"),
      Variant(
        name: "link-cut", build: "gcc -g -O1 \(two); \(strip); truncate -s 1000 prog.debug", shows: "?? ()"),
      Variant(
        name: "mini",
        build: """
          gcc -g -O1 \(two); nm prog --format=posix --defined-only | awk '{print $1}' | sort > all
          nm -D prog --format=posix --defined-only | awk '{print $1}' | sort > dynamic; comm -13 dynamic all > keep
          objcopy --only-keep-debug prog d; objcopy -S -R .gdb_index -R .comment --keep-symbols=keep d mini
          strip --strip-all -R .comment prog; xz mini; objcopy --add-section .gnu_debugdata=mini.xz prog
          """, shows: " in cmp ()"),
    ]

  /// The sources, and a core of each program that is built from them.
  static func made(_ name: String, _ build: String) throws(Command.Failure) -> String {
    let folder = "\(Samples.repository)/.build/debug-files/\(name)"
    let script = """
      rm -rf '\(folder)' && mkdir -p '\(folder)/src' && cd '\(folder)' || exit 1
      cat > src/h.h <<'END'
      struct pair { int n; const char *s; };
      int b_func(int x, struct pair *p, const char *tag);
      END
      cat > src/a.c <<'END'
      #include "h.h"
      static inline __attribute__((always_inline)) int inl(int x, struct pair *p) { volatile int q = x + p->n; return b_func(q, p, "in"); }
      static __attribute__((noinline)) int hidden(int x, const char *s) { struct pair p = {x, s}; return inl(x + 1, &p) + 1; }
      int main(int argc, char **argv) { return hidden(argc, "hello"); }
      END
      cat > src/b.c <<'END'
      #include <stdlib.h>
      #include "h.h"
      static __attribute__((noinline)) int cmp(const void *a, const void *b) { if (*(int*)a == 3) abort(); return *(int*)a - *(int*)b; }
      int b_func(int x, struct pair *p, const char *tag) { int arr[4] = {3, x, p->n, 1}; qsort(arr, 4, sizeof(int), cmp); return arr[0]; }
      END
      cat > src/x.cc <<'END'
      #include <cstdlib>
      namespace ns { template<class T> struct Box { T v; int get(int k) const; };
      template<class T> __attribute__((noinline)) int Box<T>::get(int k) const { if (k > 2) std::abort(); return k; }
      struct S { int n; int f(const Box<int>& b, int k) { return b.get(k) + 1; } }; }
      static __attribute__((noinline)) int go(ns::S& s, int k) { ns::Box<int> b{4}; return s.f(b, k) + 1; }
      int main() { ns::S s{7}; return go(s, 3); }
      END
      \(build)
      ulimit -c unlimited; ./prog; mv core* core 2>/dev/null; test -s core
      """
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 120)
    guard run.ending == .exited(0) else { throw Command.Failure(description: "\(name): \(text(run.errors))") }
    return folder
  }

  @Test(arguments: variants)
  func `the same text as gdb`(variant: Variant) throws {
    let folder = try Self.made(variant.name, variant.build)
    // gdb blocks on a FIFO where debug information is linked.
    let isHanging = variant.name == "link-fifo"
    let commands = ["-q", "-nx", "-batch", "-ex", "bt", "-ex", "bt full", "\(folder)/prog", "\(folder)/core"]
    let ours = try Command(Samples.coreview, ["gdb"] + commands).run(seconds: 60)
    if isHanging {
      #expect(ours.ending == .exited(0))
    } else {
      let gdb = try Command("gdb", commands).run(seconds: 60)
      #expect(text(ours.output) == text(gdb.output))
    }
    #expect(text(ours.output).contains(variant.shows))
  }

  @Test func `of split units only those are opened that own a frame`() throws {
    let folder = try Self.made(
      "split-lazy",
      """
      echo 'int unused(int x) { return x; }' > src/c.c
      gcc -O1 -g -gsplit-dwarf src/a.c src/b.c src/c.c -o prog; ls
      """)
    let trace = try ScratchFile([])
    let run = try Command(
      "strace",
      ["-f", "-o", trace.path, "-e", "trace=openat", Samples.coreview, "\(folder)/prog", "\(folder)/core"]
    ).run(seconds: 60)
    #expect(text(run.output).contains("b_func (x="))
    let opened = try lines(of: trace.path).filter { $0.contains(".dwo") && !$0.contains("ENOENT") }
    #expect(opened.count == 2, "\(opened)")
    #expect(!opened.contains { $0.contains("-c.dwo") })
  }

  @Test func `a version 5 package, which crashes gdb 13, has everything`() throws {
    let folder = try Self.made(
      "package-5",
      "gcc -O1 -gdwarf-5 -gsplit-dwarf src/a.c src/b.c -o prog; llvm-dwp-14 -e prog -o prog.dwp; rm *.dwo")
    let run = try Command(Samples.coreview, ["\(folder)/prog", "\(folder)/core"]).run(seconds: 60)
    #expect(text(run.output).contains("cmp (a=a@entry=0x"))
    #expect(text(run.output).contains(#"hidden (x=<optimized out>, s=s@entry=0x"#))
    #expect(run.ending == .exited(0), "\(text(run.errors))")
  }
}
