package enum CxxName {
  package static func function(linkage: String) -> String { linkage }
  package static func function(computed: String) -> String { computed }
}
package enum Demangler {
  package static func symbol(_ mangled: String) -> String? { nil }
}
