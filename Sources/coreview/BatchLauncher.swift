internal import Bytes

/// `coreview batch` and its kin: a program of its own beside this one, since SQLite and what it needs would cost
/// `coreview CORE` more time to load than most cores take.
enum BatchLauncher {
  static let commands = ["batch", "buckets", "show", "merge"]

  /// Becomes `coreview-batch`; comes back only if that is not there.
  static func become(_ arguments: [String]) -> ExitCode {
    let own = HostProcess.executable ?? "coreview"
    let folder = own.lastIndex(of: "/").map { String(own[...$0]) } ?? ""
    let error = HostProcess.become(folder + "coreview-batch", arguments)
    Complaint.print(Escaping.inert(Array("\(error.description); it is installed beside coreview".utf8)))
    return .nothing
  }
}
