/// What `fdinfo` says of an io_uring: Linux io_uring/fdinfo.c. Numbers that a kernel does not write are `nil`.
package struct ProcRing: Sendable, Equatable {
  /// A line of `SQEs:`: published by the application, not taken by the kernel.
  package struct Entry: Sendable, Equatable {
    package var slot: UInt32
    /// `READ`, or a number as an older kernel writes it.
    package var operation: String
    package var descriptor: Int32
    package var userData: UInt64
  }

  /// A line of `CQEs:`: posted by the kernel, not seen by the application.
  package struct Completion: Sendable, Equatable {
    package var userData: UInt64
    package var result: Int32
    package var flags: UInt32
  }

  /// The descriptor whose fdinfo it was.
  package var descriptor: Int32
  /// The inode of its descriptor: that of its mappings too, except where all of the kernel's share one.
  package var inode: UInt64?
  package var submissionMask: UInt32?
  package var submissionHead: UInt32?
  package var submissionTail: UInt32?
  package var cachedSubmissionHead: UInt32?
  package var completionMask: UInt32?
  package var completionHead: UInt32?
  package var completionTail: UInt32?
  package var cachedCompletionTail: UInt32?
  package var unsubmitted: [Entry] = []
  package var unreaped: [Completion] = []
  /// The SQPOLL thread; -1 for none, or where the ring was locked just then.
  package var pollThread: Int32?
  /// Armed polls: the numbers of their operations.
  package var polls: [Int32] = []

  private static let mostEntries = 65536

  /// `nil` where the text is of no ring.
  package init?(descriptor: Int32, _ bytes: [UInt8]) {
    self.descriptor = descriptor
    var section = ""
    for line in TextLines.lines(bytes) {
      if line.first == 0x20 || line.first == 0x09 {
        take(Self.members(line), in: section)
        continue
      }
      guard let colon = line.firstIndex(of: 0x3a) else { continue }
      section = TextLines.string(line[..<colon])
      take(section, TextLines.trimmed(line[(colon + 1)...]))
    }
    guard submissionMask != nil || submissionHead != nil || completionMask != nil else { return nil }
  }

  private mutating func take(_ key: String, _ value: ArraySlice<UInt8>) {
    let number = TextLines.hexadecimal(value).flatMap {
      value.starts(with: [0x30, 0x78]) ? UInt32(exactly: $0) : nil
    }
    let decimal = number ?? TextLines.unsigned(value).flatMap { UInt32(exactly: $0) }
    switch key {
    case "ino": inode = TextLines.unsigned(value)
    case "SqMask": submissionMask = decimal
    case "SqHead": submissionHead = decimal
    case "SqTail": submissionTail = decimal
    case "CachedSqHead": cachedSubmissionHead = decimal
    case "CqMask": completionMask = decimal
    case "CqHead": completionHead = decimal
    case "CqTail": completionTail = decimal
    case "CachedCqTail": cachedCompletionTail = decimal
    case "SqThread": pollThread = TextLines.decimal(value).flatMap { Int32(exactly: $0) }
    default: break
    }
  }

  private mutating func take(_ members: [String: ArraySlice<UInt8>], in section: String) {
    func number(_ key: String) -> Int64? { members[key].flatMap { TextLines.decimal($0) } }
    func large(_ key: String) -> UInt64? {
      members[key].flatMap { TextLines.unsigned($0) ?? TextLines.hexadecimal($0) }
    }
    switch section {
    case "SQEs":
      guard unsubmitted.count < Self.mostEntries, let operation = members["opcode"],
        let slot = members["#"].flatMap({ TextLines.unsigned($0) })
      else { return }
      unsubmitted.append(
        Entry(
          slot: UInt32(truncatingIfNeeded: slot), operation: TextLines.string(operation),
          descriptor: number("fd").flatMap { Int32(exactly: $0) } ?? -1, userData: large("user_data") ?? 0))
    case "CQEs":
      guard unreaped.count < Self.mostEntries, let data = large("user_data") else { return }
      unreaped.append(
        Completion(
          userData: data, result: number("res").flatMap { Int32(exactly: $0) } ?? 0,
          flags: UInt32(truncatingIfNeeded: large("flag") ?? large("flags") ?? 0)))
    case "PollList":
      guard polls.count < Self.mostEntries, let operation = number("op").flatMap({ Int32(exactly: $0) })
      else { return }
      polls.append(operation)
    default: break
    }
  }

  /// `4: opcode:READ, fd:0, …` as `#` and names; older kernels write `key=value`.
  private static func members(_ line: ArraySlice<UInt8>) -> [String: ArraySlice<UInt8>] {
    var result: [String: ArraySlice<UInt8>] = [:]
    var words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x2c }
    if let first = words.first, first.last == 0x3a, TextLines.unsigned(first.dropLast()) != nil {
      result["#"] = first.dropLast()
      words.removeFirst()
    }
    for word in words {
      guard let split = word.firstIndex(where: { $0 == 0x3a || $0 == 0x3d }) else { continue }
      let key = TextLines.string(word[..<split])
      if result[key] == nil { result[key] = word[(split + 1)...] }
    }
    return result
  }

  /// Requests that the kernel took and has not answered: exact unless some are multishot or answer nothing.
  package var inFlight: UInt32? {
    guard let head = cachedSubmissionHead ?? submissionHead, let tail = cachedCompletionTail ?? completionTail
    else { return nil }
    let count = head &- tail
    return count < 1 << 31 ? count : nil
  }
}
