/// How much a report keeps: a stack overflow has a hundred thousand frames, and no reader for them.
public struct ReportLimits: Sendable, Equatable {
  /// Frames that are kept at the inner end of a stack.
  public var innermostFrames = 200
  /// Frames that are kept at its outer end.
  public var outermostFrames = 50
  /// Frames that are kept in all; stacks beyond are cut to `fewestFrames`.
  public var frames = 500_000
  /// Frames that every stack keeps, whatever came before it.
  public var fewestFrames = 20
  /// Frames after which the walk over one stack is given up.
  public var walkedFrames = 4_000_000
  /// Of each list of a ring's entries the first that are kept.
  public var ringEntries = 1000
  /// Pieces of the address space that are listed.
  public var mappings = 65_536

  /// The limits of the manual.
  public init() {}
}
