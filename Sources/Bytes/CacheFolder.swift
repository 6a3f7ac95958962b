internal import Glibc

/// `$XDG_CACHE_HOME/coreview`, or `~/.cache/coreview`: what was worked out once, kept for the next run.
///
/// The folder is ours alone (0700, our user, no symbolic link) or not used. A file comes into being whole: it is
/// written under another name, made exclusively, and renamed. Everything here may fail in silence: then there is
/// no cache.
package final class CacheFolder: Sendable {
  /// Bytes of all files together; the ones that were not used for longest go first.
  private static let largest: UInt64 = 512 << 20
  /// Seconds after which an unfinished file is taken to be left over.
  private static let patience = 3600
  private static let unfinished = ".unfinished-"

  private let descriptor: Int32

  /// The folder's path, and the folder made if it was not there; `nil` where the environment names no home.
  package static func prepared() -> String? {
    let path: String
    if let base = HostProcess.variable("XDG_CACHE_HOME"), base.hasPrefix("/") {
      path = base
    } else if let home = HostProcess.variable("HOME"), home.hasPrefix("/") {
      path = home + "/.cache"
    } else {
      return nil
    }
    _ = unsafe mkdir(path, 0o700)
    let own = path + "/coreview"
    _ = unsafe mkdir(own, 0o700)
    return own
  }

  package init?() {
    guard let own = Self.prepared() else { return nil }
    let opened = unsafe open(own, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard opened >= 0 else { return nil }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
      close(opened)
      return nil
    }
    descriptor = opened
  }

  deinit {
    close(descriptor)
  }

  /// A file that was kept; it counts as used now.
  package func file(named name: String) -> FileBytes? {
    let opened = unsafe openat(descriptor, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
    guard opened >= 0 else { return nil }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
      close(opened)
      return nil
    }
    // Once a minute is often enough to tell which files are used. When they were changed is another matter.
    if status.st_atim.tv_sec < Self.now - 60 {
      let times = [timespec(tv_sec: Self.now, tv_nsec: 0), timespec(tv_sec: 0, tv_nsec: Self.omitted)]
      _ = unsafe futimens(opened, times)
    }
    return try? FileBytes(adopting: opened, path: name)
  }

  /// UTIME_OMIT of utimensat(2).
  private static let omitted = (1 << 30) - 2

  /// What `stamp` gives a file as the time of its last change, in seconds.
  package static var stampNow: Int { now }

  /// Says of a file that its last change was at a time: who writes to it changes that, and is noticed.
  package func stamp(_ name: String, _ time: Int) {
    let times = [timespec(tv_sec: Self.now, tv_nsec: 0), timespec(tv_sec: time, tv_nsec: 0)]
    _ = unsafe utimensat(descriptor, name, times, AT_SYMLINK_NOFOLLOW)
  }

  /// Keeps some bytes, one piece after the other, under a name, as last changed at `time`; whoever comes last wins.
  package func keep(_ pieces: [UnsafeRawBufferPointer], as name: String, time: Int) {
    let temporary = Self.unfinished + "\(getpid())-" + name
    let opened = unsafe openat(
      descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard opened >= 0 else { return }
    var isWhole = true
    for index in unsafe 0..<pieces.count where isWhole {
      let piece = unsafe pieces[index]
      var done = 0
      while done < piece.count {
        let wrote = unsafe write(opened, piece.baseAddress! + done, piece.count - done)
        if wrote < 0, errno == EINTR { continue }
        if wrote <= 0 {
          isWhole = false
          break
        }
        done += wrote
      }
    }
    // Where the machine stops now, a file under that name is whole, or is not there.
    isWhole = isWhole && fsync(opened) == 0
    let times = [timespec(tv_sec: Self.now, tv_nsec: 0), timespec(tv_sec: time, tv_nsec: 0)]
    isWhole = unsafe isWhole && futimens(opened, times) == 0
    close(opened)
    if isWhole, unsafe renameat(descriptor, temporary, descriptor, name) == 0 {
      trim()
    } else {
      unsafe unlinkat(descriptor, temporary, 0)
    }
  }

  /// Forgets a file.
  package func remove(_ name: String) {
    unsafe unlinkat(descriptor, name, 0)
  }

  private struct Entry {
    var name: String
    var size: UInt64
    var used: Int
  }

  private func trim() {
    var entries: [Entry] = []
    var total: UInt64 = 0
    for name in Folder.names(in: "/proc/self/fd/\(descriptor)") {
      var status = stat()
      guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
        status.st_mode & S_IFMT == S_IFREG
      else { continue }
      if name.hasPrefix(Self.unfinished), status.st_mtim.tv_sec < Self.now - Self.patience {
        remove(name)
        continue
      }
      let size = UInt64(max(0, status.st_size))
      total += size
      entries.append(Entry(name: name, size: size, used: max(status.st_atim.tv_sec, status.st_mtim.tv_sec)))
    }
    entries.sort { $0.used < $1.used }
    for entry in entries where total > Self.largest {
      remove(entry.name)
      total -= entry.size
    }
  }

  private static var now: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec
  }
}
