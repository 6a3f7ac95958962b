import Testing
import Values

@Suite struct LibraryTypeNameTests {
  @Test func `what an argument points to is shortened, a const stays in front`() {
    func shortened(_ argument: String) -> String {
      LibraryTypeName.shortened("std::vector<\(argument), std::allocator<\(argument)> >") { $0 == "string" }
    }
    let string = "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >"
    #expect(shortened(string + "*") == "std::vector<std::string*>")
    #expect(shortened(string + "**") == "std::vector<std::string**>")
    #expect(shortened("int const*") == "std::vector<const int*>")
  }

  @Test func `a name of stars takes no stack`() {
    let stars = "int" + String(repeating: "*", count: 60_000)
    let name = "std::vector<\(stars), std::allocator<\(stars)> >"
    #expect(LibraryTypeName.shortened(name) { _ in false } == "std::vector<\(stars)>")
  }
}
