package import Bytes
package import Reporting

/// Writes a report as one JSON document; `docs/report-schema.md` says what each member means.
///
/// A member that the core does not tell is `null`, never left out, so that readers need no second form.
package enum JSONRenderer {
  /// The document, indented; with `isCompact` on one line, which makes it a record of NDJSON.
  package static func render(
    _ report: Report, isCompact: Bool = false, to sink: @escaping (inout TextBuffer) -> Void
  ) {
    var writer = JSONWriter(isCompact: isCompact, sink: sink)
    writer.object { json in document(report, &json) }
    writer.finish()
  }

  private static func document(_ report: Report, _ json: inout JSONWriter) {
    let digits = report.addressDigits
    json.member("schema_version", report.schemaVersion)
    json.member("generator", report.generator)
    json.member("complete", report.isComplete)
    json.member("origin", report.origin.rawValue)
    json.member("redacted", report.isRedacted)
    json.member("core", report.core)
    json.member("executable", report.executable)
    json.member("architecture", report.architecture)
    json.key("process")
    json.object { json in
      json.member("pid", report.process.pid)
      json.member("command", report.process.command)
      json.member("arguments", report.process.arguments)
    }
    json.key("capture")
    if let capture = report.capture { self.capture(capture, &json) } else { json.null() }
    json.key("record")
    if let record = report.record { self.record(record, &json) } else { json.null() }
    json.key("signal")
    if let signal = report.signal { self.signal(signal, digits, &json) } else { json.null() }
    json.member("reason", report.reason)
    details(report, &json)
    json.member("thread_count", report.threadCount)
    json.member("crashed_lwp", report.crashedThread?.lwp)
    json.key("stacks")
    json.array(report.stacks) { json, stack in self.stack(stack, digits, &json) }
    json.key("workers")
    json.array(report.workers) { json, thread in self.thread(thread, digits, &json) }
    json.key("rings")
    json.array(report.rings) { json, ring in self.ring(ring, digits, &json) }
    modulesAndNotes(report, &json)
  }

  /// What `coreview modules` tells: the same members as a report has, without those of threads.
  static func renderModules(_ report: Report, to sink: @escaping (inout TextBuffer) -> Void) {
    var writer = JSONWriter(sink: sink)
    writer.object { json in
      json.member("schema_version", report.schemaVersion)
      json.member("generator", report.generator)
      json.member("complete", report.isComplete)
      json.member("core", report.core)
      json.member("executable", report.executable)
      json.member("architecture", report.architecture)
      modulesAndNotes(report, &json)
    }
    writer.finish()
  }

  private static func modulesAndNotes(_ report: Report, _ json: inout JSONWriter) {
    json.key("modules")
    json.array(report.modules) { json, module in self.module(module, report.addressDigits, &json) }
    json.key("mappings")
    if let mappings = report.mappings {
      json.array(mappings) { json, mapping in self.mapping(mapping, report.addressDigits, &json) }
    } else {
      json.null()
    }
    json.key("notes")
    json.array(report.notes) { json, note in
      json.object { json in
        json.member("kind", note.kind.rawValue)
        json.member("incomplete", note.isIncomplete)
        json.member("text", note.text)
      }
    }
  }

  private static func signal(_ signal: Report.Signal, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("number", signal.number)
      json.member("name", signal.name)
      json.member("text", signal.text)
      json.member("code", signal.code)
      json.member("code_name", signal.codeName)
      json.member("fault_address", address: signal.faultAddress, digits: digits)
      json.key("sender")
      guard let sender = signal.sender else { return json.null() }
      json.object { json in
        json.member("pid", sender.pid)
        json.member("uid", sender.uid)
      }
    }
  }

  private static func thread(_ thread: Report.Thread, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("number", thread.number)
      json.member("lwp", thread.lwp)
      json.member("pthread", address: thread.pthread, digits: digits)
      json.member("target_id", thread.targetID)
      json.member("crashed", thread.isCrashed)
      json.member("exiting", thread.isExiting)
      json.member("has_registers", thread.hasRegisters)
      classification(of: thread, digits, &json)
      facts(of: thread, digits, &json)
    }
  }

  private static func capture(_ capture: Report.Capture, _ json: inout JSONWriter) {
    json.object { json in
      json.member("mode", capture.mode)
      json.member("window_ns", capture.window)
      json.member("longest_hold_ns", capture.longestHold)
      json.member("stopped_threads", capture.stoppedThreads)
    }
  }

  /// What /proc said.
  private static func facts(of thread: Report.Thread, _ digits: Int, _ json: inout JSONWriter) {
    json.member("name", thread.name)
    json.member("state", thread.state)
    json.member("wait_channel", thread.waitChannel)
    json.key("blocked_in")
    if let call = thread.systemCall {
      json.object { json in
        json.member("system_call", call.number)
        json.member("name", call.name)
        json.key("arguments")
        json.array(call.arguments) { json, value in json.address(value, digits: digits) }
      }
    } else {
      json.null()
    }
    json.key("kernel_stack")
    json.array(thread.kernelStack) { json, function in json.value(function) }
  }

  private static func stack(_ stack: Report.Stack, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.key("threads")
      json.array(stack.threads) { json, thread in self.thread(thread, digits, &json) }
      json.member("frame_count", stack.frameCount)
      json.member("omitted_frames", stack.omittedFrames)
      json.key("frames")
      json.array(stack.frames) { json, frame in self.frame(frame, digits, &json) }
      json.member("stop_reason", stack.stopReason)
      json.key("repetitions")
      json.array(stack.repetitions) { json, found in
        json.object { json in
          json.member("first", found.first)
          json.member("last", found.last)
          json.key("functions")
          json.array(found.functions) { json, name in json.value(name) }
          json.member("count", found.count)
        }
      }
    }
  }

  private static func frame(_ frame: Report.Frame, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("level", frame.level)
      json.member("trust", frame.trust.rawValue)
      json.member("kind", frame.kind.rawValue)
      json.member("pc", address: frame.pc, digits: digits)
      json.member("at_line_start", frame.isAtLineStart)
      json.member("function", frame.function)
      json.member("arguments", frame.arguments)
      json.member("file", frame.file)
      json.member("line", frame.line)
      json.member("module", frame.module?.path)
      json.member("build_id", frame.module?.buildID)
      json.member("module_offset", address: frame.module?.offset, digits: digits)
    }
  }

  private static func mapping(_ mapping: Report.Mapping, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("kind", mapping.kind.rawValue)
      json.member("start", address: mapping.range.lowerBound, digits: digits)
      json.member("end", address: mapping.range.upperBound, digits: digits)
      json.member("writable", mapping.isWritable)
      json.member("executable", mapping.isExecutable)
      json.member("dumped", address: mapping.dumped, digits: digits)
      json.member("path", mapping.path)
    }
  }

  private static func module(_ module: Report.Module, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("kind", module.kind.rawValue)
      json.member("path", module.path)
      json.member("start", address: module.range.lowerBound, digits: digits)
      json.member("end", address: module.range.upperBound, digits: digits)
      json.member("build_id", module.buildID)
      json.member("build_id_in_core", module.buildIDInCore)
      json.member("debug_file", module.debugFile)
      json.member("debug_origin", module.debugOrigin?.rawValue)
      json.key("package")
      if let package = module.package {
        json.object { json in
          json.member("type", package.type)
          json.member("distribution", package.distribution)
          json.member("name", package.name)
          json.member("version", package.version)
        }
      } else {
        json.null()
      }
      json.member("problem", module.problem)
      json.key("remedies")
      json.array(module.remedies) { json, remedy in json.value(remedy) }
    }
  }
}

extension JSONWriter {
  mutating func member(_ name: StaticString, _ string: String?) {
    key(name)
    if let string { value(string) } else { null() }
  }

  mutating func member(_ name: StaticString, _ flag: Bool) {
    key(name)
    value(flag)
  }

  mutating func member(_ name: StaticString, _ number: (some BinaryInteger)?) {
    key(name)
    if let number { value(number) } else { null() }
  }

  mutating func member(_ name: StaticString, address: UInt64?, digits: Int) {
    key(name)
    if let address { self.address(address, digits: digits) } else { null() }
  }
}
