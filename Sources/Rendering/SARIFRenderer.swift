package import Bytes
package import Reporting

/// Writes a report as SARIF 2.1.0 (OASIS, 27 March 2020): one run with one result, the crash, and its stacks.
///
/// The result's rule is the class of the crash, `partialFingerprints` holds its signature, so that a server knows a
/// crash again. Addresses stand in property bags as hexadecimal strings: SARIF's own are numbers, which many readers
/// keep as doubles.
package enum SARIFRenderer {
  /// Stacks and frames that are kept: servers refuse large files (GitHub: 10 MB and 1,000 locations of a thread).
  private static let maximumStacks = 100
  private static let maximumFrames = 250

  package static func render(_ report: Report, to sink: @escaping (inout TextBuffer) -> Void) {
    var writer = JSONWriter(sink: sink)
    writer.object { json in
      json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      json.member("version", "2.1.0")
      json.key("runs")
      json.array([report]) { json, report in
        json.object { json in run(report, &json) }
      }
    }
    writer.finish()
  }

  private static func run(_ report: Report, _ json: inout JSONWriter) {
    let rule = report.ruleID
    json.key("tool")
    json.object { json in
      json.key("driver")
      json.object { json in
        let words = report.generator.split(separator: " ", maxSplits: 1)
        json.member("name", words.first.map(String.init) ?? "coreview")
        if words.count > 1 { json.member("version", String(words[1])) }
        json.key("rules")
        json.array([rule]) { json, rule in
          json.object { json in
            json.member("id", rule)
            json.key("shortDescription")
            message(report.ruleText, &json)
          }
        }
      }
    }
    json.key("invocations")
    json.array([report]) { json, report in
      json.object { json in
        json.member("executionSuccessful", true)
        json.key("toolExecutionNotifications")
        json.array(report.notes) { json, note in
          json.object { json in
            json.member("level", note.isIncomplete ? "warning" : "note")
            json.key("message")
            message(note.text, &json)
          }
        }
      }
    }
    json.key("artifacts")
    json.array([report.core] + (report.executable.map { [$0] } ?? [])) { json, path in
      json.object { json in
        json.key("location")
        artifact(path, &json)
      }
    }
    // Columns are not known; where they count, they would be Unicode code points.
    json.member("columnKind", "unicodeCodePoints")
    json.key("results")
    json.array([rule]) { json, rule in
      json.object { json in result(report, rule, &json) }
    }
  }

  private static func result(_ report: Report, _ rule: String, _ json: inout JSONWriter) {
    json.member("ruleId", rule)
    json.member("ruleIndex", 0)
    json.member("level", report.signal == nil ? "note" : "error")
    json.key("message")
    message((report.process.command ?? "a process") + ": " + report.reason, &json)
    json.key("analysisTarget")
    artifact(report.executable ?? report.core, &json)
    json.key("locations")
    // The first frame that a reader can open; the frames above it have no source.
    let frames = report.stacks.first?.frames ?? []
    let place = frames.first { $0.file != nil } ?? frames.first
    json.array(place.map { [$0] } ?? []) { json, frame in location(frame, report, &json) }
    json.key("stacks")
    json.array(report.stacks.prefix(maximumStacks)) { json, stack in
      json.object { json in self.stack(stack, report, &json) }
    }
    if let hash = report.signatureHash {
      json.key("partialFingerprints")
      json.object { json in json.member("coreview/signature/v1", hash) }
    }
    json.key("properties")
    json.object { json in
      json.member("core", report.core)
      json.member("pid", report.process.pid)
      json.member("commandLine", report.process.arguments)
      json.member("signal", report.signal?.name)
      json.member("faultAddress", address: report.signal?.faultAddress, digits: report.addressDigits)
      json.member("threadCount", report.threadCount)
      json.member("redacted", report.isRedacted)
    }
  }

  private static func stack(_ stack: Report.Stack, _ report: Report, _ json: inout JSONWriter) {
    let first = stack.threads.first
    let names = TextRenderer.list(stack.threads)
    json.key("message")
    message(names + (first?.isCrashed == true ? ", crashed" : ""), &json)
    json.key("frames")
    json.array(stack.frames.prefix(maximumFrames)) { json, frame in
      json.object { json in
        json.key("location")
        location(frame, report, &json)
        if let module = frame.module { json.member("module", module.path) }
        if let first { json.member("threadId", first.lwp) }
        if !frame.arguments.isEmpty {
          json.key("parameters")
          json.array([frame.arguments]) { json, text in json.value(text) }
        }
        json.key("properties")
        json.object { json in
          json.member("level", frame.level)
          json.member("pc", address: frame.pc, digits: report.addressDigits)
          json.member("kind", frame.kind.rawValue)
          json.member("buildId", frame.module?.buildID)
          json.member("moduleOffset", address: frame.module?.offset, digits: report.addressDigits)
        }
      }
    }
  }

  private static func location(_ frame: Report.Frame, _ report: Report, _ json: inout JSONWriter) {
    json.object { json in
      if let file = frame.file {
        json.key("physicalLocation")
        json.object { json in
          json.key("artifactLocation")
          artifact(file, &json)
          // A region's lines count from 1; gdb shows 0 where a compiler gave no line.
          if let line = frame.line, line > 0 {
            json.key("region")
            json.object { json in json.member("startLine", line) }
          }
        }
      }
      json.key("logicalLocations")
      json.array([frame.function ?? (frame.kind == .signal ? "<signal handler called>" : "??")]) {
        json, name in
        json.object { json in
          json.member("fullyQualifiedName", name)
          json.member("kind", "function")
        }
      }
      json.key("message")
      message("#\(frame.level) \(frame.function ?? "??")", &json)
    }
  }

  private static func artifact(_ path: String, _ json: inout JSONWriter) {
    json.object { json in json.member("uri", uri(path)) }
  }

  private static func message(_ text: String, _ json: inout JSONWriter) {
    json.object { json in
      // In a plain message braces stand for arguments and brackets for links (3.11.5, 3.11.6).
      var escaped = ""
      for character in text {
        switch character {
        case "{": escaped += "{{"
        case "}": escaped += "}}"
        case "[", "]", "\\": escaped += "\\" + String(character)
        default: escaped.append(character)
        }
      }
      json.member("text", escaped.isEmpty ? "-" : escaped)
    }
  }

  /// A path as a URI reference (RFC 3986): absolute ones as `file:`, all bytes but the unreserved ones escaped.
  static func uri(_ path: String) -> String {
    var result = path.hasPrefix("/") ? "file://" : ""
    // The first segment of a relative reference may hold no colon; it is escaped like all else.
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "/"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        result += "%"
        result.unicodeScalars.append(digits[Int(byte >> 4)])
        result.unicodeScalars.append(digits[Int(byte & 15)])
      }
    }
    return result
  }
}
