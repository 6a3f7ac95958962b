package import CoreFiles
package import ProcFiles
package import ProcessModel

/// What classification looks at: a process image as notes and memory give it, wherever they come from.
///
/// `KernelWorkers` may import CoreFiles and below; it knows no symbols and no unwinding. To teach it another
/// architecture see `WorkerMarks`; another kind of kernel thread, `ThreadKind` and `Classifier.kind`.
package struct ThreadImage {
  package var architecture: Architecture
  package var writer: CoreWriter
  /// In note order: the kernel writes the thread that dumped first.
  package var threads: [ThreadSnapshot]
  /// Same order and count as `threads`.
  package var notes: [ThreadNotes]
  package var mappings: [FileMapping]
  package var memory: ProcessMemory
  /// What /proc said of the threads, by LWP; empty where nobody asked it.
  package var facts: [Int32: ProcThread] = [:]
  /// Whether the numbers in workers' names are LWPs of this image; `nil` where that is not known.
  package var hasInitialNumbers: Bool?
  /// `nil` where the image does not tell.
  package var kernel: KernelVersion?

  package init(
    architecture: Architecture, writer: CoreWriter, threads: [ThreadSnapshot], notes: [ThreadNotes],
    mappings: [FileMapping], memory: ProcessMemory
  ) {
    precondition(threads.count == notes.count)
    self.architecture = architecture
    self.writer = writer
    self.threads = threads
    self.notes = notes
    self.mappings = mappings
    self.memory = memory
  }

  package init(core: CoreFile, process: ProcProcess? = nil) {
    self.init(
      architecture: core.architecture, writer: core.writer, threads: core.threads, notes: core.threadNotes,
      mappings: core.fileMappings, memory: core.memory)
    for thread in process?.threads ?? [] { facts[thread.id] = thread }
    kernel = KernelVersion(core: core)
    hasInitialNumbers = process?.isInInitialNamespace
  }

  /// A register by name; `nil` where the architecture or the note has none.
  func register(_ name: String?, of index: Int) -> UInt64? {
    name.flatMap { threads[index].register(named: $0, of: architecture) }
  }

  /// The TLS pointer: a register, or a note of its own.
  func threadPointer(of index: Int) -> UInt64? {
    notes[index].threadPointer ?? register(architecture.threadPointer, of: index)
  }

  /// Whether NT_FILE names an io_uring. A ring in the application's own memory is not seen.
  var mapsRing: Bool { mappings.contains { RingReader.isRing($0) } }
}

/// The class of each thread, in the order of `core.threads`.
package func classify(core: CoreFile, process: ProcProcess? = nil) -> [ThreadClass] {
  classify(ThreadImage(core: core, process: process))
}

/// The class of each thread, in the order of `image.threads`.
package func classify(_ image: ThreadImage) -> [ThreadClass] {
  var classifier = Classifier(image)
  return classifier.run()
}
