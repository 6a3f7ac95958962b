import GDBOracle
import Testing

/// `--json` against `docs/report.schema.json`.
@Suite struct SchemaTests {
  private static let schema = "\(Samples.repository)/docs/report.schema.json"

  private static func document(_ name: String) throws -> String {
    if name.hasSuffix("6.12") || name.hasSuffix("6.1") || name.hasSuffix("5.10") {
      return try SampleTests.run(["--json", "\(try WorkerTests.cores.get())/\(name).core"]).output
    }
    let samples = try SampleTests.samples.get()
    let run = try SampleTests.run(["--json", samples.executable(name), samples.core(name)])
    #expect(run.ending == .exited(0), "\(run.errors)")
    return run.output
  }

  /// The keys of a JSON text as this project lays it out: one a line, quoted, before `": "`.
  private static func keys(_ document: String) -> Set<String> {
    var result: Set<String> = []
    for line in document.split(separator: "\n") {
      let text = line.drop { $0 == " " }
      guard text.first == "\"", let end = text.dropFirst().firstIndex(of: "\""),
        text[end...].hasPrefix("\": ")
      else { continue }
      result.insert(String(text[text.index(after: text.startIndex)..<end]))
    }
    return result
  }

  @Test func `every member that is printed is in the schema and on its page`() throws {
    let schema = text(try contents(of: Self.schema))
    let page = text(try contents(of: "\(Samples.repository)/docs/report-schema.md"))
    let keys = try Self.keys(Self.document("thumbnailer")).union(
      Self.keys(Self.document("io_uring-cp-forever"))
    ).union(Self.keys(Self.document("x86_64-vh6.12")))
    #expect(keys.count > 80)
    for key in keys {
      #expect(schema.contains("\"\(key)\""), "\(key)")
      #expect(page.contains("`\(key)`"), "\(key)")
    }
  }

  @Test func `brackets match and nothing follows the document`() throws {
    for name in ["overflow", "ledger", "x86_64-vh6.12"] {
      let document = try Self.document(name)
      var depth = 0
      var isQuoted = false
      var isEscaped = false
      for byte in document.utf8 {
        if isEscaped {
          isEscaped = false
        } else if isQuoted {
          if byte == UInt8(ascii: "\\") {
            isEscaped = true
          } else if byte == UInt8(ascii: "\"") {
            isQuoted = false
          }
        } else {
          switch byte {
          case UInt8(ascii: "\""): isQuoted = true
          case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
          case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
          default: break
          }
        }
        #expect(depth >= 0)
      }
      #expect(depth == 0 && !isQuoted)
      #expect(document.hasPrefix("{\n") && document.hasSuffix("\n}\n"))
    }
  }

  /// What a validator of JSON Schema says, where python3 has one.
  @Test(arguments: [
    "io_uring-cp-forever", "thumbnailer", "ledger", "overflow", "parser-stripped", "parser-i386",
    "x86_64-vh6.12", "x86_64-5.10", "aarch64-6.1", "riscv64-6.12", "s390x-6.1",
  ])
  func `a validator finds nothing`(_ name: String) throws {
    let program = """
      import json, sys
      try: import jsonschema
      except ImportError: sys.exit(77)
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      jsonschema.validate(json.load(open(sys.argv[2])), schema, cls=jsonschema.Draft202012Validator)
      """
    let document = try ScratchFile(Array(try Self.document(name).utf8))
    let run = try Command("python3", ["-c", program, Self.schema, document.path]).run(seconds: 60)
    // 77: no jsonschema here; 127: no python3. The structure is checked above all the same.
    guard run.ending != .exited(77), run.ending != .exited(127) else { return }
    #expect(run.ending == .exited(0), "\(text(run.errors))")
  }
}
