import Testing

@testable import Demangling

@Suite("Names as gdb prints them")
struct NameTableTests {
  @Test("contract table N-5", arguments: NameTable.contract)
  func contract(_ row: NameCase) { #expect(printed(row) == row.printed) }

  @Test("the tables were read")
  func counts() {
    #expect(NameTable.contract.count == 109)
    #expect(NameTable.experiment.count > 1800)
  }

  /// One test for the whole table: 1800 separate ones would drown the run's output.
  @Test("experiment table", arguments: [NameCase.Kind.link, .computed, .symbol])
  func experiment(_ kind: NameCase.Kind) {
    for row in NameTable.experiment where row.kind == kind {
      #expect(printed(row) == row.printed, "\(row.input)")
    }
  }

  private func printed(_ row: NameCase) -> String {
    switch row.kind {
    case .link: return CxxName.function(linkage: row.input)
    case .symbol: return Demangler.symbol(row.input) ?? row.input
    case .computed:
      // gdb canonicalises DW_AT_name before it adds the parameters.
      guard row.input.hasSuffix("(void)") else { return CxxName.function(computed: row.input) }
      return CxxName.function(computed: CxxName.canonical(String(row.input.dropLast(6))) + "(void)")
    }
  }
}
