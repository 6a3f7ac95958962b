// build: swiftc -g -Onone
// class: fatal_error
// says: Swift fatal error: Unexpectedly found nil while unwrapping an Optional value
func number(_ text: String) -> Int { Int(text)! }
print(number("seven"))
