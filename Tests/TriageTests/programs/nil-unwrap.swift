// build: swiftc -g -Onone
func number(_ text: String) -> Int { Int(text)! }
print(number("seven"))
