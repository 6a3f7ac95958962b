internal import Glibc

/// A file that only its owner may read (mode 0600), whatever the umask: it appears under its name when it is complete.
///
/// Written beside its place and renamed: an interrupted run leaves what was there before, and a symbolic link is
/// replaced, not followed.
package final class PrivateFile {
  private let path: String
  private let draft: String
  private let descriptor: Int32

  package init(path: String) throws(FileError) {
    let draft = "\(path).\(getpid())~"
    unsafe unlink(draft)
    let opened = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard opened >= 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
    self.path = path
    self.draft = draft
    descriptor = opened
  }

  /// Appends and empties the text; `false` where the disk is full.
  package func write(_ text: inout TextBuffer) -> Bool { text.flush(to: descriptor) }

  /// Puts the file in its place.
  package func finish() throws(FileError) {
    guard unsafe rename(draft, path) == 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
  }

  deinit {
    close(descriptor)
    // Gone after `finish`; a draft that was given up is no report.
    unsafe unlink(draft)
  }
}
