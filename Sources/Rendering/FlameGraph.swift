internal import Reporting

/// All stacks of a report, drawn as a flame graph: a box is a function, its width the threads that are in it, its
/// callers stand below.
struct FlameGraph {
  /// A function at one depth below one line of callers.
  private struct Node {
    var name: String
    var threads: Int
    var holdsCrash: Bool
    var children: [Int] = []
    var byName: [String: Int] = [:]
  }

  private var nodes = [Node(name: "all threads", threads: 0, holdsCrash: false)]

  /// Boxes in one picture: more can't be told apart.
  private static let maximumNodes = 4000
  /// Functions of one stack, from the outermost: a recursion is cut at the inner end.
  private static let maximumDepth = 64
  private static let width = 1160.0
  private static let rowHeight = 18.0

  init(_ report: Report) {
    for stack in report.stacks { add(stack) }
    if !report.workers.isEmpty {
      nodes[0].threads += report.workers.count
      _ = child(of: 0, named: "(threads of the kernel's)", report.workers.count, false)
    }
  }

  private mutating func add(_ stack: Report.Stack) {
    let count = stack.threads.count
    let isCrash = stack.threads.contains { $0.isCrashed }
    nodes[0].threads += count
    if isCrash { nodes[0].holdsCrash = true }
    var at = 0
    for frame in stack.frames.reversed().prefix(Self.maximumDepth) {
      let name =
        frame.kind == .signal
        ? "<signal handler called>"
        : frame.function
          ?? frame.module.map { "?? (\($0.path.split(separator: "/").last.map(String.init) ?? $0.path))" }
          ?? "??"
      guard let next = child(of: at, named: name, count, isCrash) else { break }
      at = next
    }
  }

  private mutating func child(of parent: Int, named name: String, _ count: Int, _ isCrash: Bool) -> Int? {
    if let known = nodes[parent].byName[name] {
      nodes[known].threads += count
      if isCrash { nodes[known].holdsCrash = true }
      return known
    }
    guard nodes.count < Self.maximumNodes else { return nil }
    let made = nodes.count
    nodes.append(Node(name: name, threads: count, holdsCrash: isCrash))
    nodes[parent].byName[name] = made
    nodes[parent].children.append(made)
    return made
  }

  // MARK: Drawing

  private struct Box {
    var node: Int
    var depth: Int
    var x: Double
    var width: Double
  }

  /// The picture as SVG, sized by its view box; nothing for a report without threads.
  func draw(_ html: inout HTMLText) {
    let boxes = layout()
    guard let deepest = boxes.map(\.depth).max() else { return }
    let height = Double(deepest + 1) * Self.rowHeight
    html.markup("<svg class=\"flame\" role=\"img\" aria-label=\"Flame graph of all stacks\" viewBox=\"0 0 ")
    html.length(Self.width)
    html.markup(" ")
    html.length(height)
    html.markup("\">\n")
    for box in boxes {
      let node = nodes[box.node]
      let y = height - Double(box.depth + 1) * Self.rowHeight
      html.markup("<g><title>")
      html.escaped(node.name)
      html.markup(": ")
      html.number(node.threads)
      html.escaped(node.threads == 1 ? " thread" : " threads")
      html.markup("</title><rect class=\"")
      html.escaped(node.holdsCrash ? "c" : "f" + String(Self.shade(node.name)))
      html.markup("\" x=\"")
      html.length(box.x)
      html.markup("\" y=\"")
      html.length(y)
      html.markup("\" width=\"")
      html.length(max(0.5, box.width - 0.6))
      html.markup("\" height=\"")
      html.length(Self.rowHeight - 1)
      html.markup("\"/>")
      let room = Int(box.width / 6.7) - 1
      if room >= 3 {
        html.markup("<text x=\"")
        html.length(box.x + 3)
        html.markup("\" y=\"")
        html.length(y + 12.5)
        html.markup("\">")
        html.escaped(node.name.count <= room ? node.name : String(node.name.prefix(room - 1)) + "…")
        html.markup("</text>")
      }
      html.markup("</g>\n")
    }
    html.markup("</svg>\n")
  }

  private func layout() -> [Box] {
    guard nodes[0].threads > 0 else { return [] }
    var boxes = [Box(node: 0, depth: 0, x: 0, width: Self.width)]
    let perThread = Self.width / Double(nodes[0].threads)
    var index = 0
    while index < boxes.count {
      let box = boxes[index]
      index += 1
      var x = box.x
      for child in nodes[box.node].children {
        let width = Double(nodes[child].threads) * perThread
        // Narrower ones could not be seen; their threads are in the box below.
        if width >= 0.4 { boxes.append(Box(node: child, depth: box.depth + 1, x: x, width: width)) }
        x += width
      }
    }
    return boxes
  }

  /// One of the shades of the style sheet, the same for a name in every picture (FNV-1a).
  private static func shade(_ name: String) -> Int {
    var hash: UInt32 = 2_166_136_261
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Int(hash >> 16) % 6
  }
}
