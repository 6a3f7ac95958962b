internal import Glibc

extension HostProcess {
  /// Nanoseconds on a clock that never jumps.
  package static var uptime: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Seconds since 1970.
  package static var time: Int64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec)
  }

  /// The largest resident size so far, in bytes.
  package static var peakMemory: UInt64 {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return UInt64(max(0, usage.ru_maxrss)) &* 1024
  }

  /// Bytes of address space in use, which `RLIMIT_AS` bounds; 0 where /proc is not mounted.
  package static var addressSpace: UInt64 {
    // proc(5): the first number of statm, in pages.
    let text = (try? SystemFiles.read("/proc/self/statm", limit: 256)) ?? []
    let pages = UInt64(String(decoding: text.prefix { $0 != 0x20 }, as: UTF8.self)) ?? 0
    return pages &* UInt64(max(0, sysconf(Int32(_SC_PAGESIZE))))
  }

  /// The lowest descriptor that is free: about as many are open.
  package static var lowestFreeDescriptor: Int32 {
    let copy = dup(0)
    guard copy >= 0 else { return .max }
    close(copy)
    return copy
  }

  /// Bounds what this process can take: its address space, open files, bytes of a file that it writes; and no core.
  ///
  /// A limit that is below the system's already stays as it is.
  package static func limit(memory: UInt64, files: UInt64, fileSize: UInt64) {
    lower(RLIMIT_AS, to: memory)
    lower(RLIMIT_NOFILE, to: files)
    lower(RLIMIT_FSIZE, to: fileSize)
    lower(RLIMIT_CORE, to: 0)
  }

  /// Bounds the CPU time of this process, which SIGXCPU ends, and the memory that is its own.
  package static func limit(cpuSeconds: UInt64, data: UInt64) {
    lower(RLIMIT_CPU, to: cpuSeconds)
    lower(RLIMIT_DATA, to: data)
  }

  private static func lower(_ resource: __rlimit_resource, to value: UInt64) {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_cur, rlim_t(value))
    limit.rlim_max = min(limit.rlim_max, rlim_t(value))
    unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
  }

  /// Bytes of private memory in use, which `RLIMIT_DATA` bounds; 0 where /proc is not mounted.
  fileprivate static var dataInUse: UInt64 {
    // proc(5): the sixth number of statm, in pages.
    let text = (try? SystemFiles.read("/proc/self/statm", limit: 256)) ?? []
    let words = text.split(separator: 0x20)
    let pages = words.count > 5 ? UInt64(String(decoding: words[5], as: UTF8.self)) ?? 0 : 0
    return pages &* UInt64(max(0, sysconf(Int32(_SC_PAGESIZE))))
  }

  /// Has the kernel end this process by SIGALRM after so many seconds, unless this is called again; 0 calls it off.
  package static func endAfter(seconds: UInt32) { _ = alarm(seconds) }

  /// The path of the running program; `nil` where /proc is not mounted.
  package static var executable: String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe readlink("/proc/self/exe", bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
  }

  /// Becomes another program with the same descriptors and environment; returns why it could not.
  package static func become(_ path: String, _ arguments: [String]) -> FileError {
    var words: [UnsafeMutablePointer<CChar>?] = unsafe [strdup(path)] + arguments.map { unsafe strdup($0) }
    unsafe words.append(nil)
    unsafe execv(path, words)
    return FileError(path: path, problem: .system(errno: errno))
  }
}

/// Bounds what a library can allocate while it is called with numbers out of a file.
package struct MemoryFence {
  /// More than is in use when the fence is put up.
  private static let allowance: UInt64 = 64 << 20
  private var limit: UInt64?

  package init() {}

  /// Calls a library that reports a failed allocation by `nil`, and once more if the fence may have stood too near: it is
  /// measured when it is first put up and after a failure, since that takes a look at /proc.
  package mutating func within<Result>(_ body: () -> Result?) -> Result? {
    if limit != nil, let result = fenced(body) { return result }
    limit = HostProcess.dataInUse &+ Self.allowance
    return fenced(body)
  }

  private func fenced<Result>(_ body: () -> Result?) -> Result? {
    var before = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_DATA.rawValue)
    guard let limit, limit > Self.allowance, unsafe getrlimit(resource, &before) == 0,
      before.rlim_cur > rlim_t(limit)
    else { return body() }
    var nearer = before
    nearer.rlim_cur = rlim_t(limit)
    unsafe setrlimit(resource, &nearer)
    defer { unsafe setrlimit(resource, &before) }
    return body()
  }
}
