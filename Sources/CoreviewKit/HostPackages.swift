internal import Bytes
internal import Reporting

/// Which package of this machine's distribution a file belongs to, and the commands that would get what is missing.
///
/// Read from os-release(5) and dpkg's lists; nothing is run.
final class HostPackages {
  private static let largestList = 4 << 20

  private let isUsed: Bool
  private lazy var distribution = Self.readDistribution()
  private var owners: [String: String?] = [:]

  /// For the files of another root this machine's packages mean nothing.
  init(isUsed: Bool) {
    self.isUsed = isUsed
  }

  func remedies(debugInformationOf module: Report.Module) -> [String] {
    var result: [String] = []
    let type = module.package?.type ?? (isUsed ? Self.types[distribution] : nil)
    switch type {
    case "deb":
      if let name = module.package?.name ?? owner(of: module.path) {
        // The C library has kept the older kind of name.
        result.append("apt install " + Self.quoted(name == "libc6" ? "libc6-dbg" : name + "-dbgsym"))
      }
    case "rpm":
      let name = module.package.flatMap { package in
        package.name.map { $0 + (package.version.map { "-" + $0 } ?? "") }
      }
      result.append("dnf debuginfo-install " + Self.quoted(name ?? module.path))
    default: break
    }
    if let id = module.buildIDInCore ?? module.buildID { result.append("debuginfod-find debuginfo " + id) }
    return result
  }

  func remedies(fileOf module: Report.Module) -> [String] {
    module.buildIDInCore.map { ["debuginfod-find executable " + $0] } ?? []
  }

  /// A word of a shell command that names came into.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || "-._+:/~@".utf8.contains(byte)
    }
    return isPlain
      ? word
      : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static let types = [
    "debian": "deb", "ubuntu": "deb", "fedora": "rpm", "rhel": "rpm", "centos": "rpm", "rocky": "rpm",
    "almalinux": "rpm",
  ]

  private static func readDistribution() -> String {
    guard let file = try? FileBytes(path: "/etc/os-release") else { return "" }
    for line in String(decoding: file.read(at: 0, count: 65536), as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("ID=") {
      return String(line.dropFirst(3).filter { $0 != "\"" && $0 != "'" })
    }
    return ""
  }

  /// dpkg's package with a file, by /var/lib/dpkg/info/PACKAGE.list; one pass over the lists for each file.
  private func owner(of path: String) -> String? {
    guard isUsed else { return nil }
    if let known = owners[path] { return known }
    // /lib is /usr/lib since the merge, but lists have the older name.
    var names = [path]
    for folder in ["/lib/", "/lib64/", "/bin/", "/sbin/"] {
      if path.hasPrefix("/usr" + folder) { names.append(String(path.dropFirst(4))) }
      if path.hasPrefix(folder) { names.append("/usr" + path) }
    }
    var found: String?
    for list in Folder.names(in: "/var/lib/dpkg/info") where found == nil && list.hasSuffix(".list") {
      guard let file = try? FileBytes(path: "/var/lib/dpkg/info/" + list), file.size <= Self.largestList
      else {
        continue
      }
      if file.hasLine(names) {
        found = String(list.dropLast(5).prefix { $0 != ":" })
      }
    }
    owners[path] = .some(found)
    return found
  }
}
