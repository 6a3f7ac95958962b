internal import Elfutils
internal import Bytes
internal import ProcessModel

/// Pointers as text: the address, the symbol near it, the characters behind it.
enum PointerText {
  /// Characters fetched behind a pointer where `print elements` sets no limit.
  static let unlimitedCharacters = 1 << 24

  /// `0x…`, ` <SYM+OFF>` where a symbol is near, and the text behind a pointer to characters.
  static func append(
    _ address: UInt64, _ plain: ValueType, _ language: Language, memory: ProcessMemory,
    namer: some SymbolNamer, options: PrintOptions = PrintOptions(), into output: inout TextBuffer
  ) {
    let start = output.count
    if options.showsAddresses { output.append(hex: address) }
    guard address != 0 else { return }
    // Pointers to functions keep their symbol, whatever `print symbol` says.
    if options.showsSymbols || plain.target?.stripped.kind == .function {
      appendSymbol(address, namer, separator: options.showsAddresses, into: &output)
    }
    guard let target = plain.target else { return }
    if language == .rust {
      appendByteString(address, target.stripped, memory, options, into: &output)
    } else if language != .fortran, let text = target.text {
      if output.count > start { output.append(byte: 0x20) }
      appendString(at: address, text, memory, options, into: &output)
    }
  }

  /// A small number for pointers of one text, whatever they point to otherwise; `nil` where more than that counts.
  static func kind(of plain: ValueType, _ language: Language) -> UInt? {
    guard language != .rust, language != .fortran else { return nil }
    let target = plain.target
    return 1 | UInt(target?.text.map { $0.rawValue + 1 } ?? 0) << 1
      | (target?.stripped.kind == .function ? 16 : 0)
  }

  /// ` <name+offset>`
  static func appendSymbol(
    _ address: UInt64, _ namer: some SymbolNamer, separator: Bool = true, into output: inout TextBuffer
  ) {
    guard let symbol = namer.name(at: address) else { return }
    output.append(separator ? " <" : "<" as StaticString)
    output.append(symbol.name)
    if symbol.offset != 0 { output.append(distance: Int64(bitPattern: symbol.offset)) }
    output.append(byte: 0x3e)
  }

  /// The characters at an address up to the first NUL, quoted, and the error that ended them.
  static func appendString(
    at address: UInt64, _ text: ValueType.Text, _ memory: ProcessMemory, _ options: PrintOptions,
    into output: inout TextBuffer
  ) {
    let width = StringText.width(text)
    let wanted = min(options.maximumElements, unlimitedCharacters) * width
    var found: [UInt8] = []
    var end = 0
    var isEnded = false
    // Page by page: only the limit says how far, and the string may be short.
    while !isEnded, found.count < wanted {
      let step = min(wanted - found.count, 4096)
      let piece = memory.readAvailable(at: address &+ UInt64(found.count), count: step)
      found += piece
      while end + width <= found.count {
        if found[end..<(end + width)].allSatisfy({ $0 == 0 }) {
          isEnded = true
          break
        }
        end += width
      }
      if piece.count < step { break }
    }
    let failsAt = address &+ UInt64(found.count)
    if end > 0 || isEnded {
      var hasMore = false
      if !isEnded, end == wanted {
        let next = memory.readAvailable(at: failsAt, count: width)
        hasMore = next.count == width && next.contains { $0 != 0 }
      }
      StringText.append(
        string: found[0..<end], text, order: memory.byteOrder, hasMore: hasMore, options: options,
        into: &output)
    }
    if !isEnded, found.count < wanted {
      FailureText.appendAbsentText(at: failsAt, into: &output)
    }
  }

  /// Text of a known length, quoted, and the error that ended it.
  static func append(
    text address: UInt64, length: UInt64, memory: ProcessMemory, _ options: PrintOptions,
    into output: inout TextBuffer
  ) {
    let wanted = Int(min(length, UInt64(min(options.maximumElements, unlimitedCharacters))))
    let found = memory.readAvailable(at: address, count: wanted)
    if !found.isEmpty || wanted == 0 {
      let hasMore = found.count == wanted && length > UInt64(wanted)
      StringText.append(
        string: found[...], .narrow, order: memory.byteOrder, hasMore: hasMore, options: options,
        into: &output)
    }
    if found.count < wanted {
      FailureText.appendAbsentText(at: address &+ UInt64(found.count), into: &output)
    }
  }

  /// Rust's byte strings are pointers to arrays of u8: `0x… b"bytes"`.
  private static func appendByteString(
    _ address: UInt64, _ array: ValueType, _ memory: ProcessMemory, _ options: PrintOptions,
    into output: inout TextBuffer
  ) {
    guard array.kind == .array, let element = array.target?.stripped, element.name == "u8",
      array.dimensions.count == 1, let count = array.dimensions[0].constant,
      count <= ValueFetcher.maximumSize
    else { return }
    let found = memory.readAvailable(at: address, count: Int(count))
    guard found.count == Int(count) else { return }
    output.append(" b" as StaticString)
    StringText.append(
      array: found[...], .narrow, order: memory.byteOrder, dropsNUL: false, options: options, into: &output)
  }
}
