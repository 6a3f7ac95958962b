/// gdb's spelling of C++ names that come from debug information.
package enum CxxName {
  /// FUNC for a function whose debug information has a linkage name.
  ///
  /// Demangled with parameters and verbose substitutions but without return type, then cut in front of the
  /// parameters. gdb cuts by parsing the name with its own grammar; a name outside that grammar is printed
  /// whole, parameters included. A name the demangler cannot read is taken as it is.
  package static func function(linkage: String) -> String {
    cut(Demangler.cxx(linkage, dropReturnType: true) ?? linkage, canonicalWhole: false)
  }

  /// FUNC for a function without linkage name, from the `QUALIFIED<ARGS>(TYPES) const` its debug information
  /// spells.
  ///
  /// The text is brought into gdb's canonical spelling and cut; text outside the grammar is printed as it is.
  /// gdb spells in two passes: pass a DW_AT_name through `canonical` before building the text from it.
  package static func function(computed: String) -> String { cut(computed, canonicalWhole: true) }

  /// The name with its parameters, as gdb remembers the function of a linkage name: what pointers to it show.
  package static func whole(linkage: String) -> String {
    Demangler.cxx(linkage, dropReturnType: true) ?? linkage
  }

  /// gdb's canonical spelling of a type or name: `Foo<long unsigned int>` → `Foo<unsigned long>`,
  /// `const char *` → `char const*`. Text outside gdb's grammar is returned unchanged.
  package static func canonical(_ name: String) -> String {
    guard let (spelling, _) = CxxGrammar.parse(name) else { return name }
    return String(decoding: spelling, as: UTF8.self)
  }

  private static func cut(_ name: String, canonicalWhole: Bool) -> String {
    guard let (spelling, entity) = CxxGrammar.parse(name) else { return name }
    switch entity.kind {
    case .function, .variable: return String(decoding: spelling[entity.name], as: UTF8.self)
    case .name, .type, .local: return canonicalWhole ? String(decoding: spelling, as: UTF8.self) : name
    }
  }
}
