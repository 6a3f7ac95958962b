internal import Bytes
internal import Reporting

/// What was written down of the process besides its core.
extension JSONRenderer {
  static func record(_ record: Report.Record, _ json: inout JSONWriter) {
    json.object { json in
      json.key("sources")
      json.array(record.sources) { json, source in json.value(source.rawValue) }
      json.member("pid", record.pid)
      json.member("uid", record.uid)
      json.member("gid", record.gid)
      json.member("signal", record.signal)
      json.member("command", record.command)
      json.member("executable", record.executable)
      json.member("command_line", record.commandLine)
      json.member("host", record.host)
      json.member("boot_id", record.bootID)
      json.member("time", record.time.map { TimeText.utc(microseconds: $0) })
      json.member("unit", record.unit)
      json.member("slice", record.slice)
      json.member("cgroup", record.controlGroup)
      json.member("working_directory", record.workingDirectory)
      json.member("root", record.root)
      json.member("package", record.package)
      texts("environment", record.environment, &json)
      json.key("open_files")
      list(record.openFiles, &json) { json, file in
        json.object { json in
          json.member("fd", file.descriptor)
          json.member("path", file.path)
        }
      }
      texts("maps", record.maps, &json)
      json.key("thread_names")
      list(record.threadNames, &json) { json, thread in
        json.object { json in
          json.member("lwp", thread.lwp)
          json.member("name", thread.name)
        }
      }
      json.key("ring_states")
      list(record.rings, &json) { json, ring in
        json.object { json in
          json.member("fd", ring.descriptor)
          json.key("lines")
          json.array(ring.lines) { json, line in json.value(line) }
        }
      }
    }
  }

  private static func texts(_ name: StaticString, _ lines: [String]?, _ json: inout JSONWriter) {
    json.key(name)
    list(lines, &json) { json, line in json.value(line) }
  }

  private static func list<Element>(
    _ elements: [Element]?, _ json: inout JSONWriter, _ body: (inout JSONWriter, Element) -> Void
  ) {
    if let elements { json.array(elements, body) } else { json.null() }
  }
}
