extension Report {
  /// A piece of the address space, as the core's program headers describe it.
  public struct Mapping: Sendable, Equatable {
    /// What lies there.
    public enum Kind: String, Sendable, Equatable, CaseIterable {
      /// The program itself.
      case executable
      /// Another file whose code is mapped.
      case library
      /// A file without code: data, locales, archives.
      case file
      /// Where a thread's stack pointer was.
      case stack
      /// The code that the kernel maps into each process.
      case vdso
      /// Heap, and all else that belongs to no file.
      case anonymous
    }

    /// What lies there.
    public var kind = Kind.anonymous
    /// Its addresses.
    public var range: Range<UInt64> = 0..<0
    /// Whether it could be written.
    public var isWritable = false
    /// Whether it could be executed.
    public var isExecutable = false
    /// Bytes of it that the core holds, from the start on.
    public var dumped: UInt64 = 0
    /// The file (NT_FILE); `nil` where there is none.
    public var path: String?

    /// A mapping of nothing.
    public init() {}
  }
}
