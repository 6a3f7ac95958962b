internal import CoreFiles
internal import GDBFace
internal import ProcessModel
package import Reporting

/// What is left to say when the analysis itself was lost.
extension CoreDump {
  /// The threads of a core with the address where each was, and the registers of the one that crashed: from its notes
  /// alone. No other file is opened, and no memory of the process is read. `lost` says what happened.
  package static func salvage(path: String, lost: String) throws(CoreDumpError) -> Report {
    let core: CoreFile
    do {
      core = try CoreFile(path: path)
    } catch {
      throw CoreDumpError(path: path, description: "\(lost); \(error.description)")
    }
    try requireThreads(core, path)
    var report = Report()
    report.generator = "coreview " + version
    report.core = path
    report.architecture = core.architecture.name
    report.addressDigits = core.architecture.addressDigits
    report.process.pid = core.info?.processID
    report.process.command = core.info?.command
    report.process.arguments = core.info?.arguments
    let reason = CrashReason(core: core)
    report.signal = reason.signal
    report.reason = reason.sentence
    for (index, snapshot) in core.threads.enumerated() {
      report.stacks.append(stack(snapshot, index, core, isCrashed: index == 0 && reason.signal != nil))
    }
    if let first = core.threads.first { report.registers = registers(first, core.architecture) }
    report.notes = core.gaps.map { Report.Note(kind: .core, isIncomplete: true, text: $0.what) }
    report.notes.append(
      Report.Note(
        kind: .limit, isIncomplete: true,
        text: "\(path): \(lost): threads and registers are what the core's notes say, and no more was read"))
    return report
  }

  private static func stack(_ snapshot: ThreadSnapshot, _ index: Int, _ core: CoreFile, isCrashed: Bool)
    -> Report.Stack
  {
    var thread = Report.Thread()
    thread.number = index + 1
    thread.lwp = snapshot.id
    thread.isCrashed = isCrashed
    thread.hasRegisters = snapshot.hasRegisters
    var stack = Report.Stack()
    stack.threads = [thread]
    if snapshot.hasRegisters, let pc = snapshot.registers[core.architecture.programCounter] {
      var frame = Report.Frame()
      frame.trust = .context
      frame.pc = pc
      stack.frames = [frame]
      stack.frameCount = 1
    }
    return stack
  }

  private static func registers(_ snapshot: ThreadSnapshot, _ architecture: Architecture)
    -> [Report.Register]
  {
    architecture.registers.filter { $0.name != "reserved" }.compactMap { register in
      guard let value = snapshot.register(named: register.name, of: architecture) else { return nil }
      var result = Report.Register()
      result.name = register.name
      result.value = value
      return result
    }
  }

  /// The name of a signal, as `SIGSEGV`.
  package static func name(ofSignal number: Int32) -> String {
    let name = SignalNames.describe(Int(number)).name
    return name == "?" ? "signal \(number)" : name
  }
}
