import Demangling
import Testing

@Suite("Demangler and canonical names")
struct DemanglerTests {
  struct Pair: CustomTestStringConvertible, Sendable {
    let name: String
    let input: String
    let answer: String?
    var testDescription: String { name }
    init(_ name: String, _ input: String, _ answer: String?) {
      (self.name, self.input, self.answer) = (name, input, answer)
    }
  }

  @Test(
    "symbol",
    arguments: [
      Pair("C++ keeps parameters", "_ZN3app6helperEi", "app::helper(int)"),
      Pair("C++ keeps return type", "_Z1gIiEvT_", "void g<int>(int)"),
      Pair(
        "std:: is spelled out", "_ZNSsC1Ev",
        "std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string()"),
      Pair("clone", "_Z3foov.constprop.0", "foo() [clone .constprop.0]"),
      Pair("plt", "_Z3foov@plt", "foo()@plt"),
      Pair("version", "_Z3foov@@GLIBC_2.2.5", "foo()@@GLIBC_2.2.5"),
      Pair("C version", "stdout@GLIBC_2.2.5", nil),
      Pair("Rust legacy keeps the hash", "_ZN1r5crash17h0ab6c8b56b0162b6E", "r::crash::h0ab6c8b56b0162b6"),
      Pair("Rust v0 keeps disambiguators", "_RNvCs4fqI2P2rA04_1r4main", "r[317d481089b8c8fe]::main"),
      Pair("D", "_D3std5stdio7writelnFZv", "std.stdio.writeln()"),
      Pair("D main", "_Dmain", "D main"),
      Pair("Swift", "$s4main3fooyyF", nil),
      Pair("Go", "main.main", "main.main"),
      Pair("C", "main", nil),
      Pair("Ada in C clothes", "uv__io_poll", "uv.io_poll"),
      Pair("cold part of a C function", "openlog.cold", "openlog[cold]"),
      Pair("C clone", "merge_registers.constprop.0", "merge_registers.constprop"),
      Pair("variadic generic lambda: newer than gdb", "_ZZ3foovENKUlDpT_E_clIJiEEEDaS0_", nil),
      Pair("_Float16: newer than gdb", "_Z3fooDF16_", nil),
      Pair("empty", "", nil), Pair("just a prefix", "_Z", nil), Pair("zero byte", "_Z3foo\0v", nil),
    ])
  func symbol(_ pair: Pair) {
    // Naming a symbol itself and answering nil print the same.
    #expect(Demangler.symbol(pair.input) ?? pair.input == pair.answer ?? pair.input)
  }

  @Test(
    "readable",
    arguments: [
      Pair("Rust legacy", "_ZN1r5crash17h0ab6c8b56b0162b6E", "r::crash"),
      Pair("Rust v0", "_RNvCs4fqI2P2rA04_1r4main", "r::main"),
      Pair("Swift", "$s4main3fooyyF", "main.foo() -> ()"),
      Pair("Swift function with types", "$s1a3addyS2i_SitF", "a.add(Swift.Int, Swift.Int) -> Swift.Int"),
      Pair("C++", "_Z3fooi", "foo(int)"), Pair("C", "uv__io_poll", nil), Pair("not Swift", "$s!!", nil),
    ])
  func readable(_ pair: Pair) { #expect(Demangler.readable(pair.input) == pair.answer) }

  @Test(
    "canonical",
    arguments: [
      Pair("integer order", "Foo<long unsigned int>", "Foo<unsigned long>"),
      Pair("qualifier behind", "const char *", "char const*"),
      Pair("already canonical", "std::vector<int, std::allocator<int> >", nil),
      Pair("references", "const std::vector<int> &", "std::vector<int> const&"),
      Pair("outside the grammar", "std::function<int(int)>", nil),
      Pair("function", "f(const char *, long unsigned int) const", "f(char const*, unsigned long) const"),
    ])
  func canonical(_ pair: Pair) {
    #expect(CxxName.canonical(pair.input) == pair.answer ?? pair.input)
  }
}
