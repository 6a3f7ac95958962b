// build: swiftc -g -Onone
// class: fatal_error
// says: Swift fatal error: Index out of range
func pick(_ list: [Int], _ index: Int) -> Int { list[index] }
print(pick([1, 2, 3], CommandLine.arguments.count + 6))
