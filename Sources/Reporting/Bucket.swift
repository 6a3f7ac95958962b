/// Crashes that are the same: they share a signature.
public struct Bucket: Sendable, Equatable {
  /// What a run says about it.
  public enum State: String, Sendable, Equatable {
    /// No run before this one has seen it.
    case new
    /// It was seen before.
    case known
    /// It was marked as fixed, and a core that is younger than the mark has it.
    case regressed
    /// It was marked as fixed and not seen since.
    case fixed
  }

  /// The digits that name it.
  public var signature = ""
  /// What a run says about it.
  public var state = State.known
  /// Cores that have it.
  public var count = 0
  /// When its first core was written, `lastSeen` its last, in nanoseconds since 1970.
  public var firstSeen: Int64 = 0
  /// See `firstSeen`.
  public var lastSeen: Int64 = 0
  /// Such as `SIGSEGV`.
  public var signal = ""
  /// `f1 | f2 | …`.
  public var title = ""
  /// The frames that count, innermost first.
  public var frames: [String] = []
  /// The signature of the largest bucket whose frames are nearly the same: perhaps one crash; its own where there is none.
  public var cluster = ""
  /// The path of one of its cores: the first that was seen.
  public var example = ""
  /// The reason of that one.
  public var reason = ""

  /// A bucket of nothing.
  public init() {}
}
