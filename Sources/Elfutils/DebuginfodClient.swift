package import Bytes
internal import Glibc

/// debuginfod servers, asked through libdebuginfod: `DEBUGINFOD_URLS` and its companions mean what
/// debuginfod_find_debuginfo(3) says.
///
/// The library is loaded when the first file is asked for: it brings libcurl with it. A server that does not get
/// on is given up, and not asked again in this run.
package final class DebuginfodClient {
  package enum Kind: Sendable {
    case debugInfo
    case executable
    /// A source file, by the absolute path under which it was compiled.
    case source(String)
  }

  package enum Answer {
    case found(FileBytes)
    /// No server has it.
    case missing
    /// Why no server could be asked, or how it failed: said once, `nil` from then on; and the system's word for it.
    case failed(String?, error: String = "")
  }

  private typealias Client = OpaquePointer
  private typealias Begin = @convention(c) () -> Client?
  private typealias End = @convention(c) (Client?) -> Void
  private typealias Find =
    @convention(c) (
      Client?, UnsafePointer<UInt8>?, Int32, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32
  private typealias FindSource =
    @convention(c) (
      Client?, UnsafePointer<UInt8>?, Int32, UnsafePointer<CChar>?,
      UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32
  private typealias Progress = @convention(c) (Client?, Int, Int) -> Int32
  private typealias SetProgress = @convention(c) (Client?, Progress?) -> Void
  private typealias SetData = @convention(c) (Client?, UnsafeMutableRawPointer?) -> Void
  private typealias GetData = @convention(c) (Client?) -> UnsafeMutableRawPointer?

  /// What the library offers, and the client; `nil` where it is not installed.
  @safe private struct Library {
    var client: Client
    var end: End
    var findDebugInfo: Find
    var findExecutable: Find
    var findSource: FindSource
  }

  /// Seconds in which a server has to send `leastBytes`; debuginfod(8)'s own limit of 90 is made for people who wait.
  private static let patience = 10
  private static let leastBytes = 65536
  /// Larger answers are cut off: no debug file has this size.
  private static let largestAnswer = 8 << 30

  /// The servers, or `nil` where none is named.
  package static var urls: String? {
    guard let urls = HostProcess.variable("DEBUGINFOD_URLS"), urls.contains(where: { $0 != " " }) else {
      return nil
    }
    return urls
  }

  private let urls: String
  private var library: Library??
  private var hasGivenUp = false
  private let transfer: Transfer

  /// `nil` where no server is named. `showProgress` prints one line on stderr while something is fetched.
  package init?(showsProgress: Bool) {
    guard let urls = Self.urls else { return nil }
    self.urls = urls
    let seconds = HostProcess.variable("DEBUGINFOD_TIMEOUT").flatMap { Int($0) } ?? 0
    transfer = Transfer(
      patience: seconds > 0 ? seconds : Self.patience,
      showsProgress: showsProgress || HostProcess.variable("DEBUGINFOD_PROGRESS") != nil)
  }

  deinit {
    if let library = library ?? nil { unsafe library.end(library.client) }
  }

  /// Asks for the file with a build ID; `name` is for the progress line. `started` is called when a server is being waited
  /// for, and not where the cache of earlier answers knows, with the size of what comes, or 0.
  ///
  /// A server that fails is not asked again, unless `asksOn`: then only one that does not get on.
  package func find(
    _ kind: Kind, buildID: [UInt8], name: String, asksOn: Bool = false, started: ((Int) -> Void)? = nil
  ) -> Answer {
    guard !hasGivenUp, !buildID.isEmpty else { return .failed(nil) }
    guard let library = load() else {
      hasGivenUp = true
      return .failed("DEBUGINFOD_URLS is set, but libdebuginfod is not installed: no server was asked")
    }
    transfer.begin(name, started)
    let code = ask(library, kind, buildID)
    transfer.end()
    if code >= 0 {
      do throws(FileError) {
        return .found(try FileBytes(adopting: code, path: "debuginfod:\(name)"))
      } catch {
        return .failed("debuginfod: \(error.description)")
      }
    }
    // The library says ENOENT for a transfer that was ended, too.
    if -code == ENOENT, !transfer.isLate { return .missing }
    let isLate = transfer.isLate || -code == ETIME || -code == ETIMEDOUT
    hasGivenUp = isLate || !asksOn
    let why = unsafe String(cString: strerror(isLate ? ETIME : -code))
    if isLate {
      return .failed(
        "debuginfod (\(urls)): no answer within \(transfer.patience) s; not asked again"
          + " (DEBUGINFOD_TIMEOUT sets the limit, --no-debuginfod asks none)", error: why)
    }
    return .failed(
      asksOn ? nil : "debuginfod (\(urls)): \(why); not asked again (--no-debuginfod asks none)", error: why)
  }

  private func ask(_ library: Library, _ kind: Kind, _ buildID: [UInt8]) -> Int32 {
    unsafe buildID.withUnsafeBufferPointer { bytes in
      let count = Int32(bytes.count)
      return switch kind {
      case .debugInfo: unsafe library.findDebugInfo(library.client, bytes.baseAddress, count, nil)
      case .executable: unsafe library.findExecutable(library.client, bytes.baseAddress, count, nil)
      case .source(let path):
        unsafe path.withCString {
          unsafe library.findSource(library.client, bytes.baseAddress, count, $0, nil)
        }
      }
    }
  }

  private func load() -> Library? {
    if let library { return library }
    let made = makeLibrary()
    library = .some(made)
    return made
  }

  private func makeLibrary() -> Library? {
    guard let handle = unsafe dlopen("libdebuginfod.so.1", RTLD_NOW | RTLD_LOCAL),
      let begin = unsafe dlsym(handle, "debuginfod_begin"), let end = unsafe dlsym(handle, "debuginfod_end"),
      let debugInfo = unsafe dlsym(handle, "debuginfod_find_debuginfo"),
      let executable = unsafe dlsym(handle, "debuginfod_find_executable"),
      let source = unsafe dlsym(handle, "debuginfod_find_source"),
      let setProgress = unsafe dlsym(handle, "debuginfod_set_progressfn"),
      let setData = unsafe dlsym(handle, "debuginfod_set_user_data"),
      let getData = unsafe dlsym(handle, "debuginfod_get_user_data"),
      let client = unsafe unsafeBitCast(begin, to: Begin.self)()
    else { return nil }
    unsafe Transfer.getData = unsafeBitCast(getData, to: GetData.self)
    unsafe unsafeBitCast(setData, to: SetData.self)(client, Unmanaged.passUnretained(transfer).toOpaque())
    unsafe unsafeBitCast(setProgress, to: SetProgress.self)(client) { client, done, total in
      guard let data = unsafe Transfer.getData?(client) else { return 0 }
      return unsafe Unmanaged<Transfer>.fromOpaque(data).takeUnretainedValue().step(done, total) ? 0 : 1
    }
    return unsafe Library(
      client: client, end: unsafeBitCast(end, to: End.self),
      findDebugInfo: unsafeBitCast(debugInfo, to: Find.self),
      findExecutable: unsafeBitCast(executable, to: Find.self),
      findSource: unsafeBitCast(source, to: FindSource.self))
  }

  /// One file on its way: whether it gets on, and the line that says so.
  private final class Transfer {
    nonisolated(unsafe) static var getData: GetData?

    let patience: Int
    private let showsProgress: Bool
    private var name = ""
    private var windowStart: Int = 0
    private var windowBytes = 0
    private var shown = -1
    private(set) var isLate = false
    private var started: ((Int) -> Void)?

    init(patience: Int, showsProgress: Bool) {
      self.patience = patience
      self.showsProgress = showsProgress
    }

    func begin(_ name: String, _ started: ((Int) -> Void)?) {
      self.started = started
      self.name = String(decoding: Escaping.inert(Array(name.utf8)), as: UTF8.self)
      windowStart = Self.seconds
      windowBytes = 0
      shown = -1
      isLate = false
    }

    /// Called many times a second while a file is waited for or comes in; `false` ends it.
    func step(_ done: Int, _ total: Int) -> Bool {
      started?(total)
      started = nil
      let now = Self.seconds
      if now - windowStart >= patience {
        if done - windowBytes < leastBytes {
          isLate = true
          return false
        }
        windowStart = now
        windowBytes = done
      }
      if done > largestAnswer { return false }
      if showsProgress, done >> 16 != shown {
        shown = done >> 16
        let size =
          total > 0 ? "\(done >> 10) of \(total >> 10) KiB" : done > 0 ? "\(done >> 10) KiB" : "asking"
        Self.write("\r\u{1b}[Kcoreview: debuginfod: \(name): \(size)")
      }
      return true
    }

    func end() {
      if showsProgress, shown >= 0 { Self.write("\r\u{1b}[K") }
    }

    private static var seconds: Int {
      var time = timespec()
      unsafe clock_gettime(CLOCK_MONOTONIC, &time)
      return time.tv_sec
    }

    private static func write(_ text: String) {
      var buffer = TextBuffer()
      buffer.append(text)
      buffer.flush(to: 2)
    }
  }
}
