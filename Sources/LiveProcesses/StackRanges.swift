internal import ProcFiles
internal import ProcessModel

/// Which memory belongs to a thread and has to be copied while it stands still: its stack and its thread block.
struct StackRanges {
  private(set) var maps: ProcMaps
  let forbidden: [Range<UInt64>]
  /// Bytes of one stack.
  let limit: UInt64

  /// All stacks together.
  private static let total: UInt64 = 64 << 20
  private static let least: UInt64 = 64 << 10
  private static let most: UInt64 = 8 << 20
  /// Below the stack pointer a leaf function may keep values: the System V psABI for AMD64, 3.2.2.
  private static let redZone: UInt64 = 128
  /// `struct pthread` begins at the TLS pointer; what is before it are the thread's variables.
  private static let threadBlock: (before: UInt64, after: UInt64) = (256, 3072)
  private static let page: UInt64 = 4096
  /// A cache line: what lies below it in the page of the stack pointer is nobody's.
  private static let line: UInt64 = 64

  init(maps: ProcMaps, forbidden: [Range<UInt64>], threads: Int) {
    self.maps = maps
    self.forbidden = forbidden
    limit = max(Self.least, min(Self.most, Self.total / UInt64(max(1, threads))))
  }

  /// Reads the list of mappings again.
  mutating func update(from tree: ProcTree) {
    let read = try? tree.read("maps", isFresh: true).get()
    if let read, !read.isEmpty { maps = ProcMaps(read) }
  }

  /// From the stack pointer to where its mapping ends, at most `limit`; then the thread block, which glibc puts there too,
  /// except for the main thread's.
  func ranges(stackPointer: UInt64, threadPointer: UInt64?) -> [Range<UInt64>] {
    var result: [Range<UInt64>] = []
    let low = stackPointer &- Self.redZone
    if stackPointer > Self.redZone, let mapping = mapping(holding: stackPointer), mapping.isReadable {
      let start = low & ~(Self.line - 1)
      // The main stack grows down when it is touched: the mapping may have begun higher when it was read.
      let lower = mapping.path == "[stack]" ? start : max(start, mapping.range.lowerBound)
      let (upper, overflow) = start.addingReportingOverflow(limit)
      result.append(lower..<max(lower, min(mapping.range.upperBound, overflow ? .max : upper)))
    } else if stackPointer > Self.page, forbidden.isEmpty,
      self.mapping(holding: stackPointer) == nil
    {
      // The thread may be newer than the list, which is too long to be read again while all stand: what there is will be read.
      let start = low & ~(Self.line - 1)
      let (end, overflow) = start.addingReportingOverflow(Self.least)
      if !overflow { result.append(start..<end & ~(Self.page - 1)) }
    }
    if let pointer = threadPointer, pointer > Self.threadBlock.before,
      let mapping = maps.mapping(containing: pointer), mapping.isReadable
    {
      let start = max(
        mapping.range.lowerBound, (pointer - Self.threadBlock.before) & ~(Self.page - 1))
      if let stack = result.first, stack.contains(pointer - Self.threadBlock.before),
        stack.upperBound == mapping.range.upperBound
      {
        return result.filter { !$0.isEmpty }
      }
      let (end, overflow) = (pointer | (Self.page - 1)).addingReportingOverflow(
        1 + (pointer & (Self.page - 1) > Self.page - Self.threadBlock.after ? Self.page : 0))
      result.append(start..<max(start, min(mapping.range.upperBound, overflow ? .max : end)))
    }
    return result.filter { !$0.isEmpty }
  }

  private func mapping(holding address: UInt64) -> ProcMapping? {
    if let found = maps.mapping(containing: address) { return found }
    guard let stack = maps.mappings.first(where: { $0.path == "[stack]" }),
      address < stack.range.lowerBound, stack.range.lowerBound - address < Self.most
    else { return nil }
    return stack
  }

  /// Ranges in order, those that touch made one, without what must not be read.
  func merged(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
    var result: [Range<UInt64>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    guard !forbidden.isEmpty else { return result }
    return result.flatMap { range in
      var rest = [range]
      for hole in forbidden {
        rest = rest.flatMap { piece -> [Range<UInt64>] in
          guard hole.overlaps(piece) else { return [piece] }
          return [
            piece.lowerBound..<max(piece.lowerBound, min(piece.upperBound, hole.lowerBound)),
            min(piece.upperBound, max(piece.lowerBound, hole.upperBound))..<piece.upperBound,
          ].filter { !$0.isEmpty }
        }
      }
      return rest
    }
  }
}

/// The registers by which a stack is found, out of a register block as NT_PRSTATUS has it.
struct RegisterBlock {
  /// Where they lie in the block, found once.
  private struct Places {
    let architecture: Architecture
    let stackPointer: Architecture.Register?
    let programCounter: Architecture.Register?
    let threadPointer: Architecture.Register?

    init(_ architecture: Architecture) {
      self.architecture = architecture
      stackPointer = architecture.registers.first { $0.dwarf == architecture.stackPointer }
      programCounter = architecture.registers.first { $0.dwarf == architecture.programCounter }
      threadPointer = architecture.threadPointer.flatMap { name in
        architecture.registers.first { $0.name == name }
      }
    }
  }

  private static let wide = Places(.x86_64)
  private static let narrow = Places(.i386)

  private let places: Places
  private let bytes: [UInt8]

  /// By its size the kernel tells what kind of thread it is (`ELF_NGREG`): 216 bytes x86-64, 68 bytes i386.
  init?(_ bytes: [UInt8]) {
    switch bytes.count {
    case 216: places = Self.wide
    case 68: places = Self.narrow
    default: return nil
    }
    self.bytes = bytes
  }

  private func value(_ register: Architecture.Register?) -> UInt64? {
    guard let register else { return nil }
    var value: UInt64 = 0
    for index in 0..<register.size where register.offset + index < bytes.count {
      value |= UInt64(bytes[register.offset + index]) << UInt64(8 * index)
    }
    return value
  }

  var architecture: Architecture { places.architecture }
  var stackPointer: UInt64 { value(places.stackPointer) ?? 0 }
  var programCounter: UInt64 { value(places.programCounter) ?? 0 }
  var threadPointer: UInt64? { value(places.threadPointer) }
}
