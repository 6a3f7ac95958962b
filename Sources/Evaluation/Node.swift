internal import Values

/// An expression, parsed: names are resolved, nothing is read yet.
indirect enum Node {
  case value(Value)
  /// A register, a convenience variable, or a place in the value history; without its dollar.
  case dollar(String)
  case symbol(NamedThing)
  case unary(String, Node)
  case binary(String, Node, Node)
  /// `=`, and `+=` and its kin with the operator in front.
  case assign(String, Node, Node)
  /// `++x` and `x++`: the operator, and whether the old value counts.
  case step(String, Node, isAfter: Bool)
  case ternary(Node, Node, Node)
  case cast(ValueType, Node)
  case cxxCast(String, ValueType, Node)
  case sizeOf(Node)
  case alignOf(ValueType)
  case type(ValueType)
  case member(Node, String, isArrow: Bool)
  case memberPointer(Node, Node, isArrow: Bool)
  case index(Node, Node)
  case call(Node, [Node])
  case repeated(Node, Node)
  /// `{TYPE} ADDRESS`
  case typed(ValueType, Node)
  case typeID(Node)
}

/// What a name stands for.
enum NamedThing {
  case variable(Variable)
  case function(FunctionSymbol)
  case enumerator(Int64, ValueType, String)
  case type(ValueType)
  case namespace(String)
  /// A symbol of an ELF table that no debug information describes.
  case minimal(MinimalThing)
  /// A member of the class whose method runs.
  case field(String)
  /// A member of a named class: `ns::Der::d`, to be found in `this` or as a pointer to member.
  case classMember(ValueType, String)
}
