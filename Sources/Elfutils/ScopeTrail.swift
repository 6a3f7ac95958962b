internal import Bytes

/// Places of a unit at which a walk knows which scopes are open, so that the next one need not start at the unit's root.
///
/// The names of a unit's functions and types are asked for one after the other, and each name takes the entries around
/// its own. Walks that look for those leave a place every few kilobytes; gaps in between were leapt over.
struct ScopeTrail {
  /// A scope that is open at some place; `parent` is an index too, −1 for the root's.
  private struct Scope {
    var start: Int
    var parent: Int
  }

  private struct Place {
    var offset: Int
    /// The innermost scope that is open.
    var scope: Int
  }

  /// Bytes from one place to the next.
  static let distance = 4096

  private var scopes: [Scope] = []
  private var places: [Place] = []

  /// How one walk goes on: from a place, with the entries around it, from the root inwards.
  struct Path {
    fileprivate(set) var starts: [Int] = []
    /// Indices in `scopes` of the first of `starts`: those of a place.
    fileprivate var known: [Int] = []
    fileprivate(set) var offset = 0
    fileprivate var nextPlace = 0

    mutating func enter(_ start: Int) { starts.append(start) }

    /// The root is never left.
    mutating func leave() {
      guard starts.count > 1 else { return }
      starts.removeLast()
      if known.count > starts.count { known.removeLast() }
    }
  }

  /// The last place that is not behind an entry.
  func path(to target: Int) -> Path {
    let count = places.leadingCount { $0.offset <= target }
    guard count > 0 else { return Path() }
    var path = Path(offset: places[count - 1].offset, nextPlace: count)
    var scope = places[count - 1].scope
    while scope >= 0 {
      path.known.append(scope)
      scope = scopes[scope].parent
    }
    path.known.reverse()
    path.starts = path.known.map { scopes[$0].start }
    return path
  }

  /// Notes that a walk has come to the entry at an offset.
  mutating func mark(_ offset: Int, _ path: inout Path) {
    path.offset = offset
    for start in path.starts[path.known.count...] {
      scopes.append(Scope(start: start, parent: path.known.last ?? -1))
      path.known.append(scopes.count - 1)
    }
    places.insert(Place(offset: offset, scope: path.known.last ?? -1), at: path.nextPlace)
    path.nextPlace += 1
  }
}
