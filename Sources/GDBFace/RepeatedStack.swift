internal import Bytes
internal import ProcessModel

/// The backtrace of a thread, for the threads after it that have the very same registers: they walk the same frames to the
/// same text.
///
/// Only damage and forgery put two threads on one stack (kernel workers aside, which have none); but 300 copies of a
/// NT_PRSTATUS over a stack of 170,000 frames would otherwise be 51,000,000 frames to unwind.
struct RepeatedStack {
  /// Longer texts are not kept.
  private static let maximumText = 64 << 20

  private var snapshot: ThreadSnapshot?
  private var text: [UInt8] = []

  /// What a thread's backtrace says, if it is known.
  func text(of thread: ThreadSnapshot) -> [UInt8]? {
    snapshot.map { Self.areSame($0, thread) } == true ? text : nil
  }

  mutating func keep(_ text: TextBuffer, from start: Int, of thread: ThreadSnapshot) {
    (snapshot, self.text) = (thread, Array(text.bytes.dropFirst(start)))
  }

  static func areSame(_ one: ThreadSnapshot, _ other: ThreadSnapshot) -> Bool {
    one.hasRegisters && other.hasRegisters && one.registerBlock == other.registerBlock
      && one.floatingPoint == other.floatingPoint && one.extendedState == other.extendedState
  }

  /// Whether a recording is worth going on with.
  static func isKept(_ recording: TextBuffer) -> Bool { recording.count <= maximumText }
}
