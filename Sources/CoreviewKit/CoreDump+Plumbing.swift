internal import Bytes
internal import Signatures

extension CoreDump {
  /// Adds rules for what signatures leave out; see `docs/signatures.md`.
  public func addPlumbing(path: String) throws(CoreDumpError) {
    let file: FileBytes
    do {
      file = try FileBytes(path: path)
    } catch {
      throw CoreDumpError(path: path, description: error.description)
    }
    guard file.size <= 1 << 20 else {
      throw CoreDumpError(
        path: path, description: "\(path): longer than 1 MiB; name a file of rules for signatures")
    }
    let text = String(decoding: file.read(at: 0, count: Int(file.size)), as: UTF8.self)
    // Their own: those of a series are every core's.
    roles = FunctionRoles(roles.plumbing)
    do {
      try roles.add(rules: text)
    } catch {
      throw CoreDumpError(path: path, description: "\(path): \(error)")
    }
  }
}
