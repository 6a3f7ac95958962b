/// How the parts of a report look, by what they are and not by colour.
package struct Theme: Sendable {
  /// What a piece of text is.
  package enum Role: Sendable {
    case process
    case signal
    case heading
    case address
    case function
    case file
    case library
    case worker
    case remark
  }

  /// ECMA-48 parameters of each role; `nil` prints the text as it is.
  private let parameters: @Sendable (Role) -> StaticString?

  /// No escape sequences at all.
  package static let plain = Theme { _ in nil }
  /// The colours that gdb uses for the same parts.
  package static let colored = Theme { role in
    switch role {
    case .process, .heading: "1"
    case .signal: "1;31"
    case .address: "34"
    case .function: "33"
    case .file, .library: "32"
    case .worker: "36"
    case .remark: "2"
    }
  }

  private init(_ parameters: @escaping @Sendable (Role) -> StaticString?) {
    self.parameters = parameters
  }

  func parameters(of role: Role) -> StaticString? { parameters(role) }
}
