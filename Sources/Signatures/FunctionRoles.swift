/// What the rules say of functions, by the names that frames have: asked several times of each frame, and of the same names by
/// core after core.
package final class FunctionRoles {
  package struct Role {
    /// `FunctionName.normal` of the name.
    package var name: String
    package var isWayToDie: Bool
    package var isSkipped: Bool
  }

  package private(set) var plumbing: Plumbing
  private var known: [String: Role] = [:]

  /// What is remembered at most: names, and bytes of one.
  private static let most = 4096
  private static let longest = 1024

  package init(_ plumbing: Plumbing = .shipped) {
    self.plumbing = plumbing
  }

  /// Adds a user's rules to those that are there.
  package func add(rules: String) throws(Plumbing.Problem) {
    known.removeAll()
    try plumbing.add(rules: rules)
  }

  func role(of function: String) -> Role {
    if let role = known[function] { return role }
    let name = FunctionName.normal(function)
    let role = Role(
      name: name, isWayToDie: plumbing.isWayToDie(name), isSkipped: plumbing.isSkipped(name))
    guard function.utf8.count <= Self.longest else { return role }
    if known.count >= Self.most { known.removeAll() }
    known[function] = role
    return role
  }
}
