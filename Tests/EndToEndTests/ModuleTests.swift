import GDBOracle
import Testing

/// Which files are used: those that ran, wherever they are; and the cache, which changes nothing but the time.
@Suite struct ModuleTests {
  /// A program that dies in libl.so, its core, and another build of the library in `other`.
  private static let crash = Result { () throws(Command.Failure) -> String in
    let folder = "\(Samples.repository)/.build/modules"
    let script = """
      rm -rf '\(folder)' && mkdir -p '\(folder)/other' && cd '\(folder)' || exit 1
      echo 'int lf(int x){ volatile int *p=0; return *p+x; }' > l.c
      echo 'int o(int y){return y*2;} int lf(int x){ volatile int *p=0; int k=o(x); return *p+x+k; }' > l2.c
      echo 'int lf(int); int main(){return lf(3);}' > m.c
      gcc -g -shared -fPIC -Wl,-soname,libl.so l.c -o libl.so
      gcc -g -shared -fPIC -Wl,-soname,libl.so l2.c -o other/libl.so
      gcc -g m.c -o m -L. -ll -Wl,-rpath,$PWD
      ulimit -c unlimited; ./m; mv core* core 2>/dev/null; test -s core
      """
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 60)
    guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
    return folder
  }

  /// A copy that a test may change; its name is that of the core's, so the files are swapped in place and back.
  private func run(_ arguments: [String], swapping script: String = ":", back: String = ":") throws -> (
    output: String, errors: String, ending: Command.Ending
  ) {
    let folder = try Self.crash.get()
    _ = try Command("/bin/bash", ["-c", "cd '\(folder)' && \(script)"]).run(seconds: 20)
    defer { _ = try? Command("/bin/bash", ["-c", "cd '\(folder)' && \(back)"]).run(seconds: 20) }
    let run = try Command(Samples.coreview, arguments).run(seconds: 60)
    return (text(run.output), text(run.errors), run.ending)
  }

  // One test: the parts move the same files.
  @Test func `a file that did not run is refused, with both build IDs`() throws {
    let folder = try Self.crash.get()
    let core = "\(folder)/core"
    let good = try run([core])
    #expect(good.output.contains("lf (x=3) at l.c:1") && good.ending == .exited(0))

    let swap = "cp libl.so kept && cp other/libl.so libl.so"
    let refused = try run([core], swapping: swap, back: "mv kept libl.so")
    #expect(
      refused.errors.contains("libl.so: of another build than the one that ran: the core has build ID "))
    #expect(refused.errors.contains(", the file has ") && refused.errors.contains("--allow-mismatch"))
    #expect(!refused.output.contains("l.c:1\n#1  0x") && refused.output.contains("main () at m.c:1"))
    #expect(refused.ending == .exited(1))

    let allowed = try run(["--allow-mismatch", core], swapping: swap, back: "mv kept libl.so")
    #expect(allowed.output.contains("at l2.c:1") && allowed.errors.contains("names may be wrong"))

    let elsewhere = try run(
      ["--solib-search-path", "\(folder)/kept", core],
      swapping: "mkdir kept && cp libl.so kept/ && cp other/libl.so libl.so",
      back: "mv kept/libl.so libl.so && rmdir kept")
    #expect(elsewhere.output.contains("lf (x=3) at l.c:1"))

    let gone = try run([core], swapping: "mv m kept", back: "mv kept m")
    #expect(gone.output.contains("lf (x=3) at l.c:1"), "\(gone)")
    #expect(gone.errors.contains("/m: No such file or directory; name the executable of the core"))

    let list = try run(["modules", core], swapping: swap, back: "mv kept libl.so")
    #expect(
      list.output.contains(" executable \(folder)/m\n") && list.output.contains("  symbols   in the file\n"))
    #expect(list.output.contains("to get it debuginfod-find executable ") && list.ending == .exited(1))
    let json = try run(["modules", "--json", core])
    #expect(json.output.contains("\"debug_origin\": \"own\""))

    let root = try run(
      ["--root", "\(folder)/root", core],
      swapping: """
        mkdir -p "root$PWD" root/lib/x86_64-linux-gnu root/real && cp m "root$PWD/" && mv libl.so root/real/ &&
        ln -s ../../../../../../../../../../../../real/libl.so "root$PWD/libl.so" &&
        cp -L /lib/x86_64-linux-gnu/libc.so.6 root/lib/x86_64-linux-gnu/
        """, back: "mv root/real/libl.so . && rm -r root")
    #expect(root.output.contains("lf (x=3) at l.c:1"), "\(root)")
  }

  @Test func `a damaged cache is made anew in silence`() throws {
    let folder = try DebugFileTests.made(
      "cache", "gcc -O1 -g src/a.c src/b.c -o prog; mkdir home; chmod 700 home")
    var environment = Command.plainEnvironment()
    environment["XDG_CACHE_HOME"] = "\(folder)/home"
    func report(_ arguments: [String] = []) throws -> String {
      let run = try Command(Samples.coreview, arguments + ["\(folder)/core"], environment: environment).run(
        seconds: 60)
      #expect(text(run.errors) == "")
      return text(run.output)
    }
    func shell(_ script: String) throws -> String {
      text(try Command("/bin/bash", ["-c", "cd '\(folder)/home'; \(script)"]).run(seconds: 20).output)
    }
    let plain = try report(["--no-cache"])
    #expect(try shell("ls") == "")
    #expect(try report() == plain)
    // Its last number is the time at which it was made.
    let state = "cat coreview/image-* | head -c -8 | sha256sum; stat -c %a coreview coreview/image-*"
    let first = try shell(state)
    #expect(first.hasSuffix("700\n600\n"), "libc6-dbg is needed: \(first)")
    #expect(try report() == plain)
    for damage in [
      "printf '\\377' | dd of=$f bs=1 seek=300000 conv=notrunc", "truncate -s 1000 $f", ": > $f",
      "rm $f; ln -s /dev/zero $f", "rm $f; mkfifo $f", "rm $f; mkdir $f",
    ] {
      _ = try shell("f=$(echo coreview/image-*); \(damage); touch -d '2 days ago' $f")
      #expect(try report() == plain, "\(damage)")
      _ = try shell("find coreview -type d -name 'image-*' -delete")
      #expect(try report() == plain, "\(damage)")
      #expect(
        try shell(state) == first,
        "\(damage)")
    }
    _ = try shell("mv coreview real; ln -s real coreview; rm real/*")
    #expect(try report() == plain)
    #expect(try shell("ls real") == "")
  }
}
