// build: swiftc -g -Onone
func add(_ a: Int8, _ b: Int8) -> Int8 { a + b }
print(add(100, Int8(CommandLine.arguments.count + 99)))
