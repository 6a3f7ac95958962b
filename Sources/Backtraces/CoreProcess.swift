package import Bytes
package import CoreFiles
package import Elfutils
package import ProcessModel
package import Symbols
package import Unwinding
package import Values

/// A thread as it is listed: its number, LWP, libc's name for it, and its registers if the core has them.
package struct ListedThread: Sendable {
  /// From 1, in the order of the notes.
  package var number: Int
  package var snapshot: ThreadSnapshot
  /// Address of `struct pthread`; `nil` for a thread that libc does not know, such as a kernel worker.
  package var pthread: UInt64?
  package var isExiting: Bool
  /// `Thread 0x… (LWP n)`, or `LWP n`.
  package var targetID: String {
    var text = TextBuffer()
    appendTargetID(to: &text)
    return text.string
  }

  package func appendTargetID(to text: inout TextBuffer) {
    if let pthread {
      text.append("Thread " as StaticString)
      text.append(hex: pthread)
      text.append(" (" as StaticString)
    }
    text.append("LWP " as StaticString)
    text.append(decimal: Int64(snapshot.id))
    if pthread != nil { text.append(isExiting ? ") (Exiting)" : ")" as StaticString) }
  }
}

/// What a core does not say of its threads, and /proc does.
package struct ThreadLabels: Sendable {
  /// Names, by LWP.
  package var names: [Int32: String] = [:]
  /// The LWPs of the core by those that libc knows, where these are of another PID namespace.
  package var outerIDs: [Int32: Int32] = [:]

  package init() {}

  func seenFromOutside(_ thread: PthreadList.Pthread) -> PthreadList.Pthread {
    var thread = thread
    thread.lwp = outerIDs[thread.lwp] ?? thread.lwp
    return thread
  }
}

/// A dead process, put together: the core, the files that were loaded, and who its threads are.
package final class CoreProcess {
  package enum ThreadLibrary: Sendable {
    case absent
    case found
    case failed
  }

  package let core: CoreFile
  package let executable: ElfFile?
  package let modules: ModuleList
  package let unwinder: ProcessUnwinder
  package let threads: [ListedThread]
  package let threadLibrary: ThreadLibrary
  private var endlessList: String?

  package init(
    core: CoreFile, executable: ElfFile?, finder: FileFinder = FileFinder(),
    labels: ThreadLabels = ThreadLabels()
  ) {
    self.core = core
    self.executable = executable
    modules = ModuleList(
      executable: executable, memory: core.memory, architecture: core.architecture,
      auxiliaryVector: core.auxiliaryVector, finder: finder)
    // The memory may outlive the modules, which hold it.
    core.memory.fallback = { [weak modules] in modules?.sectionBytes(around: $0, within: $1) }
    let types = TypeReader()
    unwinder = ProcessUnwinder(
      memory: core.memory, architecture: core.architecture,
      resolver: CodeResolver(modules: modules) { TypeName.text(ofTypeEntry: $0, types: types) })
    // The types that name functions are those of their arguments: each is read once.
    unwinder.annotation = PrintingSession(resolver: unwinder.resolver, types: types)
    var listed = core.threads.enumerated().map { index, snapshot in
      ListedThread(
        number: index + 1, snapshot: snapshot, pthread: nil, isExiting: false)
    }
    switch PthreadList.read(modules: modules, memory: core.memory) {
    case .notTried, .incapable: threadLibrary = .absent
    case .failed: threadLibrary = .failed
    case .endless(let sentence):
      threadLibrary = .failed
      endlessList = sentence
    case .threads(let pthreads):
      threadLibrary = .found
      let known = labels.outerIDs.isEmpty ? pthreads : pthreads.map { labels.seenFromOutside($0) }
      Self.join(known, into: &listed, processID: core.info?.processID ?? core.threads.first?.id ?? 0)
    }
    threads = listed
    for thread in listed {
      if let address = thread.pthread { unwinder.pthreads[thread.snapshot.id] = address }
    }
  }

  /// Gives each thread the first pthread of its LWP; a pthread without a thread becomes a thread without
  /// registers, as the main thread does that left through pthread_exit (contract, T-6).
  private static func join(
    _ pthreads: [PthreadList.Pthread], into threads: inout [ListedThread], processID: Int32
  ) {
    var byLWP: [Int32: Int] = [:]
    for (index, thread) in threads.enumerated() where byLWP[thread.snapshot.id] == nil {
      byLWP[thread.snapshot.id] = index
    }
    for pthread in pthreads where pthread.lwp != -1 {
      let lwp = pthread.lwp == 0 ? processID : pthread.lwp
      if let index = byLWP[lwp] {
        guard threads[index].pthread == nil else { continue }
        threads[index].pthread = pthread.address
        threads[index].isExiting = pthread.isExiting
      } else {
        byLWP[lwp] = threads.count
        threads.append(
          ListedThread(
            number: threads.count + 1, snapshot: ThreadSnapshot(id: lwp, hasRegisters: false),
            pthread: pthread.address, isExiting: pthread.isExiting))
      }
    }
  }

  /// A line for each limit that was met so far, in structures that are not the core's own.
  package var cuts: [String] { modules.cuts + (endlessList.map { [core.path + ": " + $0] } ?? []) }

  /// How frames and values are printed.
  package var settings: PrintSettings {
    get { PrintingSession.of(unwinder).settings }
    set { PrintingSession.of(unwinder).settings = newValue }
  }

  /// The types of the process's debug files, each made once; it lives as long as the process.
  package var types: TypeReader { PrintingSession.of(unwinder).types }
  /// What addresses are called.
  package var symbolTexts: SymbolTexts { PrintingSession.of(unwinder).names }

  /// The walk over a thread's stack.
  package func unwinder(of thread: ListedThread) -> ThreadUnwinder {
    let core = self.core
    let snapshot = thread.snapshot
    return ThreadUnwinder(process: unwinder, thread: snapshot) { number in
      core.vectorRegister(number, of: snapshot)
    }
  }
}
