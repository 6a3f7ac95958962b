/// The small cores of `samples/`, unpacked once per test target.
package struct Samples: Sendable {
  package var folder: String

  /// Unpacks all samples below `.build`; a folder for each target, since targets may run at the same time.
  package static func unpack(for target: String) throws(Command.Failure) -> Samples {
    let folder = "\(repository)/.build/samples-\(target)"
    let run = try Command("\(repository)/samples/unpack", [folder]).run(seconds: 120)
    guard run.ending == .exited(0) else {
      throw Command.Failure(description: "samples/unpack: \(run.ending)\n\(text(run.errors))")
    }
    return Samples(folder: folder)
  }

  /// The top of the checkout that these sources are in.
  package static let repository = {
    var path = #filePath[...]
    for _ in 0..<4 { path = path[..<(path.lastIndex(of: "/") ?? path.startIndex)] }
    return String(path)
  }()

  /// The program that `swift build` made, or the one that COREVIEW names.
  package static let coreview = Command.variable("COREVIEW") ?? "\(repository)/.build/debug/coreview"

  package func executable(_ name: String) -> String { "\(folder)/\(name)" }
  package func core(_ name: String) -> String { "\(folder)/\(name).core" }
}
