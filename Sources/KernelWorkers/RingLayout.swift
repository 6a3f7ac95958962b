/// Where `struct io_rings` (io_uring/io_uring_types.h) keeps its numbers: it changed once, and depends on the
/// architecture's cache line.
///
/// Until Linux 6.2 each head and tail had a cache line of its own (`____cacheline_aligned_in_smp`): 64 bytes,
/// 128 on ppc64le, 256 on s390x. Since 6.3 the four lie side by side.
package struct RingLayout: Sendable, Equatable {
  package var submissionHead: UInt32
  package var submissionTail: UInt32
  package var completionHead: UInt32
  package var completionTail: UInt32
  /// sq_mask, cq_mask, sq_entries, cq_entries, sq_dropped, sq_flags, cq_flags, cq_overflow: 4 bytes each.
  package var counts: UInt32
  /// The first completion entry.
  package var completions: UInt32

  static let known = [
    RingLayout(
      submissionHead: 0, submissionTail: 4, completionHead: 8, completionTail: 12, counts: 16, completions: 64
    ),
    lines(64), lines(128), lines(256),
  ]

  private static func lines(_ size: UInt32) -> RingLayout {
    RingLayout(
      submissionHead: 0, submissionTail: size, completionHead: 2 * size, completionTail: 3 * size,
      counts: 4 * size, completions: 5 * size)
  }

  /// IORING_MAX_ENTRIES is 32768, IORING_MAX_CQ_ENTRIES twice that; both are powers of two.
  static func areEntriesPlausible(_ submissions: UInt32, _ completions: UInt32) -> Bool {
    submissions > 0 && submissions <= 32768 && submissions & (submissions - 1) == 0
      && completions >= submissions && completions <= 65536 && completions & (completions - 1) == 0
  }
}
