internal import Arguments
internal import CoreviewKit

extension SearchArguments {
  var options: SearchOptions {
    var result = SearchOptions()
    result.allowsMismatch = allowMismatch
    result.debugDirectories = debugDirectories + result.debugDirectories
    result.sysroot = sysroot
    result.librarySearchPath = librarySearchPath.split(separator: ":").map(String.init)
    result.root = root
    result.asksServers = !noDebuginfod
    result.usesCache = !noCache
    return result
  }
}
