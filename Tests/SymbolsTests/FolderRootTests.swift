import Bytes
import GDBOracle
import Testing

/// Names in an unpacked image: links and `..` as chroot(2) would have them, by the kernel and by hand.
@Suite struct FolderRootTests {
  private static let folder = Result { () throws(Command.Failure) -> String in
    let folder = "\(Samples.repository)/.build/folder-root"
    let script = """
      rm -rf '\(folder)' && mkdir -p '\(folder)/root/usr/lib' '\(folder)/root/etc' && cd '\(folder)' &&
      echo inside > root/usr/lib/file && echo outside > file && echo secret > secret &&
      ln -s usr/lib root/lib && ln -s /usr/lib/file root/absolute && ln -s ../../../../../usr/lib/file root/usr/climbing &&
      ln -s '\(folder)/secret' root/escape && ln -s /../../secret root/escape2 && ln -s loop root/loop &&
      mkfifo root/fifo && ln -s /proc/self/root/etc root/magic
      """
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 20)
    guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
    return folder
  }

  private func read(_ name: String, _ avoidsKernel: Bool) throws -> String? {
    let root = try FolderRoot(path: try Self.folder.get() + "/root", avoidsKernel: avoidsKernel)
    guard let file = try? root.open(name) else { return nil }
    return String(decoding: file.read(at: 0, count: 100), as: UTF8.self)
  }

  @Test(arguments: [false, true])
  func `names mean files inside`(avoidsKernel: Bool) throws {
    for name in [
      "/usr/lib/file", "usr/lib/file", "/lib/file", "/absolute", "/usr/climbing", "/../../usr/lib/file",
      "/usr/./lib/../lib/file", "//usr//lib//file",
    ] {
      #expect(try read(name, avoidsKernel) == "inside\n", "\(name)")
    }
  }

  @Test(arguments: [false, true])
  func `nothing leads out`(avoidsKernel: Bool) throws {
    let folder = try Self.folder.get()
    for name in [
      "/../file", "/../secret", "/escape", "/escape2", "\(folder)/secret", "/loop", "/fifo", "/usr/lib",
      "/usr/lib/file/more", "/magic/hostname", "", "/", "/etc/passwd",
    ] {
      #expect(try read(name, avoidsKernel) == nil, "\(name)")
    }
  }
}
