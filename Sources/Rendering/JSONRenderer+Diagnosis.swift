internal import Reporting

/// Why the process died, and what belongs to it: `diagnosis`, `signature`, `registers`, `disassembly`, `source`, `locks`.
extension JSONRenderer {
  static func details(_ report: Report, _ json: inout JSONWriter) {
    let digits = report.addressDigits
    json.key("diagnosis")
    diagnosis(report.diagnosis, digits, &json)
    json.key("signature")
    if let signature = report.signature { self.signature(signature, &json) } else { json.null() }
    json.key("registers")
    json.array(report.registers) { json, register in self.register(register, digits, &json) }
    json.key("disassembly")
    json.array(report.disassembly) { json, instruction in self.instruction(instruction, digits, &json) }
    json.key("source")
    if let source = report.source { self.source(source, &json) } else { json.null() }
    json.key("locks")
    if let locks = report.locks { self.locks(locks, digits, &json) } else { json.null() }
  }

  private static func diagnosis(_ found: Report.Diagnosis, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("class", found.kind.rawValue)
      json.member("sentence", found.sentence)
      json.member("confidence", found.confidence.rawValue)
      json.key("findings")
      json.array(found.findings) { json, finding in
        json.object { json in
          json.member("text", finding.text)
          json.key("evidence")
          json.array(finding.evidence) { json, text in json.value(text) }
        }
      }
      json.key("fault")
      if let fault = found.fault { self.fault(fault, digits, &json) } else { json.null() }
      json.key("message")
      if let message = found.message {
        json.object { json in
          json.member("source", message.source.rawValue)
          json.member("text", message.text)
          json.member("type", message.type)
        }
      } else {
        json.null()
      }
      json.key("instruction")
      if let instruction = found.instruction {
        self.instruction(instruction, digits, &json)
      } else {
        json.null()
      }
    }
  }

  private static func fault(_ fault: Report.Diagnosis.Fault, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("address", address: fault.address, digits: digits)
      json.member("rebuilt", fault.isRebuilt)
      json.member("access", fault.access?.rawValue)
      json.member("size", fault.size)
      json.member("operand", fault.operand)
      json.member("register", fault.register)
      json.member("register_value", address: fault.registerValue, digits: digits)
      json.member("expression", fault.expression)
      json.member("field", fault.field)
      json.member("field_owner", fault.fieldOwner)
      json.member("field_offset", fault.fieldOffset)
      json.member("mapping", fault.mapping)
    }
  }

  private static func instruction(_ found: Report.Instruction, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("address", address: found.address, digits: digits)
      json.member("bytes", found.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
      json.member("text", found.text)
      json.member("symbol", found.symbol)
      json.member("symbol_offset", found.symbolOffset)
    }
  }

  private static func signature(_ found: Report.Signature, _ json: inout JSONWriter) {
    json.object { json in
      json.member("hash", found.hash)
      json.member("signal", found.signal)
      json.member("basis", found.basis.rawValue)
      json.key("frames")
      json.array(found.frames) { json, frame in json.value(frame) }
      json.member("pipe", found.pipe)
      json.member("apport", found.apport)
      json.member("satyr", found.satyr)
    }
  }

  private static func register(_ register: Report.Register, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.member("name", register.name)
      json.member("value", address: register.value, digits: digits)
      json.key("target")
      guard let target = register.target else { return json.null() }
      json.object { json in
        json.member("kind", target.kind.rawValue)
        json.member("symbol", target.symbol)
        json.member("mapping", target.mapping)
        json.member("lwp", target.lwp)
        json.member("string", target.string)
      }
    }
  }

  private static func source(_ source: Report.Source, _ json: inout JSONWriter) {
    json.object { json in
      json.member("path", source.path)
      json.member("line", source.line)
      json.member("first_line", source.firstLine)
      json.key("lines")
      json.array(source.lines) { json, line in json.value(line) }
      json.member("newer", source.isNewer)
    }
  }

  private static func locks(_ locks: Report.Locks, _ digits: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.key("waits")
      json.array(locks.waits) { json, wait in
        json.object { json in
          json.member("kind", wait.kind.rawValue)
          json.member("waiter", wait.waiter)
          json.member("address", address: wait.address, digits: digits)
          json.member("symbol", wait.symbol)
          json.member("owner", wait.owner)
          json.member("owner_alive", wait.isOwnerAlive)
          json.member("evidence", wait.evidence)
        }
      }
      json.key("cycles")
      json.array(locks.cycles) { json, cycle in
        json.array(cycle) { json, lwp in json.value(lwp) }
      }
    }
  }
}
