import Demangling
import Testing

/// Names no compiler writes must come back soon and whole.
@Suite("Hostile names")
struct HostileNameTests {
  struct Hostile: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    init(_ name: String, _ text: String) { (testDescription, self.text) = (name, text) }
  }

  private static func many(_ piece: String, _ count: Int) -> String { String(repeating: piece, count: count) }

  @Test(
    "returns quickly",
    arguments: [
      Hostile("open lists", many("a<", 30_000)),
      Hostile("balanced lists", many("a<", 9_000) + "int" + many(" >", 9_000) + "(int)"),
      Hostile("open parentheses", "f<" + many("(", 60_000)),
      Hostile("addresses", "f<" + many("&(a<", 15_000)),
      Hostile("casts", "f<" + many("(a<1>)", 10_000) + "1>(int)"),
      Hostile("signs", "f<" + many("- ", 30_000) + "1>(int)"),
      Hostile("sums", "f<" + many("1+", 30_000) + "1>(int)"),
      Hostile("conditions", "f<" + many("1?", 30_000) + "1>(int)"),
      Hostile("pointers", "f(int" + many("*", 60_000) + ")"),
      Hostile("groups", "f(int " + many("(*", 30_000)),
      Hostile("parameter lists", "f(" + many("int (*)(", 8_000)),
      Hostile("scopes", many("a::", 20_000) + "f(int)"),
      Hostile("local functions", many("f(int)::", 8_000) + "g()"),
      Hostile("members", "f<" + many("int a::*", 8_000) + ">(int)"),
      Hostile("conversions", many("operator ", 7_000) + "int()"),
      Hostile("beyond the limit", many("a", 70_000) + "(int)"),
      Hostile("deep mangling", "_Z1f" + many("P", 60_000) + "i"),
      Hostile("doubling mangling", "_Z1f" + many("1AIS_S_E", 2_000)),
      Hostile("growing substitutions", "_Z1f3fooIiE" + (0..<30).map { "S\($0 == 0 ? "" : "0")_" }.joined()),
      Hostile("deep Rust", "_R" + many("NvC1a", 5_000)),
      Hostile("deep D", "_D" + many("3abc", 10_000)),
      Hostile("Ada words", many("a__", 20_000) + "X"),
      Hostile("Ada operators", many("Oadd__", 10_000)),
      Hostile("not UTF-8", String(decoding: [0xFF, 0xFE, 0x3C, 0x80], as: UTF8.self) + "(int)"),
    ])
  func quick(_ hostile: Hostile) {
    let clock = ContinuousClock()
    let spent = clock.measure {
      _ = CxxName.function(linkage: hostile.text)
      _ = CxxName.function(computed: hostile.text)
      _ = CxxName.canonical(hostile.text)
      _ = Demangler.symbol(hostile.text)
      _ = Demangler.readable(hostile.text)
    }
    // Milliseconds in a release build; a debug build runs all cases at once on a shared machine.
    #expect(spent < .seconds(5))
  }

  @Test("every prefix of a difficult name")
  func prefixes() {
    let name =
      "int (*a::f<&(void b::g<int>(char const*) const), (E)-1, ((1)>(2)), sizeof (X<int S::*>)>"
      + "(int (S::* const)(int) const, long unsigned int (&) [3]))(char)"
    for end in name.indices { _ = CxxName.function(computed: String(name[..<end])) }
    #expect(
      CxxName.canonical("f<(1)+(2), &(a::g(int))>(unsigned)") == "f<(1)+(2), &a::g>(unsigned int)")
  }
}
