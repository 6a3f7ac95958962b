/// `DW_TAG_*` that types and their parts use (DWARF 5, table 7.3).
enum Tag {
  static let arrayType = 0x01
  static let classType = 0x02
  static let enumerationType = 0x04
  static let member = 0x0d
  static let pointerType = 0x0f
  static let referenceType = 0x10
  static let structureType = 0x13
  static let subroutineType = 0x15
  static let typedef = 0x16
  static let unionType = 0x17
  static let variant = 0x19
  static let inheritance = 0x1c
  static let pointerToMemberType = 0x1f
  static let subrangeType = 0x21
  static let baseType = 0x24
  static let constType = 0x26
  static let enumerator = 0x28
  static let subprogram = 0x2e
  static let variantPart = 0x33
  static let variable = 0x34
  static let volatileType = 0x35
  static let restrictType = 0x37
  static let namespace = 0x39
  static let unspecifiedType = 0x3b
  static let formalParameter = 0x05
  static let rvalueReferenceType = 0x42
  static let atomicType = 0x47
}

/// `DW_AT_*` that types and variables use (DWARF 5, table 7.5).
enum Attribute {
  static let location = 0x02
  static let name = 0x03
  static let byteSize = 0x0b
  static let bitOffset = 0x0c
  static let bitSize = 0x0d
  static let discriminant = 0x15
  static let discriminantValue = 0x16
  static let constValue = 0x1c
  static let containingType = 0x1d
  static let upperBound = 0x2f
  static let artificial = 0x34
  static let count = 0x37
  static let lowerBound = 0x22
  static let dataMemberLocation = 0x38
  static let declaration = 0x3c
  static let encoding = 0x3e
  static let external = 0x3f
  static let specification = 0x47
  static let type = 0x49
  static let virtuality = 0x4c
  static let vtableElementLocation = 0x4d
  static let dataBitOffset = 0x6b
  static let language = 0x13
  static let enumClass = 0x6d
  static let linkageName = 0x6e
}
