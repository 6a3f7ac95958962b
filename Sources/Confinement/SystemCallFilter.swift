internal import CConfinement
internal import Glibc

/// The system calls of an analysis, as a program for the kernel; see seccomp(2).
///
/// A list of what is allowed. Everything else fails with EPERM and does not kill: a libc that tries something new finds
/// another way or fails in one place.
struct SystemCallFilter {
  private var program: [sock_filter] = []

  /// What a filter answers (SECCOMP_RET_*).
  private static let allow: UInt32 = 0x7fff_0000
  private static let refuse: UInt32 = 0x0005_0000 | UInt32(EPERM)
  private static let kill: UInt32 = 0x8000_0000
  // Instructions of classic BPF: load a word of `struct seccomp_data`, compare, mask, return.
  private static let load: UInt16 = 0x20
  private static let jump: UInt16 = 0x05
  private static let jumpEqual: UInt16 = 0x15
  private static let jumpAtLeast: UInt16 = 0x35
  private static let jumpAny: UInt16 = 0x45
  private static let answer: UInt16 = 0x06
  // Offsets in `struct seccomp_data`; of arguments the low halves on the machines that are known.
  private static let numberOffset: UInt32 = 0
  private static let architectureOffset: UInt32 = 4
  private static func argumentOffset(_ index: UInt32) -> UInt32 { 16 + 8 * index }

  /// Where it leads when files may be asked of servers: everything is allowed but what starts programs, looks into other
  /// processes or changes the system.
  private static let refusedWithNetwork: [Int32] = [
    Int32(SYS_execve), Int32(SYS_execveat), Int32(SYS_ptrace), Int32(SYS_process_vm_readv),
    Int32(SYS_process_vm_writev), Int32(SYS_mount), Int32(SYS_umount2), Int32(SYS_pivot_root),
    Int32(SYS_chroot), Int32(SYS_unshare), Int32(SYS_setns), Int32(SYS_bpf), Int32(SYS_perf_event_open),
    Int32(SYS_init_module), Int32(SYS_finit_module), Int32(SYS_delete_module), Int32(SYS_kexec_load),
    Int32(SYS_reboot), Int32(SYS_swapon), Int32(SYS_swapoff), Int32(SYS_keyctl), Int32(SYS_add_key),
    Int32(SYS_request_key), Int32(SYS_settimeofday), Int32(SYS_clock_settime), Int32(SYS_acct),
    Int32(SYS_quotactl), Int32(SYS_syslog), Int32(SYS_io_uring_setup), Int32(SYS_userfaultfd),
  ]

  init(_ permissions: Permissions) {
    let architecture = coreview_filter_architecture()
    guard architecture != 0 else { return }
    append(Self.load, Self.architectureOffset)
    append(Self.jumpEqual, architecture, yes: 1)
    append(Self.answer, Self.kill)
    append(Self.load, Self.numberOffset)
    if permissions.usesNetwork {
      appendRanges(of: Self.refusedWithNetwork, Self.refuse)
      append(Self.answer, Self.allow)
      return
    }
    let writes = !permissions.writableFolders.isEmpty || !permissions.writableFiles.isEmpty
    var calls = Self.list(coreview_reading_call)
    if writes {
      // openat(2) is Landlock's business then, whose rules know the folders.
      calls += Self.list(coreview_writing_call) + [Int32(SYS_openat)]
    }
    appendRanges(of: calls, Self.allow)
    if !writes {
      // Opening is reading: no flag that writes, makes or cuts a file.
      appendArgument(
        of: Int32(SYS_openat), 2, Self.jumpAny, UInt32(O_WRONLY | O_RDWR | O_CREAT | O_TRUNC),
        holds: Self.refuse,
        otherwise: Self.allow)
    }
    // Its own limits, which can only become lower for good: `MemoryFence`.
    appendArgument(of: Int32(SYS_prlimit64), 0, Self.jumpEqual, 0, holds: Self.allow, otherwise: nil)
    // Whether a descriptor is a terminal, and its width: nothing that feeds it with input.
    for request in [UInt32(TCGETS), UInt32(TIOCGWINSZ)] {
      appendArgument(
        of: Int32(SYS_ioctl), 1, Self.jumpEqual, request, holds: Self.allow, otherwise: nil)
    }
    // abort(3) signals itself.
    appendArgument(
      of: Int32(SYS_tgkill), 0, Self.jumpEqual, UInt32(bitPattern: getpid()), holds: Self.allow,
      otherwise: nil)
    append(Self.answer, Self.refuse)
  }

  private static func list(_ call: (UInt32) -> Int32) -> [Int32] {
    var calls: [Int32] = []
    while case let number = call(UInt32(calls.count)), number >= 0 { calls.append(number) }
    return calls
  }

  private mutating func append(_ code: UInt16, _ operand: UInt32, yes: UInt8 = 0, no: UInt8 = 0) {
    program.append(sock_filter(code: code, jt: yes, jf: no, k: operand))
  }

  /// Answers for the calls of a list, by halving: the kernel runs the filter once for each call there is when it is
  /// installed, to keep the answers that depend on nothing but the number, and a list in a row took 0.8 ms.
  private mutating func appendRanges(of calls: [Int32], _ verdict: UInt32) {
    var ranges: [ClosedRange<UInt32>] = []
    for call in calls.sorted().map({ UInt32($0) }) {
      if let last = ranges.last, call <= last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, call)
      } else {
        ranges.append(call...call)
      }
    }
    program += Self.search(ranges[...], verdict, following: 0)
  }

  /// `following` counts the instructions between these and the end of the search, where a number that is in no range
  /// goes on.
  private static func search(
    _ ranges: ArraySlice<ClosedRange<UInt32>>, _ verdict: UInt32, following: Int
  ) -> [sock_filter] {
    guard let first = ranges.first else { return [] }
    guard ranges.count > 1 else {
      return [
        sock_filter(code: jumpAtLeast, jt: 0, jf: 2, k: first.lowerBound),
        sock_filter(code: jumpAtLeast, jt: 1, jf: 0, k: first.upperBound + 1),
        sock_filter(code: answer, jt: 0, jf: 0, k: verdict),
        sock_filter(code: jump, jt: 0, jf: 0, k: UInt32(following)),
      ]
    }
    let middle = ranges.startIndex + ranges.count / 2
    let high = search(ranges[middle...], verdict, following: following)
    let low = search(ranges[..<middle], verdict, following: following + high.count)
    // 40 ranges make 80 instructions in the lower half: a conditional jump reaches 255.
    let choice = sock_filter(code: jumpAtLeast, jt: UInt8(low.count), jf: 0, k: ranges[middle].lowerBound)
    return [choice] + low + high
  }

  /// Answers for one call by its argument, of which the low half is compared; `nil` goes on with the next rule.
  private mutating func appendArgument(
    of call: Int32, _ index: UInt32, _ test: UInt16, _ operand: UInt32, holds: UInt32, otherwise: UInt32?
  ) {
    append(Self.jumpEqual, UInt32(call), no: 4)
    append(Self.load, Self.argumentOffset(index))
    append(test, operand, no: 1)
    append(Self.answer, holds)
    if let otherwise { append(Self.answer, otherwise) } else { append(Self.load, Self.numberOffset) }
  }

  /// Puts the filter in force for this process, for good.
  func install() {
    guard !program.isEmpty else { return }
    var instructions = program
    unsafe instructions.withUnsafeMutableBufferPointer { buffer in
      var whole = unsafe sock_fprog(len: UInt16(buffer.count), filter: buffer.baseAddress)
      _ = unsafe coreview_set_filter(&whole)
    }
  }
}
