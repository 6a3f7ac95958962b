// build: swiftc -g -Onone
// class: deliberate_trap
// says: ud2 in main.add
func add(_ a: Int8, _ b: Int8) -> Int8 { a + b }
print(add(100, Int8(CommandLine.arguments.count + 99)))
