internal import Bytes
internal import Backtraces
internal import CoreFiles
internal import ProcessModel
internal import Reporting
internal import Symbols
internal import Triage
internal import Unwinding

/// Which threads wait for which, by the functions they stand in and the memory of what they wait for.
///
/// glibc on x86-64: `pthread_mutex_t` begins with the lock word, the depth and the owner's TID (`__owner`, at 8);
/// `pthread_rwlock_t` has the writer's TID (`__cur_writer`) at 24; `struct pthread` holds the TID that pthread_join
/// waits on. The arguments of functions that are waiting are found as their first parameter, or where the frames of
/// libc keep it; what does not look like a lock is not told.
struct LockReader {
  let process: CoreProcess

  private static let mostThreads = 4096
  private static let searchedFrames = 12
  private static let mutexFunctions: Set<String> = [
    "___pthread_mutex_lock", "__pthread_mutex_lock", "pthread_mutex_lock", "__pthread_mutex_lock_full",
    "___pthread_mutex_timedlock", "pthread_mutex_timedlock", "__pthread_mutex_cond_lock",
    "__GI___pthread_mutex_lock",
  ]

  private var memory: ProcessMemory { process.core.memory }

  func locks() -> Report.Locks? {
    guard process.core.architecture.name == "x86-64" else { return nil }
    let alive = Set(process.threads.map(\.snapshot.id))
    var result = Report.Locks()
    for thread in process.threads.prefix(Self.mostThreads) where thread.snapshot.hasRegisters {
      guard var wait = wait(of: thread) else { continue }
      wait.isOwnerAlive = wait.owner.map { alive.contains($0) } ?? true
      result.waits.append(wait)
    }
    result.cycles = Self.cycles(result.waits)
    return result
  }

  private func wait(of thread: ListedThread) -> Report.Lock? {
    let registers = SceneMaker.registers(of: thread, process.core.architecture)
    // futex(2) sleeps with its number in orig_rax and the address in rdi.
    guard registers["orig_rax"] == 202, let word = registers["rdi"] else { return nil }
    var walker = StackWalker(thread: process.unwinder(of: thread))
    var names: [String] = []
    for _ in 0..<Self.searchedFrames {
      guard let frame = walker.next() else { break }
      let name =
        frame.function?.name.map { String(decoding: $0, as: UTF8.self) } ?? frame.code.symbol?.name ?? ""
      names.append(name)
    }
    var wait = Report.Lock()
    wait.waiter = thread.snapshot.id
    wait.address = word
    if names.contains(where: Self.mutexFunctions.contains)
      || names.contains(where: { $0.contains("pthread_mutex_lock") })
    {
      mutex(word, &wait)
    } else if names.contains(where: { $0.contains("pthread_rwlock_") }) {
      wait.kind = .readWriteLock
      // The futex is the writers' or the readers' word; the lock begins up to 16 bytes before it.
      wait.evidence = "futex word \(word.hexadecimal) of a thread in pthread_rwlock_*"
    } else if names.contains(where: { $0.contains("pthread_cond_") }) {
      wait.kind = .condition
      wait.evidence = "futex word \(word.hexadecimal) of a thread in pthread_cond_*"
    } else if names.contains(where: {
      $0.contains("pthread_clockjoin") || $0.contains("pthread_join") || $0.contains("pthread_timedjoin")
    }) {
      wait.kind = .join
      // The kernel clears the word when the thread ends; until then it is its TID.
      if let tid = try? memory.readUnsigned(at: word, size: 4), tid != 0 {
        wait.owner = Int32(truncatingIfNeeded: tid)
        wait.evidence = "TID \(tid) at \(word.hexadecimal), which pthread_join waits on"
      }
    } else {
      wait.kind = .futex
      wait.evidence = "futex word \(word.hexadecimal)"
    }
    let symbol = FrameWriter.symbolSuffix(of: word, in: process.unwinder)
    if !symbol.isEmpty { wait.symbol = String(symbol.dropFirst(2).dropLast()) }
    return wait
  }

  /// The lock word is the mutex's first: 1 or 2 while it is held, and its owner at 8.
  private func mutex(_ word: UInt64, _ wait: inout Report.Lock) {
    wait.kind = .mutex
    wait.evidence = "futex word \(word.hexadecimal) of a thread in pthread_mutex_lock"
    guard let state = try? memory.readUnsigned(at: word, size: 4), state != 0,
      let owner = try? memory.readUnsigned(at: word &+ 8, size: 4), owner != 0, owner < 1 << 22
    else { return }
    wait.owner = Int32(truncatingIfNeeded: owner)
    wait.evidence = "__owner \(owner) at \((word &+ 8).hexadecimal), lock word \(state)"
  }

  /// Rings of waiters; each is told once, from its smallest LWP.
  static func cycles(_ waits: [Report.Lock]) -> [[Int32]] {
    var next: [Int32: Int32] = [:]
    for wait in waits { if let owner = wait.owner { next[wait.waiter] = owner } }
    var result: [[Int32]] = []
    var done: Set<Int32> = []
    for start in next.keys.sorted() where !done.contains(start) {
      var path: [Int32] = []
      var at: Int32? = start
      while let current = at, !done.contains(current), !path.contains(current) {
        path.append(current)
        at = next[current]
      }
      if let current = at, let first = path.firstIndex(of: current) {
        let ring = Array(path[first...])
        let least = ring.indices.min { ring[$0] < ring[$1] } ?? 0
        result.append(Array(ring[least...] + ring[..<least]))
      }
      done.formUnion(path)
    }
    return result
  }
}
