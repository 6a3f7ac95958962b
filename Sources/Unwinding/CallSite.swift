package import Elfutils
package import Expressions
internal import ProcessModel
package import Symbols

/// A call as the compiler described it for the time after it: DW_TAG_call_site, or GCC's older spelling.
package final class CallSite {
  /// What the callee found in a register or stack slot when it was entered.
  package struct Parameter {
    /// What it gives a value for, where that is a place that callees name too: by DW_AT_location, or by
    /// DW_AT_call_parameter a parameter that the callee no longer takes.
    package var place: EntryPlace?
    /// DW_AT_call_value: to be evaluated in the caller's frame.
    package var value: [LocationOperation]?
    /// DW_AT_call_data_value: what the parameter, a pointer or reference, led to.
    package var dataValue: [LocationOperation]?
  }

  /// What a site says of the function it calls.
  enum Target {
    /// Where the functions start that it names; `nil` where it names one that cannot be found.
    case functions([UInt64]?)
    /// To be computed from the caller's registers, if at all.
    case computed
  }

  package let entry: DebugEntry
  /// Filled when the target is first asked for.
  var target: Target?
  /// The function that was last asked for, and whether the site tells of its entry: asked for each of its arguments.
  var latest: (start: UInt64, describesEntry: Bool)?
  /// The address after the call, in the process.
  package let returnPC: UInt64
  package let isTailCall: Bool
  package let parameters: [Parameter]

  /// `nil` where the site does not say where it returns to: gdb knows it by nothing else.
  init?(_ entry: DebugEntry, module: Module) {
    guard let pc = entry.address(Attribute.callReturnPC) ?? entry.address(Attribute.lowPC) else { return nil }
    self.entry = entry
    returnPC = module.processAddress(FileAddress(pc))
    isTailCall = entry.flag(Attribute.callTailCall) || entry.flag(Attribute.gnuTailCall)
    let stackPointer = module.architecture.stackPointer
    parameters = entry.children.compactMap { child in
      guard child.tag == Tag.callSiteParameter || child.tag == Tag.gnuCallSiteParameter,
        case let parameter = child.reference(Attribute.callParameter)
          ?? child.reference(Attribute.abstractOrigin),
        let location = child.expression(Attribute.location) ?? (parameter == nil ? nil : [])
      else { return nil }
      let place =
        location.isEmpty
        ? parameter.map { EntryPlace.parameter($0.offset) }
        : EntryPlace(siteLocation: location, stackPointer: stackPointer)
      return Parameter(
        place: place,
        value: child.expression(Attribute.callValue) ?? child.expression(Attribute.gnuCallSiteValue),
        dataValue: child.expression(Attribute.callDataValue)
          ?? child.expression(Attribute.gnuCallSiteDataValue))
    }
  }
}

/// The call sites of functions, by the address they return to; read once for each function.
package final class CallSites {
  /// A function's sites, and which of its exits are jumps.
  final class OfFunction {
    var byReturn: [UInt64: CallSite] = [:]
    /// Tail calls, where the function claims to list them all.
    var tailCalls: [CallSite] = []
  }

  private let resolver: CodeResolver
  private var known: [UInt: OfFunction] = [:]
  private var verified: [UInt64: Bool] = [:]

  private static let maximumDepth = 256
  /// Functions visited at most when tail calls are followed.
  private static let maximumFunctions = 1000

  init(resolver: CodeResolver) {
    self.resolver = resolver
  }

  func sites(of function: FunctionInstance, in module: Module) -> OfFunction {
    let identity = function.entry.identity
    if let found = known[identity] { return found }
    let made = OfFunction()
    var listsTailCalls = false
    for attribute in [
      Attribute.callAllCalls, Attribute.callAllTailCalls, Attribute.gnuAllCallSites,
      Attribute.gnuAllTailCallSites,
    ] where function.entry.flag(attribute) {
      listsTailCalls = true
    }
    function.entry.visitNested(depth: Self.maximumDepth, limit: .callSites) { child in
      switch child.tag {
      case Tag.callSite, Tag.gnuCallSite:
        guard let site = CallSite(child, module: module) else { return false }
        if made.byReturn[site.returnPC] == nil { made.byReturn[site.returnPC] = site }
        if site.isTailCall, listsTailCalls { made.tailCalls.append(site) }
        return false
      case Tag.lexicalBlock, Tag.inlinedSubroutine: return true
      default: return false
      }
    }
    known[identity] = made
    return made
  }

  /// The site that returns to a frame's address.
  package func site(returningTo code: CodeInfo, pc: UInt64) -> CallSite? {
    guard let function = code.function, let module = code.module else { return nil }
    return sites(of: function, in: module).byReturn[pc]
  }

  /// The functions that a site may call; `nil` where that cannot be told. `frame` is the caller, for targets
  /// that depend on its registers.
  package func targets(
    of site: CallSite, in module: Module, frame: PhysicalFrame?
  ) throws(EvaluationError) -> [UInt64]? {
    if case .functions(let known) = known(site, in: module) { return known }
    guard let frame,
      let target = site.entry.expression(Attribute.callTarget)
        ?? site.entry.expression(Attribute.gnuCallSiteTarget)
    else { return nil }
    do throws(EvaluationError) {
      return [try ExpressionMachine.number(target, initial: [], in: FrameContext(callerFrame: frame))]
    } catch .optimizedOut {
      // Where the caller no longer holds the target gdb fails in a way of its own, and says so.
      throw .unsupported("value has been optimized out")
    }
  }

  /// Whether what a site says holds for the entry of the function that starts there, and whether that is so in every frame: a
  /// target may depend on the caller's registers.
  func describes(
    entryOf start: UInt64, _ site: CallSite, in module: Module, frame: PhysicalFrame
  ) throws(EvaluationError) -> (isDescribed: Bool, isFixed: Bool) {
    if let latest = site.latest, latest.start == start { return (latest.describesEntry, true) }
    let starts = try targets(of: site, in: module, frame: frame) ?? []
    let isDescribed = starts.contains(start) && isFreeOfSelfTailCalls(start)
    guard case .functions = known(site, in: module) else { return (isDescribed, false) }
    site.latest = (start, isDescribed)
    return (isDescribed, true)
  }

  /// What the site says of its target by itself, read once.
  private func known(_ site: CallSite, in module: Module) -> CallSite.Target {
    if let target = site.target { return target }
    var target = CallSite.Target.computed
    if let origin = site.entry.reference(Attribute.callOrigin)
      ?? site.entry.reference(Attribute.abstractOrigin)
    {
      // With link-time optimization the origin only refers to the declaration.
      if origin.flag(Attribute.declaration, .integrated),
        origin.reference(Attribute.specification, .integrated) == nil
      {
        // In C++ gdb looks for the name with its parameters, `raise(int)`, which no symbol of a C function has.
        let name = origin.linkageName ?? (Language(unit: origin.unitRoot) == .cxx ? nil : origin.name)
        target = .functions(name.flatMap(symbolAddress).map { [$0] })
      } else {
        // An abstract function stands for no code: gdb knows no target then.
        let starts = origin.ranges.map { module.processAddress(FileAddress($0.lowerBound)) }
        target = .functions(starts.isEmpty ? nil : starts)
      }
    }
    site.target = target
    return target
  }

  private func symbolAddress(_ name: String) -> UInt64? {
    resolver.modules.address(ofSymbol: name) { $0.isText }
  }

  /// The tail calls of the function that starts at an address; `nil` if there is no such function, as where
  /// its cold part starts.
  private func tailCalls(from start: UInt64) -> (sites: [CallSite], module: Module)? {
    let code = resolver.code(at: .instruction(start))
    guard let function = code.function, function.entryPC == start, let module = code.module else {
      return nil
    }
    return (sites(of: function, in: module).tailCalls, module)
  }

  /// Whether a function can reach itself by tail calls, or might: then nothing is known of its entry.
  package func isFreeOfSelfTailCalls(_ start: UInt64) -> Bool {
    if let known = verified[start] { return known }
    var result = true
    var pending = [start]
    var visited: Set<UInt64> = []
    search: while let function = pending.popLast() {
      guard let (sites, module) = tailCalls(from: function) else {
        result = false
        break
      }
      for site in sites {
        guard let targets = try? targets(of: site, in: module, frame: nil),
          visited.count < Self.maximumFunctions
        else {
          result = false
          break search
        }
        for target in targets {
          if target == start {
            result = false
            break search
          }
          if visited.insert(target).inserted { pending.append(target) }
        }
      }
    }
    verified[start] = result
    return result
  }

  /// The jumps that lead from a call to a function that it does not call itself (contract, U-20): those next
  /// to the callee and those next to the caller; both together all of them where only one way exists.
  /// A call through a register leads nowhere: gdb has no frame yet to ask for it.
  func chain(from caller: PhysicalFrame, to callee: UInt64) -> [CallSite] {
    let code = caller.plan.code
    guard let module = code.module, let first = site(returningTo: code, pc: caller.programCounter),
      let starts = try? targets(of: first, in: module, frame: nil)
    else { return [] }
    var candidates: [[CallSite]] = []
    var steps = 0
    for start in starts {
      guard follow(start, to: callee, path: [], visited: [start], &candidates, &steps) else { return [] }
    }
    guard var result = candidates.first else { return [] }
    // What all ways have in common, counted from the caller and from the callee.
    var callers = result.count
    var callees = result.count
    for other in candidates.dropFirst() {
      var same = 0
      while same < min(callers, other.count), other[same].returnPC == result[same].returnPC { same += 1 }
      callers = same
      same = 0
      while same < min(callees, other.count),
        other[other.count - 1 - same].returnPC == result[result.count - 1 - same].returnPC
      {
        same += 1
      }
      callees = same
      if other.count < result.count { result = other.count == 0 ? [] : result }
    }
    if callers == result.count { return result.reversed() }
    guard callers + callees <= result.count else { return [] }
    let nearCallee = result.suffix(callees).reversed()
    let nearCaller = result.prefix(callers).reversed()
    return Array(nearCallee) + Array(nearCaller)
  }

  /// Depth first along tail calls; `false` where a target is unknown or the search grows too large.
  private func follow(
    _ function: UInt64, to callee: UInt64, path: [CallSite], visited: Set<UInt64>,
    _ candidates: inout [[CallSite]], _ steps: inout Int
  ) -> Bool {
    steps += 1
    guard steps < Self.maximumFunctions, path.count < Self.maximumDepth else { return false }
    if function == callee {
      candidates.append(path)
      return true
    }
    guard let (sites, module) = tailCalls(from: function) else { return true }
    for site in sites {
      guard let targets = try? targets(of: site, in: module, frame: nil) else { return false }
      for target in targets where !visited.contains(target) {
        guard
          follow(
            target, to: callee, path: path + [site], visited: visited.union([target]), &candidates, &steps)
        else { return false }
      }
    }
    return true
  }
}
