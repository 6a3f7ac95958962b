internal import Backtraces
internal import Bytes
internal import Evaluation
internal import Values

/// `x/NFU ADDRESS`: memory, in lines of as many items as gdb puts on one.
enum ExamineCommand {
  static let commands: [String: Commands.Action] = ["x": run]

  static func run(_ session: Session, _ line: String) throws(CommandError) {
    var rest = line
    let isRepeat = line.isEmpty
    let last = session.lastFormat
    var format = Format()
    format.letter = last.letter == 0 ? UInt8(ascii: "x") : last.letter
    format.size = last.size == 0 ? UInt8(ascii: "w") : last.size
    if rest.hasPrefix("/") {
      let read = try Format.read(&rest, last: format.letter, size: 0)
      format.count = read.count
      format.letter = read.letter
      format.size = read.hasSize ? read.size : size(for: read.letter, last: format.size)
    } else if format.letter == UInt8(ascii: "s") {
      format.size = last.stringSize
    }
    if !rest.isEmpty {
      let text = rest
      session.nextAddress = try session.evaluating { evaluator throws(EvaluationFailure) in
        try evaluator.examinedAddress(text)
      }
    }
    // Nothing at all means the same again, further on.
    if isRepeat { format.count = last.count }
    if !Format.examinable.contains(format.letter) {
      throw CommandError("Undefined output format \"\(Character(Unicode.Scalar(format.letter)))\".")
    }
    session.lastFormat.letter = format.letter
    session.lastFormat.count = format.count
    session.lastFormat.stringSize = format.size
    session.lastFormat.size = format.letter == UInt8(ascii: "s") ? UInt8(ascii: "b") : format.size
    if format.letter == UInt8(ascii: "i") { return try instructions(session, format) }
    var count = format.count
    if count < 0 {
      session.nextAddress = session.nextAddress &- UInt64(-count) &* UInt64(max(1, format.bytes))
      count = -count
    }
    let letter = format.letter
    let width = format.bytes
    let options = session.settings.options
    try session.evaluating { evaluator throws(EvaluationFailure) in
      var left = count
      while left > 0 {
        evaluator.appendLabel(session.nextAddress, into: &session.output)
        let items = min(left, letter == UInt8(ascii: "s") ? 1 : perLine(letter, width))
        for _ in 0..<items {
          session.output.append(byte: 0x09)
          let at = session.nextAddress
          let step: UInt64
          if letter == UInt8(ascii: "s") {
            step = try evaluator.appendString(
              at: at, unit: session.lastFormat.stringUnit, options: options, into: &session.output)
          } else {
            step = UInt64(width)
            try evaluator.appendItem(at: at, size: width, letter: letter, into: &session.output)
          }
          evaluator.remember(at, size: width, letter: letter, unit: session.lastFormat.stringUnit)
          session.nextAddress = at &+ step
        }
        session.output.append(byte: 0x0a)
        left -= items
        if session.output.count > 1 << 16, !session.isCapturing { session.flush() }
      }
    }
  }

  private static func instructions(_ session: Session, _ format: Format) throws(CommandError) {
    session.nextAddress = try InstructionCommands.examine(
      count: format.count, at: session.nextAddress, in: session)
  }

  /// The size that a letter has by itself.
  private static func size(for letter: UInt8, last: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "a"): UInt8(ascii: "g")
    case UInt8(ascii: "f"): last == UInt8(ascii: "w") ? last : UInt8(ascii: "g")
    case UInt8(ascii: "c"): UInt8(ascii: "b")
    case UInt8(ascii: "s"): 0
    default: last
    }
  }

  private static func perLine(_ letter: UInt8, _ size: Int) -> Int {
    switch size {
    case 1, 2: 8
    case 4: 4
    default: 2
    }
  }
}

extension Format {
  static let examinable: Set<UInt8> = Set("xduotzcafsi".utf8)

  /// Bytes of an item.
  var bytes: Int {
    switch size {
    case UInt8(ascii: "b"), 0: 1
    case UInt8(ascii: "h"): 2
    case UInt8(ascii: "w"): 4
    default: 8
    }
  }

  /// Bytes of a string's characters.
  var stringUnit: Int {
    switch stringSize {
    case UInt8(ascii: "h"): 2
    case UInt8(ascii: "w"): 4
    default: 1
    }
  }
}
