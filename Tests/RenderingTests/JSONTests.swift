import Bytes
import Rendering
import Reporting
import Testing

@Suite struct JSONTests {
  private func write(_ body: (inout JSONWriter) -> Void) -> String {
    var all = TextBuffer()
    var writer = JSONWriter { text in
      all.append(text)
      text.removeAll()
    }
    body(&writer)
    writer.finish()
    return all.string
  }

  @Test func `lays out objects, arrays and what is empty`() {
    let text = write { json in
      json.object { json in
        json.key("a")
        json.value(-1)
        json.key("b")
        json.array([true, false]) { json, flag in json.value(flag) }
        json.key("c")
        json.array([Int]()) { json, number in json.value(number) }
        json.key("d")
        json.object { _ in }
        json.key("e")
        json.null()
        json.key("f")
        json.address(0xbeef, digits: 8)
      }
    }
    #expect(
      text == """
        {
          "a": -1,
          "b": [
            true,
            false
          ],
          "c": [],
          "d": {},
          "e": null,
          "f": "0x0000beef"
        }

        """)
  }

  @Test(arguments: [
    ("plain", #""plain""#),
    (#"quote " and \"#, #""quote \" and \\""#),
    ("\n\t\r\u{0}\u{1b}", #""\n\t\r\u0000\u001b""#),
    ("\u{7f}\u{85}\u{2028}\u{202e}\u{2066}", #""\u007f\u0085\u2028\u202e\u2066""#),
    ("é中\u{1f600}", "\"é中\u{1f600}\""),
    (String(decoding: [0x61, 0xff, 0xc3], as: UTF8.self), "\"a\u{fffd}\u{fffd}\""),
  ])
  func escapes(_ string: String, _ expected: String) {
    #expect(write { $0.value(string) } == expected + "\n")
  }

  @Test func `a report has each fact once, null where there is none`() {
    var all = TextBuffer()
    JSONRenderer.render(SampleReport.make) { text in
      all.append(text)
      text.removeAll()
    }
    let text = all.string
    for member in [
      #""schema_version": 1,"#, #""generator": "coreview test","#, #""complete": false,"#,
      #""fault_address": "0x0000000000000008","#, #""sender": null"#, #""thread_count": 6,"#,
      #""crashed_lwp": 7,"#, #""pthread": "0x0000000000007f00","#, #""omitted_frames": 896,"#,
      #""kind": "signal","#, #""module_offset": "0x0000000000000100""#, #""debug_file": null"#,
      #""stop_reason": "Cannot access memory at address 0x0""#, #""text": "core.7: truncated""#,
      #""class": "io_worker","#, #""points": -3,"#, #""ring_fd": 5,"#, #""function_offset": 25,"#,
      #""after_syscall": true"#, #""user_data_symbol": "jobs+16""#, #""pending": 2"#, #""fixed_file": true,"#,
      #""in_flight_count": 3,"#, #""user_data": "0x0000000000004010","#,
    ] {
      #expect(text.contains(member), "\(member)")
    }
  }

  @Test func `an empty report is a document too`() {
    var all = TextBuffer()
    JSONRenderer.render(Report()) { text in
      all.append(text)
      text.removeAll()
    }
    #expect(all.string.hasPrefix("{\n") && all.string.hasSuffix("\n}\n"))
    #expect(all.string.contains(#""signal": null,"#))
  }
}
