internal import Bytes
internal import Backtraces
internal import CoreFiles
internal import Elfutils
internal import ProcessModel
internal import Reporting
internal import Symbols
internal import Unwinding

/// What is the same for all frames at one address: made once, however deep a recursion is.
final class FrameSite {
  /// Equal for frames of the same function and line.
  let token: UInt64
  /// The frame without level and arguments.
  let prototype: Report.Frame
  let template: FrameTemplate?

  init(token: UInt64, prototype: Report.Frame, template: FrameTemplate?) {
    self.token = token
    self.prototype = prototype
    self.template = template
  }

  /// A frame at this site, with its arguments; `callee` is the physical frame within it.
  func frame(_ frame: Frame, callee: PhysicalFrame? = nil) -> Report.Frame {
    var result = prototype
    result.level = frame.level
    result.trust = Self.trust(frame, callee)
    if let template { result.arguments = String(decoding: template.argumentText(of: frame), as: UTF8.self) }
    return result
  }

  /// By what the frame was found: what its callee's plan says.
  private static func trust(_ frame: Frame, _ callee: PhysicalFrame?) -> Report.Frame.Trust {
    switch frame.kind {
    case .inlined: return .inline
    case .tailCall: return .callSite
    case .normal, .signalTrampoline: break
    }
    guard let callee else { return .context }
    if callee.isSignalFrame { return .signal }
    switch callee.plan.method {
    case .callFrame: return .cfi
    case .signalTrampoline: return .signal
    case .epilogue, .prologue, .none, .unreadable: return .prologue
    }
  }
}

/// The sites of a process, by address.
final class FrameSites {
  private struct Key: Hashable {
    var pc: UInt64
    var lookup: UInt64
    var index: Int
    var kind: Frame.Kind
  }

  /// What makes frames the same that have a line.
  private struct Meaning: Hashable {
    var kind: Report.Frame.Kind
    var function: String?
    var file: String?
    var line: Int?
  }

  /// More distinct addresses than any sound program's stacks show; beyond, sites are made anew.
  private static let maximumSites = 100_000

  private let process: CoreProcess
  private var sites: [Key: FrameSite] = [:]
  private var tokens: [Meaning: UInt64] = [:]
  private var buildIDs: [ObjectIdentifier: String] = [:]
  private var latest: (key: Key, site: FrameSite)?
  /// The modules that frames lie in, in the order in which they were met.
  private(set) var modules: [Module] = []
  /// What frames of a token are called: the function, or the address.
  private var names: [UInt64: String] = [:]
  /// Mapped files that frames lie in but that no module is, and an address in each.
  private(set) var strangers: [String: UInt64] = [:]

  init(process: CoreProcess) {
    self.process = process
  }

  func site(of frame: Frame) -> FrameSite {
    let key = Key(
      pc: frame.programCounter, lookup: frame.code.lookup, index: frame.functionIndex, kind: frame.kind)
    if let latest, latest.key == key { return latest.site }
    let site: FrameSite
    if let known = sites[key] {
      site = known
    } else {
      site = make(frame)
      if sites.count >= Self.maximumSites { sites.removeAll() }
      sites[key] = site
    }
    latest = (key, site)
    return site
  }

  private func make(_ frame: Frame) -> FrameSite {
    var result = Report.Frame()
    result.pc = frame.programCounter
    result.module = place(of: frame)
    var template: FrameTemplate?
    switch frame.kind {
    case .normal: result.kind = .normal
    case .inlined: result.kind = .inlined
    case .signalTrampoline: result.kind = .signal
    case .tailCall: result.kind = .tailCall
    }
    if frame.kind != .signalTrampoline {
      let made = FrameTemplates.template(for: frame)
      template = made
      result.isAtLineStart = !made.showsAddress
      result.function = made.readableFunction(of: frame).map { String(decoding: $0, as: UTF8.self) }
      if let file = made.file {
        result.file = String(decoding: file, as: UTF8.self)
        result.line = made.line
      }
    }
    // Frames without a line are the same at the same address only. Tokens of lines count from 0, so the
    // complements of addresses stay clear of them.
    var token = ~result.pc
    if result.file != nil {
      let meaning = Meaning(
        kind: result.kind, function: result.function, file: result.file, line: result.line)
      token = tokens[meaning] ?? UInt64(tokens.count)
      tokens[meaning] = token
    }
    names[token] = result.function ?? result.pc.hexadecimal
    return FrameSite(token: token, prototype: result, template: template)
  }

  /// What frames of a token are called.
  func name(of token: UInt64) -> String { names[token] ?? "??" }

  private func place(of frame: Frame) -> Report.ModulePlace? {
    // By the address itself, as `from LIBRARY` is; the look-up address may lie in another module.
    guard let module = process.modules.module(containing: frame.programCounter) else {
      if let mapping = process.core.memory.mapping(containing: frame.programCounter) {
        strangers[mapping.path] = frame.programCounter
      }
      return nil
    }
    let identity = ObjectIdentifier(module)
    if buildIDs[identity] == nil {
      modules.append(module)
      buildIDs[identity] = module.elf.buildIDBytes.map { BuildID($0).description } ?? ""
    }
    var place = Report.ModulePlace()
    place.path = module.name
    place.kind = Report.Module.Kind(module.kind)
    place.buildID = buildIDs[identity].flatMap { $0.isEmpty ? nil : $0 }
    place.offset = module.fileAddress(frame.programCounter).rawValue
    return place
  }
}

extension Report.Module.Kind {
  init(_ kind: Module.Kind) {
    switch kind {
    case .executable: self = .executable
    case .library: self = .library
    case .vdso: self = .vdso
    }
  }
}
