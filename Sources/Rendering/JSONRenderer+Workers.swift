internal import Bytes
internal import Reporting

/// What the kernel's threads are and do: classes, provenance, rings.
extension JSONRenderer {
  /// The members of a thread that say what it is.
  static func classification(of thread: Report.Thread, _ digits: Int, _ json: inout JSONWriter) {
    json.member("class", thread.kind.rawValue)
    json.member("confidence", thread.confidence.rawValue)
    json.key("evidence")
    json.array(thread.evidence) { json, fact in
      json.object { json in
        json.member("points", fact.points)
        json.member("text", fact.text)
      }
    }
    json.key("provenance")
    if let provenance = thread.provenance { self.provenance(provenance, digits, &json) } else { json.null() }
  }

  private static func provenance(
    _ provenance: Report.Thread.Provenance, _ digits: Int, _ json: inout JSONWriter
  ) {
    json.object { json in
      json.key("owner")
      owner(provenance.owner, digits, &json)
      json.member("system_call", provenance.systemCall)
      json.member("ring_fd", provenance.ringDescriptor)
      json.key("parameters")
      if let found = provenance.parameters { parameters(found, digits, &json) } else { json.null() }
      json.key("call_site")
      if let site = provenance.callSite { callSite(site, digits, &json) } else { json.null() }
      json.key("hints")
      json.array(provenance.hints) { json, hint in json.value(hint) }
      json.member("activity", provenance.activity)
    }
  }

  private static func owner(
    _ owner: Report.Thread.Provenance.Owner, _ digits: Int, _ json: inout JSONWriter
  ) {
    var kind = "unknown"
    var lwps: [Int32] = []
    var pointer: UInt64?
    var reason: String?
    switch owner {
    case .thread(let lwp): (kind, lwps) = ("thread", [lwp])
    case .oneOf(let several): (kind, lwps) = ("one_of", several)
    case .exited(let threadPointer): (kind, pointer) = ("exited", threadPointer)
    case .unknown(let why): reason = why
    }
    json.object { json in
      json.member("kind", kind)
      json.key("lwps")
      json.array(lwps) { json, lwp in json.value(lwp) }
      json.member("thread_pointer", address: pointer, digits: digits)
      json.member("reason", reason)
    }
  }

  private static func parameters(
    _ found: Report.Thread.RingParameters, _ digits: Int, _ json: inout JSONWriter
  ) {
    json.object { json in
      json.member("address", address: found.address, digits: digits)
      json.member("sq_entries", found.submissionEntries)
      json.member("cq_entries", found.completionEntries)
      json.member("flags", found.flags)
      json.member("sq_thread_cpu", found.processor)
      json.member("sq_thread_idle", found.idleMilliseconds)
      json.member("own_memory", found.usesOwnMemory)
    }
  }

  private static func callSite(_ site: Report.Thread.CallSite, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("address", address: site.address, digits: digits)
      json.member("function", site.function)
      json.member("function_offset", site.functionOffset)
      json.member("module", site.module)
      json.member("build_id", site.buildID)
      json.member("module_offset", address: site.moduleOffset, digits: digits)
      json.key("after_syscall")
      if let follows = site.followsSystemCall { json.value(follows) } else { json.null() }
    }
  }

  // MARK: Rings

  static func ring(_ ring: Report.Ring, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("address", address: ring.address == 0 ? nil : ring.address, digits: digits)
      json.member("source", ring.source.rawValue)
      json.member("fd", ring.descriptor)
      json.member("sq_thread", ring.pollThread)
      json.member("armed_polls", ring.armedPolls)
      json.key("sq")
      queue(ring.submissions, &json)
      json.key("cq")
      queue(ring.completions, &json)
      json.member("sq_dropped", ring.dropped)
      json.member("cq_overflow", ring.overflows)
      json.member("sq_flags", ring.submissionFlags)
      json.key("unsubmitted")
      json.array(ring.unsubmitted) { json, entry in self.entry(entry, digits, &json) }
      json.key("unreaped")
      json.array(ring.unreaped) { json, result in self.result(result, digits, &json) }
      json.member("in_flight_count", ring.inFlightCount)
      json.key("in_flight")
      json.array(ring.inFlight) { json, request in
        json.object { json in
          json.member("confidence", request.confidence.rawValue)
          json.key("completion")
          result(request.result, digits, &json)
          json.key("entries")
          json.array(request.entries) { json, entry in self.entry(entry, digits, &json) }
        }
      }
      json.key("remarks")
      json.array(ring.remarks) { json, remark in json.value(remark) }
    }
  }

  private static func queue(_ queue: Report.RingQueue?, _ json: inout JSONWriter) {
    guard let queue else { return json.null() }
    json.object { json in
      json.member("head", queue.head)
      json.member("tail", queue.tail)
      json.member("entries", queue.entries)
      json.member("pending", queue.pending)
    }
  }

  private static func entry(_ entry: Report.RingEntry, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("slot", entry.slot)
      json.member("opcode", entry.opcode)
      json.member("operation", entry.operation)
      json.member("flags", entry.flags)
      json.member("fd", entry.descriptor)
      json.member("fixed_file", entry.isFixedFile)
      // Numbers of 64 bits are strings, as addresses are, of 16 digits on all processors.
      json.member("offset", address: entry.offset, digits: 16)
      json.member("address", address: entry.address, digits: 16)
      json.member("length", entry.length)
      userData(entry.userData, &json)
    }
  }

  private static func result(_ result: Report.RingResult, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("result", result.result)
      json.member("flags", result.flags)
      userData(result.userData, &json)
    }
  }

  private static func userData(_ data: Report.UserData, _ json: inout JSONWriter) {
    json.member("user_data", address: data.value, digits: 16)
    json.member("user_data_symbol", data.symbol)
  }
}
