/// What the child that stops the threads hands to its parent: records in a file in memory, made and read by the same
/// program, and still read with care, since the child may have been killed half-way.
struct CaptureRecords {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: UInt64) {
    for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  mutating func append(_ block: [UInt8]) {
    append(UInt64(block.count))
    bytes += block
  }

  mutating func append(_ thread: CapturedThread) {
    let (code, detail): (UInt64, UInt64) =
      switch thread.outcome {
      case .stopped: (0, 0)
      case .exited: (1, 0)
      case .refused(let code): (2, UInt64(bitPattern: Int64(code)))
      case .unstopped: (3, 0)
      case .traced(let tracer): (4, UInt64(bitPattern: Int64(tracer)))
      case .blocked: (5, 0)
      case .worker: (6, 0)
      case .running: (7, 0)
      }
    append(UInt64(bitPattern: Int64(thread.id)))
    append(code)
    append(detail)
    append(thread.held)
    append(thread.general)
    append(thread.floatingPoint)
    append(thread.vectorState)
    append(thread.threadAreas)
  }
}

/// Reads `CaptureRecords` back; every read is `nil` once something is missing.
struct CaptureRecordReader {
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func number() -> UInt64? {
    guard bytes.count - at >= 8 else { return nil }
    var value: UInt64 = 0
    for index in 0..<8 { value |= UInt64(bytes[at + index]) << UInt64(8 * index) }
    at += 8
    return value
  }

  mutating func block() -> [UInt8]? {
    guard let count = number(), count <= UInt64(bytes.count - at) else { return nil }
    defer { at += Int(count) }
    return Array(bytes[at..<at + Int(count)])
  }

  mutating func thread() -> CapturedThread? {
    guard let id = number(), let code = number(), let detail = number(), let held = number(),
      let general = block(), let floatingPoint = block(), let vector = block(), let areas = block()
    else { return nil }
    let outcome: CapturedThread.Outcome
    switch code {
    case 0: outcome = .stopped
    case 1: outcome = .exited
    case 2: outcome = .refused(Int32(truncatingIfNeeded: detail))
    case 3: outcome = .unstopped(nil)
    case 4: outcome = .traced(by: Int32(truncatingIfNeeded: detail))
    case 5: outcome = .blocked
    case 6: outcome = .worker
    default: outcome = .running
    }
    var thread = CapturedThread(id: Int32(truncatingIfNeeded: id), outcome: outcome)
    thread.held = held
    thread.general = general
    thread.floatingPoint = floatingPoint
    thread.vectorState = vector
    thread.threadAreas = areas
    return thread
  }
}
