internal import ProcessModel
package import Symbols

/// A frame as it is shown: a physical frame, or a function inlined into one, with its number.
package struct Frame {
  package enum Kind: Sendable, Equatable {
    case normal
    case inlined
    case signalTrampoline
    /// Not on the stack: a function that left by a jump, found from call sites.
    case tailCall
  }

  package var level: Int
  package var kind: Kind
  package var physical: PhysicalFrame
  /// Which of the code's functions this is, innermost first; 0 where DWARF names none.
  package var functionIndex: Int

  package var code: CodeInfo { physical.plan.code }
  package var programCounter: UInt64 { physical.programCounter }
  package var function: FunctionInstance? {
    code.functions.indices.contains(functionIndex) ? code.functions[functionIndex] : nil
  }
  /// How many functions the frame's one is inlined in; none for a frame that is no part of its physical one.
  package var inlineDepth: Int {
    kind == .inlined ? max(0, physical.plan.functionCount - 1 - functionIndex) : 0
  }
  /// The level of the frame that called the function in which this one is inlined.
  package var callerLevel: Int { level + 1 + (kind == .inlined ? inlineDepth : 0) }
  /// The function inlined directly inside this one at the same address.
  package var inlinedCallee: FunctionInstance? {
    functionIndex > 0 && functionIndex <= code.functions.count ? code.functions[functionIndex - 1] : nil
  }
}

/// Yields a thread's frames from the innermost outwards, with gdb's rules for where a stack ends.
package struct StackWalker {
  private let thread: ThreadUnwinder
  private var current: Frame?
  private var isStarted = false
  /// The kind of the frame inside the current one.
  private var innerKind: Frame.Kind?

  package init(thread: ThreadUnwinder) {
    self.thread = thread
  }

  /// The next frame; `nil` at the end, after which `ending` says why.
  package mutating func next() -> Frame? {
    guard isStarted else {
      isStarted = true
      guard let first = thread.innermost() else {
        ending = .unavailable
        return nil
      }
      current = Self.frame(level: 0, physical: first)
      return current
    }
    guard let frame = current else { return nil }
    if frame.level + 1 >= thread.process.maximumFrames {
      current = nil
      return nil
    }
    if frame.kind != .tailCall, frame.functionIndex + 1 < frame.physical.plan.functionCount {
      // The next function out of those inlined at this address.
      let index = frame.functionIndex + 1
      let isOutermost = index == frame.physical.plan.functionCount - 1
      return advance(
        to: Frame(
          level: frame.level + 1, kind: isOutermost ? .normal : .inlined, physical: frame.physical,
          functionIndex: index))
    }
    guard !isLast(frame), case .success(let caller) = frame.physical.caller else {
      // Also where the stack ends by name, the reason of a failing unwinder is told (rule U-30).
      ending = frame.physical.failure
      current = nil
      return nil
    }
    return advance(to: Self.frame(level: frame.level + 1, physical: caller))
  }

  /// Why there is no further frame; `nil` while there is one, and where the stack ends as it should.
  package private(set) var ending: StopReason?

  private mutating func advance(to frame: Frame) -> Frame {
    innerKind = current?.kind
    current = frame
    return frame
  }

  private static func frame(level: Int, physical: PhysicalFrame) -> Frame {
    if physical.isSignalFrame {
      let last = max(0, physical.plan.functionCount - 1)
      return Frame(level: level, kind: .signalTrampoline, physical: physical, functionIndex: last)
    }
    if physical.isTailCall {
      return Frame(level: level, kind: .tailCall, physical: physical, functionIndex: 0)
    }
    return Frame(
      level: level, kind: physical.plan.functionCount > 1 ? .inlined : .normal, physical: physical,
      functionIndex: 0)
  }

  /// The rules that end a stack before its caller is asked for.
  private func isLast(_ frame: Frame) -> Bool {
    if frame.kind == .normal, frame.physical.endsStack { return true }
    if frame.level > 0, frame.kind == .normal || frame.kind == .inlined, innerKind == .normal,
      frame.programCounter == 0
    {
      return true
    }
    return false
  }
}
