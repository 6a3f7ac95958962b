internal import Backtraces
internal import Bytes
internal import Elfutils
internal import ProcessModel
internal import Symbols
internal import Unwinding

/// `info frame [LEVEL | level N | function NAME | address A]`.
enum FrameInfoCommand {
  /// A frame with its neighbours on the stack.
  private struct Neighbours {
    var inner: Frame?
    var frame: Frame
    var outer: Frame?
    var ending: StopReason?
    /// The pc of the caller of the function that is really on the stack here.
    var savedPC: UInt64?
    /// The frame on the stack inside the one that an inlined function is part of: what it saved is what an
    /// inlined frame has to show.
    var innerOnStack: PhysicalFrame?
  }

  static func run(_ session: Session, _ text: String) throws(CommandError) {
    let level = try FrameCommands.level(text, in: session) ?? session.selectedLevel
    guard let found = try neighbours(level, in: session) else { throw CommandError("No stack.") }
    write(found, isSelected: text.isEmpty, in: session)
  }

  private static func neighbours(_ level: Int, in session: Session) throws(CommandError) -> Neighbours? {
    let (process, thread) = try session.currentThread()
    var walker = StackWalker(thread: process.unwinder(of: thread))
    var inner: Frame?
    var innerOnStack: PhysicalFrame?
    while let frame = walker.next() {
      if let inner, inner.physical !== frame.physical { innerOnStack = inner.physical }
      guard frame.level == level else {
        inner = frame
        continue
      }
      var result = Neighbours(inner: inner, frame: frame, outer: walker.next())
      result.ending = walker.ending
      result.innerOnStack = innerOnStack
      // Functions that were inlined or left by a jump have no return address of their own.
      var real = frame
      if frame.kind == .tailCall {
        var next = result.outer
        while let current = next, current.kind == .tailCall { next = walker.next() }
        if let next { real = next }
      }
      result.savedPC = try? real.physical.caller.get().programCounter
      return result
    }
    return nil
  }

  private static func write(_ found: Neighbours, isSelected: Bool, in session: Session) {
    let frame = found.frame
    let physical = frame.physical
    let architecture = physical.thread.process.architecture
    let pc = RegisterOrder.alias("pc", of: architecture) ?? "pc"
    let template = FrameTemplates.template(for: frame)
    var text = TextBuffer()
    text.append(isSelected ? "Stack level \(frame.level), frame at " : "Stack frame at ")
    text.append(hex: address(of: frame))
    text.append(":\n \(pc) = ")
    text.append(hex: frame.programCounter)
    if let name = template.function {
      text.append(" in ")
      text.append(bytes: Escaping.inert(name))
    }
    if let file = template.file {
      text.append(" (")
      text.append(bytes: Escaping.inert(file))
      text.append(":\(template.line))")
    }
    text.append("; saved \(pc) = ")
    if let saved = found.savedPC { text.append(hex: saved) } else { text.append("<not saved>") }
    text.append("\n")
    relations(found, into: &text)
    if let unit = frame.code.unit, frame.kind != .signalTrampoline || template.file != nil {
      text.append(
        " source language \(LanguageNames.name(of: template.file.map(unit.language(ofFile:)) ?? unit.language)).\n"
      )
    }
    places(found, template, into: &text)
    session.output.append(text)
  }

  /// The address that names a frame; the outermost one has none.
  private static func address(of frame: Frame) -> UInt64 {
    if case .success(let id) = frame.physical.id, !frame.physical.hasNoCaller { return id.stackAddress }
    return 0
  }

  private static func relations(_ found: Neighbours, into text: inout TextBuffer) {
    if let outer = found.outer {
      switch found.frame.kind {
      case .tailCall: text.append(" tail call frame")
      case .inlined: text.append(" inlined into frame \(outer.level)")
      default:
        text.append(" called by frame at ")
        text.append(hex: address(of: outer))
      }
    } else if let ending = found.ending {
      text.append(" Outermost frame: \(ending.message ?? "outermost")\n")
    }
    if let inner = found.inner {
      text.append(found.outer != nil ? ", caller of frame at " : " caller of frame at ")
      text.append(hex: address(of: inner))
    }
    if found.inner != nil || found.outer != nil { text.append("\n") }
  }

  private static func places(
    _ found: Neighbours, _ template: FrameTemplate, into text: inout TextBuffer
  ) {
    let frame = found.frame
    let physical = frame.physical
    let architecture = physical.thread.process.architecture
    let base = frame.kind == .normal ? physical.prologueBase : nil
    if let base {
      text.append(" Arglist at ")
      text.append(hex: base)
      text.append(", args: ")
      text.append(bytes: template.argumentText(of: frame))
      text.append("\n Locals at ")
      text.append(hex: base)
      text.append(",")
    } else {
      text.append(" Arglist at unknown address.\n Locals at unknown address,")
    }
    let keeper = frame.kind == .inlined ? found.innerOnStack : frame.kind == .tailCall ? nil : physical
    var saved = keeper?.savedPlaces ?? [:]
    // A caller that is not on the stack has not put a return address there.
    if let outer = found.outer, outer.kind == .tailCall { saved[architecture.programCounter] = nil }
    let sp = RegisterOrder.alias("sp", of: architecture) ?? "sp"
    if keeper == nil {
      text.append(" Previous frame's sp in \(sp)\n")
    } else if let place = saved[architecture.stackPointer] {
      text.append(" Previous frame's sp at ")
      text.append(hex: place)
      text.append("\n")
    } else if case .success(let id) = keeper?.id {
      text.append(" Previous frame's sp is ")
      text.append(hex: id.stackAddress)
      text.append("\n")
    }
    saved[architecture.stackPointer] = nil
    var list: [String] = []
    for name in RegisterOrder.names(of: architecture) {
      guard let number = architecture.registers.first(where: { $0.name == name })?.dwarf,
        let place = saved[number], place != 0
      else { continue }
      list.append("\(name) at 0x" + String(place, radix: 16))
    }
    if !list.isEmpty { text.append(" Saved registers:\n  \(list.joined(separator: ", "))\n") }
  }
}
