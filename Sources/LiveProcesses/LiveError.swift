/// Why nothing can be said of a process.
package struct LiveError: Error, Sendable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}
