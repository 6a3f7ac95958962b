internal import Bytes
package import ProcessModel

/// What is mapped where, with permissions and names.
package struct MemoryMap: Sendable {
  /// A mapping as a core shows it: one segment, or a file that has none.
  package struct Region: Sendable, Equatable {
    package var range: Range<UInt64>
    package var isReadable: Bool
    package var isWritable: Bool
    package var isExecutable: Bool
    /// A path, `[stack]`, `[heap]`; `nil` for anonymous memory.
    package var name: String?

    package init(
      range: Range<UInt64>, isReadable: Bool = true, isWritable: Bool = false, isExecutable: Bool = false,
      name: String? = nil
    ) {
      self.range = range
      self.isReadable = isReadable
      self.isWritable = isWritable
      self.isExecutable = isExecutable
      self.name = name
    }

    /// `rw-`, as /proc/PID/maps has it.
    package var permissions: String {
      (isReadable ? "r" : "-") + (isWritable ? "w" : "-") + (isExecutable ? "x" : "-")
    }

    package var isInaccessible: Bool { !isReadable && !isWritable && !isExecutable }

    /// For sentences: `[stack]`, `/usr/lib/libc.so.6`, `anonymous memory`.
    package var title: String { name ?? "anonymous memory" }
  }

  private let segments: [ProcessMemory.Segment]
  private let mappings: [FileMapping]
  /// Names of regions that no file has, by an address within.
  package var names: [(address: UInt64, name: String)] = []

  /// Both sorted by address, as `ProcessMemory` keeps them.
  package init(segments: [ProcessMemory.Segment], mappings: [FileMapping]) {
    self.segments = segments
    self.mappings = mappings
  }

  /// Whether the core says what is mapped: only then "nothing is there" can be known.
  package var isKnown: Bool { !segments.isEmpty }

  package func region(containing address: UInt64) -> Region? {
    let index = segments.leadingCount { $0.range.lowerBound <= address } - 1
    return index >= 0 && segments[index].range.contains(address) ? region(index) : nil
  }

  /// The nearest region that ends at or below an address.
  package func region(below address: UInt64) -> Region? {
    let index = segments.leadingCount { $0.range.upperBound <= address } - 1
    return index >= 0 ? region(index) : nil
  }

  /// The nearest region that starts above an address.
  package func region(above address: UInt64) -> Region? {
    let index = segments.leadingCount { $0.range.lowerBound <= address }
    return index < segments.count ? region(index) : nil
  }

  private func region(_ index: Int) -> Region {
    let segment = segments[index]
    return Region(
      range: segment.range, isReadable: segment.isReadable, isWritable: segment.isWritable,
      isExecutable: segment.isExecutable, name: name(segment.range))
  }

  private func name(_ range: Range<UInt64>) -> String? {
    let index = mappings.leadingCount { $0.range.lowerBound <= range.lowerBound } - 1
    if index >= 0, mappings[index].range.contains(range.lowerBound) { return mappings[index].path }
    return names.first { range.contains($0.address) }?.name
  }
}
