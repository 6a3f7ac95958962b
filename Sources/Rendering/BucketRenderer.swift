package import Bytes
package import Reporting

/// Buckets as a table for people, as JSON, and as one HTML file.
package enum BucketRenderer {
  // MARK: Text

  /// A line for each bucket under a heading.
  package static func table(_ buckets: [Bucket]) -> TextBuffer {
    var text = TextBuffer()
    let rows =
      [["count", "first seen", "last seen", "state", "signature", "what", "example"]]
      + buckets.map { bucket in
        [
          "\(bucket.count)", date(bucket.firstSeen), date(bucket.lastSeen), bucket.state.rawValue,
          bucket.signature,
          shortened(Escaping.inertText(what(bucket)), to: 72), Escaping.inertText(bucket.example),
        ]
      }
    var widths = [Int](repeating: 0, count: 7)
    for row in rows {
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) }
    }
    for row in rows {
      var line = ""
      for (index, cell) in row.enumerated() {
        let blanks = String(repeating: " ", count: widths[index] - cell.count)
        // Numbers stand to the right; the last column needs no padding.
        line += index == 0 ? blanks + cell : index == row.count - 1 ? "  " + cell : "  " + cell + blanks
      }
      text.append(line + "\n")
    }
    text.append(clusters(buckets))
    return text
  }

  /// Below the table: which buckets may be one crash.
  private static func clusters(_ buckets: [Bucket]) -> String {
    let members = Dictionary(grouping: buckets.filter { !$0.cluster.isEmpty }, by: \.cluster)
    let lines = buckets.compactMap { bucket -> String? in
      guard bucket.cluster == bucket.signature, let near = members[bucket.cluster], near.count > 1 else {
        return nil
      }
      let title = shortened(Escaping.inertText(what(bucket)), to: 72)
      return "  " + near.map(\.signature).joined(separator: " ") + "  \(title)\n"
    }
    return lines.isEmpty ? "" : "Perhaps the same crash, since their frames differ little:\n" + lines.joined()
  }

  /// Signal and frames.
  private static func what(_ bucket: Bucket) -> String {
    [bucket.signal, bucket.title].filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func shortened(_ text: String, to length: Int) -> String {
    text.count <= length ? text : String(text.prefix(length - 1)) + "…"
  }

  /// `2026-11-22 19:01`, in UTC, of nanoseconds since 1970 (proleptic Gregorian calendar).
  static func date(_ nanoseconds: Int64) -> String {
    let seconds = nanoseconds / 1_000_000_000
    let day = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
    let second = seconds - day * 86400
    // Days are counted from 1 March of year 0, so that leap days end years.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * ofYear + 2) / 153
    let dayOfMonth = ofYear - (153 * month + 2) / 5 + 1
    let realMonth = month < 10 ? month + 3 : month - 9
    let year = yearOfEra + era * 400 + (realMonth <= 2 ? 1 : 0)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(realMonth))-\(two(dayOfMonth)) \(two(second / 3600)):\(two(second / 60 % 60))"
  }

  // MARK: JSON

  /// An array of buckets; times in seconds since 1970.
  package static func json(_ buckets: [Bucket], to sink: @escaping (inout TextBuffer) -> Void) {
    var writer = JSONWriter(sink: sink)
    writer.array(buckets) { json, bucket in
      json.object { json in
        json.member("signature", bucket.signature)
        json.member("state", bucket.state.rawValue)
        json.member("cluster", bucket.cluster)
        json.member("count", bucket.count)
        json.member("first_seen", bucket.firstSeen / 1_000_000_000)
        json.member("last_seen", bucket.lastSeen / 1_000_000_000)
        json.member("signal", bucket.signal)
        json.member("reason", bucket.reason)
        json.member("title", bucket.title)
        json.key("frames")
        json.array(bucket.frames) { json, frame in json.value(frame) }
        json.member("example", bucket.example)
      }
    }
    writer.finish()
  }

  // MARK: HTML

  /// One file, as ``HTMLRenderer`` makes them.
  package static func html(_ buckets: [Bucket], title: String, to sink: (inout TextBuffer) -> Void) {
    var html = HTMLText()
    html.markup("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
    html.markup(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    )
    html.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
    html.escaped(title)
    html.markup("</title>\n<style>\n")
    html.markup(HTMLStyle.sheet)
    html.markup("</style></head><body>\n<h1>")
    html.escaped(title)
    html.markup("</h1>\n<p class=\"hint\">")
    html.number(buckets.reduce(0) { $0 + $1.count })
    html.markup(" cores in ")
    html.number(buckets.count)
    html.markup(" buckets</p>\n")
    let most = buckets.map(\.count).max() ?? 1
    for bucket in buckets {
      html.markup(
        "<details><summary><svg class=\"bar\" preserveAspectRatio=\"none\" viewBox=\"0 0 100 10\"><rect class=\""
      )
      html.escaped(bucket.state == .new || bucket.state == .regressed ? "c" : "data")
      html.markup("\" width=\"")
      html.length(max(1, 100 * Double(bucket.count) / Double(max(1, most))))
      html.markup("\" height=\"10\"/></svg> <b>")
      html.number(bucket.count)
      html.markup("</b> ")
      if bucket.state != .known {
        html.markup("<b class=\"crashed\">")
        html.escaped(bucket.state.rawValue)
        html.markup("</b> ")
      }
      html.escaped(bucket.signal)
      html.markup(" <span class=\"top\">")
      html.escaped(shortened(bucket.title, to: 160))
      html.markup("</span></summary>\n<table class=\"facts\">\n")
      for (name, value) in [
        ("Signature", bucket.signature), ("Reason", bucket.reason), ("First seen", date(bucket.firstSeen)),
        ("Last seen", date(bucket.lastSeen)), ("Example", bucket.example),
        ("Nearly the same as", bucket.cluster == bucket.signature ? "" : bucket.cluster),
      ] where !value.isEmpty {
        html.markup("<tr><th>")
        html.escaped(name)
        html.markup("</th><td>")
        html.escaped(value)
        html.markup("</td></tr>\n")
      }
      html.markup("</table>\n<ol start=\"0\">\n")
      for frame in bucket.frames {
        html.markup("<li>")
        html.escaped(frame)
        html.markup("</li>\n")
      }
      html.markup("</ol></details>\n")
      html.flush(sink)
    }
    html.markup("</body></html>\n")
    html.flush(sink)
  }
}
