internal import Bytes

/// Commands that print a text or leave gdb.
enum TextCommands {
  static let commands: [String: Commands.Action] = [
    "echo": echo, "quit": quit, "shell": shell, "pipe": pipe, "pwd": pwd, "cd": cd, "help": help,
    "apropos": help,
  ]

  /// `echo TEXT`: C escapes; no newline is added.
  private static func echo(_ session: Session, _ text: String) throws(CommandError) {
    session.output.append(bytes: Escapes.bytes(of: text))
  }

  private static func quit(_ session: Session, _ text: String) throws(CommandError) {
    if !text.isEmpty { session.exitStatus = Int32(truncatingIfNeeded: try session.integer(text)) & 0xff }
    session.isQuitting = true
  }

  private static func shell(_ session: Session, _ text: String) throws(CommandError) {
    session.flush()
    let command = text.trimmingBlanks
    _ = HostProcess.shell(command.isEmpty ? "exec ${SHELL:-/bin/sh}" : command)
  }

  /// `pipe COMMAND | SHELL-COMMAND`, with `-d DELIMITER` another mark between the two.
  private static func pipe(_ session: Session, _ text: String) throws(CommandError) {
    var text = text
    var mark = "|"
    if text.hasPrefix("-d ") {
      let words = text.dropFirst(3).drop { $0 == " " }
      mark = String(words.prefix { $0 != " " })
      guard !mark.isEmpty else { throw CommandError("-d requires an argument") }
      text = String(words.dropFirst(mark.count).drop { $0 == " " })
    }
    guard !text.isEmpty else { throw CommandError("Missing COMMAND") }
    guard let place = text.range(ofText: mark) else {
      throw CommandError("Missing delimiter before SHELL_COMMAND")
    }
    let command = text[..<place.lowerBound].description.trimmingBlanks
    let filter = text[place.upperBound...].description.trimmingBlanks
    guard !command.isEmpty else { throw CommandError("Missing COMMAND") }
    guard !filter.isEmpty else { throw CommandError("Missing SHELL_COMMAND") }
    session.flush()
    let wasCapturing = session.isCapturing
    session.isCapturing = true
    defer { session.isCapturing = wasCapturing }
    try Commands.run(command, in: session)
    let bytes = session.output.bytes
    session.output.removeAll()
    _ = HostProcess.shell(filter, input: bytes)
  }

  private static func pwd(_ session: Session, _: String) throws(CommandError) {
    session.output.append("Working directory \(HostProcess.currentFolder ?? "?").\n")
  }

  private static func cd(_ session: Session, _ text: String) throws(CommandError) {
    var path = text.isEmpty ? "~" : text
    if path == "~" || path.hasPrefix("~/"), let home = HostProcess.variable("HOME") {
      path = home + path.dropFirst()
    }
    if let reason = HostProcess.changeFolder(to: path) { throw CommandError("\(path): \(reason).") }
    if session.isInteractive { try pwd(session, "") }
  }

  /// The documentation of user commands; gdb's own is gdb's.
  private static func help(_ session: Session, _ text: String) throws(CommandError) {
    if let command = session.userCommands[text] {
      session.output.append(command.documentation ?? "User-defined.")
      session.output.append("\n")
      return
    }
    throw CommandError("coreview gdb has no help texts: see coreview(1) for its commands.")
  }
}

/// C's escapes in the texts of `echo`, `set prompt` and `printf`.
enum Escapes {
  static func unescaped(_ text: String) -> String { String(decoding: bytes(of: text), as: UTF8.self) }

  static func bytes(of text: String) -> [UInt8] {
    var result: [UInt8] = []
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      guard byte == 0x5c else {
        result.append(byte)
        continue
      }
      guard let escaped = bytes.popFirst() else { break }
      switch escaped {
      case 0x30...0x37:
        var value = Int(escaped - 0x30)
        var digits = 1
        while digits < 3, let next = bytes.first, (0x30...0x37).contains(next) {
          value = value * 8 + Int(next - 0x30)
          bytes.removeFirst()
          digits += 1
        }
        result.append(UInt8(truncatingIfNeeded: value))
      case 0x0a: break
      default: result.append(control(escaped) ?? escaped)
      }
    }
    return result
  }

  /// What a letter behind a backslash stands for; `nil` for any other byte.
  static func control(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "n"): 0x0a
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "r"): 0x0d
    case UInt8(ascii: "a"): 0x07
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0c
    case UInt8(ascii: "v"): 0x0b
    case UInt8(ascii: "e"): 0x1b
    default: nil
    }
  }
}

extension String {
  /// Where a text stands first.
  func range(ofText text: String) -> Range<Index>? {
    guard !text.isEmpty else { return nil }
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(text) { return at..<index(at, offsetBy: text.count) }
      at = index(after: at)
    }
    return nil
  }
}
