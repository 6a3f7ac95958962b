internal import Bytes
internal import Confinement
internal import CoreviewKit

/// The child in which files are read.
enum Sandbox {
  typealias Progress = ConfinedChild.Progress

  /// What reading the files of a core takes: the cache, if it is used, and servers, if any may be asked.
  static func permissions(_ search: SearchOptions) -> Permissions {
    var permissions = Permissions()
    if search.usesCache, let cache = CacheFolder.prepared() { permissions.writableFolders.append(cache) }
    permissions.usesNetwork = search.mayAskServers
    return permissions
  }

  /// Works in a child; `salvage` gets the signal that ended it, and whether it had begun to print. Where no child can be
  /// made, this process does the work.
  static func run(
    _ search: SearchOptions, _ work: (Progress?) -> ExitCode, salvage: (Int32, Bool) -> ExitCode
  ) -> ExitCode {
    run(permissions(search), work, salvage: salvage)
  }

  /// The same with other permissions.
  static func run(
    _ permissions: Permissions, _ work: (Progress?) -> ExitCode, salvage: (Int32, Bool) -> ExitCode
  ) -> ExitCode {
    let progress = Progress()
    switch ConfinedChild.run(permissions, { work(progress).rawValue }) {
    case .exited(let code): return ExitCode(rawValue: code) ?? .nothing
    case .notStarted: return work(nil)
    case .signalled(let number):
      ConfinedChild.follow(number)
      return salvage(number, progress.hasOutput)
    }
  }
}
