package import Backtraces
internal import Bytes
internal import CoreFiles
package import Elfutils
internal import ProcessModel
internal import Symbols
internal import Unwinding
internal import Expressions
internal import Values

/// What outlives a command: the value history, the convenience variables, the types made so far.
package final class Workspace {
  private(set) var history: [Value] = []
  var convenience: [String: Value] = [:]
  package let process: CoreProcess?
  let maker: TypeMaker
  let search: NameSearch?
  /// The language where no frame says one: that of the main function.
  package private(set) lazy var fallbackLanguage: Language = {
    guard let process else { return .c }
    if let named = process.unwinder.resolver.mainSubprogram { return named.unit.language }
    guard let executable = process.modules.executable, let main = executable.symbol(named: "main") else {
      return .c
    }
    let address = executable.processAddress(FileAddress(main.address))
    return process.unwinder.resolver.code(at: .instruction(address)).unit?.language ?? .c
  }()

  /// Memory where there is no process: nothing can be read.
  let memory: ProcessMemory
  let architecture: Architecture
  private let ownTypes = TypeReader()

  /// Values kept at most; older ones are forgotten.
  private static let maximumHistory = 1_000_000

  package init(process: CoreProcess?) {
    self.process = process
    architecture = process?.core.architecture ?? .x86_64
    memory =
      process?.core.memory
      ?? ProcessMemory(core: nil, segments: [], mappings: [], wordSize: 8, byteOrder: .little)
    maker = TypeMaker(reader: process?.types ?? ownTypes, wordSize: architecture.wordSize)
    search = process.map { NameSearch(modules: $0.modules) }
    maker.usesLibraryNames = process?.modules.libraries.contains { LibraryScript.isLibrary($0.name) } ?? false
  }

  /// Takes over what another workspace had, such as the one before a core was loaded.
  package func inherit(_ other: Workspace) {
    history = other.history
    convenience = other.convenience
    kept = other
  }

  /// Values made before keep their types, which belong to their workspace.
  private var kept: Workspace?

  /// Adds a value to the history; the result is its number.
  func record(_ value: Value) -> Int {
    if history.count < Self.maximumHistory { history.append(value) }
    return history.count
  }

  package var historyCount: Int { history.count }

  func past(_ number: Int) -> Value? { history.indices.contains(number - 1) ? history[number - 1] : nil }
}

/// The context of what is evaluated outside of any frame, or with the addresses of another module.
struct ModuleContext: ExpressionContext {
  let frame: FrameContext?
  let memory: ProcessMemory
  let architecture: Architecture
  let bias: UInt64
  /// Where a module's thread-local storage starts for the selected thread.
  var threadStorage: (() -> UInt64?)?

  func register(_ number: Int) -> UInt64? { frame?.register(number) }
  func vectorRegister(_ number: Int) -> [UInt8]? { frame?.vectorRegister(number) }
  func canonicalFrameAddress() throws(EvaluationError) -> UInt64 {
    guard let frame else { throw .unsupported("No frame selected.") }
    return try frame.canonicalFrameAddress()
  }
  func frameBase() throws(EvaluationError) -> UInt64 {
    guard let frame else { throw .unsupported("No frame selected.") }
    return try frame.frameBase()
  }
  func entryValue(_ expression: [LocationOperation]) throws(EvaluationError) -> TypedValue {
    guard let frame else { throw .optimizedOut }
    return try frame.entryValue(expression)
  }
  func threadLocalAddress(_ offset: UInt64) throws(EvaluationError) -> UInt64 {
    guard let start = threadStorage?() else {
      throw .unsupported("Cannot find thread-local storage")
    }
    return start &+ offset
  }
}
