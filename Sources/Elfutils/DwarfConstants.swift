internal import CElfutils

/// The entry tags that the rooms above switch on: DWARF 5, table 7.3.
package enum Tag {
  package static let lexicalBlock = DW_TAG_lexical_block
  package static let inlinedSubroutine = DW_TAG_inlined_subroutine
  package static let subprogram = DW_TAG_subprogram
  package static let formalParameter = DW_TAG_formal_parameter
  package static let variable = DW_TAG_variable
  package static let namespace = DW_TAG_namespace
  package static let structureType = DW_TAG_structure_type
  package static let classType = DW_TAG_class_type
  package static let unionType = DW_TAG_union_type
  package static let enumerationType = DW_TAG_enumeration_type
  package static let interfaceType = DW_TAG_interface_type
  package static let module = DW_TAG_module
  package static let importedUnit = DW_TAG_imported_unit
  package static let compileUnit = DW_TAG_compile_unit
  package static let partialUnit = DW_TAG_partial_unit
  package static let tryBlock = DW_TAG_try_block
  package static let catchBlock = DW_TAG_catch_block
  package static let callSite = DW_TAG_call_site
  package static let gnuCallSite = DW_TAG_GNU_call_site
  package static let callSiteParameter = DW_TAG_call_site_parameter
  package static let gnuCallSiteParameter = DW_TAG_GNU_call_site_parameter
  package static let templateTypeParameter = DW_TAG_template_type_parameter
  package static let templateValueParameter = DW_TAG_template_value_parameter
  package static let gnuTemplateParameterPack = DW_TAG_GNU_template_parameter_pack
  package static let pointerType = DW_TAG_pointer_type
  package static let referenceType = DW_TAG_reference_type
  package static let rvalueReferenceType = DW_TAG_rvalue_reference_type
  package static let constType = DW_TAG_const_type
  package static let volatileType = DW_TAG_volatile_type
}

/// The attributes that the rooms above ask for: DWARF 5, table 7.5, and GNU extensions.
package enum Attribute {
  package static let name = DW_AT_name
  package static let compDir = DW_AT_comp_dir
  package static let stmtList = DW_AT_stmt_list
  package static let language = DW_AT_language
  package static let producer = DW_AT_producer
  package static let type = DW_AT_type
  package static let location = DW_AT_location
  package static let constValue = DW_AT_const_value
  package static let frameBase = DW_AT_frame_base
  package static let abstractOrigin = DW_AT_abstract_origin
  package static let specification = DW_AT_specification
  package static let linkageName = DW_AT_linkage_name
  package static let signature = DW_AT_signature
  package static let declaration = DW_AT_declaration
  package static let artificial = DW_AT_artificial
  package static let objectPointer = DW_AT_object_pointer
  package static let callFile = DW_AT_call_file
  package static let callLine = DW_AT_call_line
  package static let lowPC = DW_AT_low_pc
  package static let highPC = DW_AT_high_pc
  package static let ranges = DW_AT_ranges
  package static let mainSubprogram = DW_AT_main_subprogram
  package static let callReturnPC = DW_AT_call_return_pc
  package static let callPC = DW_AT_call_pc
  package static let callOrigin = DW_AT_call_origin
  package static let callTarget = DW_AT_call_target
  package static let callTailCall = DW_AT_call_tail_call
  package static let callValue = DW_AT_call_value
  package static let callAllCalls = DW_AT_call_all_calls
  package static let callAllTailCalls = DW_AT_call_all_tail_calls
  package static let gnuCallSiteValue = DW_AT_GNU_call_site_value
  package static let gnuCallSiteTarget = DW_AT_GNU_call_site_target
  package static let gnuTailCall = DW_AT_GNU_tail_call
  package static let gnuAllCallSites = DW_AT_GNU_all_call_sites
  package static let gnuAllTailCallSites = DW_AT_GNU_all_tail_call_sites
  package static let callDataValue = DW_AT_call_data_value
  package static let gnuCallSiteDataValue = DW_AT_GNU_call_site_data_value
}
