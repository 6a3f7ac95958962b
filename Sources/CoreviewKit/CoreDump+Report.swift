internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import Elfutils
internal import ProcessModel
public import Reporting
internal import Symbols

extension CoreDump {
  /// Everything that is said about the core. Walks all threads: the longer part of the work.
  ///
  /// `parts` are what costs more than a first look wants to wait for.
  public func report(limits: ReportLimits = ReportLimits(), parts: Report.Parts = []) -> Report {
    let core = process.core
    var report = Report()
    report.generator = "coreview " + Self.version
    report.core = path
    report.origin = origin
    report.capture = captureFacts
    report.executable = process.executable?.path
    report.architecture = core.architecture.name
    report.addressDigits = core.architecture.addressDigits
    report.process.pid = core.info?.processID
    report.process.command = core.info?.command
    report.process.arguments = core.info?.arguments
    report.record = record
    let reason = CrashReason(core: core)
    report.signal = reason.signal
    report.reason = origin == .core ? reason.sentence : state

    var notes = core.gaps.map { Report.Note(kind: .core, isIncomplete: true, text: $0.what) } + self.notes
    var stacksLeftOut: [UInt64] = []
    let facts = WorkerFacts(process: process, facts: facts)
    var folder = StackFolder(process: process, limits: limits)
    for listed in process.threads {
      var thread = Self.thread(listed)
      // The kernel writes the thread that crashed first.
      thread.isCrashed = listed.number == 1 && reason.signal != nil
      thread.hasRegisters = thread.hasRegisters && origin != .procFolder
      facts.complete(&thread)
      guard !thread.kind.isWorker else {
        report.workers.append(thread)
        continue
      }
      if thread.kind == .damaged { notes.append(damageNote(thread)) }
      if let pointer = Self.lackingStack(listed, core) { stacksLeftOut.append(pointer) }
      folder.add(thread, of: listed)
    }
    report.rings = facts.rings(limit: limits.ringEntries)
    if !core.architecture.isUnwound {
      notes.append(
        Report.Note(
          kind: .limit, isIncomplete: true,
          text:
            "unwinding is not supported for \(core.architecture.name): of each thread the innermost frame is shown"
        ))
    }
    if let first = stacksLeftOut.first {
      notes.append(
        Report.Note(
          kind: .core, isIncomplete: true,
          text:
            "\(path): holds no stack of \(stacksLeftOut.count) \(stacksLeftOut.count == 1 ? "thread" : "threads"):"
            + " memory, of the first at \(first.hexadecimal), was left out when it was written (coredump_filter: see core(5)); frames are missing"
        ))
    }
    report.stacks = folder.stacks
    CrashReport(process: process, rules: { self.roles }).complete(&report, reason, parts)
    if origin == .procFolder {
      for index in report.stacks.indices { report.stacks[index].stopReason = nil }
      notes.append(
        Report.Note(
          kind: .limit, isIncomplete: true,
          text: "\(path): a copy of /proc has no memory: of each thread there is only where it was"))
    }
    let loaded = LoadedFiles(
      process: process, finder: finder, sites: folder.sites, others: facts.names.modules, said: notes)
    report.modules = loaded.modules
    // Of a process that runs on, libc's list may have been read in the middle of a change.
    notes += (live == nil ? process.cuts : process.modules.cuts).map {
      Report.Note(kind: .limit, isIncomplete: true, text: $0)
    }
    notes += core.lateGaps.map { Report.Note(kind: .core, isIncomplete: true, text: $0.what) }
    report.notes = Self.condensed(notes + loaded.notes + folder.notes)
    if folder.stacks.contains(where: { $0.omittedFrames > 0 }) {
      report.notes.append(
        Report.Note(
          kind: .limit, isIncomplete: false,
          text:
            "of each stack the innermost \(limits.innermostFrames) and the outermost \(limits.outermostFrames)"
            + " frames are shown; coreview gdb prints all"))
    }
    return report
  }

  /// Each note once, and of each kind not more than a reader reads.
  private static func condensed(_ notes: [Report.Note]) -> [Report.Note] {
    var result: [Report.Note] = []
    var seen: Set<String> = []
    var counts: [Report.Note.Kind: Int] = [:]
    for note in notes where seen.insert(note.text).inserted {
      counts[note.kind, default: 0] += 1
      if counts[note.kind, default: 0] <= maximumNotes { result.append(note) }
    }
    for kind in [Report.Note.Kind.core, .executable, .library, .limit] {
      guard let count = counts[kind], count > maximumNotes else { continue }
      result.append(
        Report.Note(
          kind: kind, isIncomplete: true, text: "\(count - maximumNotes) more notes of this kind are left out"
        ))
    }
    return result
  }

  /// Notes of one kind.
  private static let maximumNotes = 32

  private static func thread(_ listed: ListedThread) -> Report.Thread {
    var thread = Report.Thread()
    thread.number = listed.number
    thread.lwp = listed.snapshot.id
    thread.pthread = listed.pthread
    thread.isExiting = listed.isExiting
    thread.hasRegisters = listed.snapshot.hasRegisters
    return thread
  }

  private func damageNote(_ thread: Report.Thread) -> Report.Note {
    let why = thread.evidence.first.map { ": " + $0.text } ?? ""
    return Report.Note(
      kind: .core, isIncomplete: true,
      text: "\(path): the status note of thread \(thread.number) (LWP \(thread.lwp)) is damaged\(why)")
  }

  /// A thread's stack pointer, where the memory at it was announced without bytes. A guard page is no stack.
  private static func lackingStack(_ listed: ListedThread, _ core: CoreFile) -> UInt64? {
    guard listed.snapshot.hasRegisters,
      let pointer = listed.snapshot.registers[core.architecture.stackPointer],
      let segment = core.memory.segment(containing: pointer)
    else { return nil }
    return segment.isWritable && segment.fileBytes == 0 ? pointer : nil
  }
}

extension Architecture {
  /// Whether stacks can be walked: callers are found by CFI and, where there is none, by prologues.
  var isUnwound: Bool {
    switch prologue {
    case .amd64, .i386: true
    case .none: false
    }
  }
}
