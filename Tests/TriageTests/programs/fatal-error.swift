// build: swiftc -g -Onone
// class: fatal_error
// says: Swift fatal error: cannot load settings
func load(_ name: String) { fatalError("cannot load \(name)") }
load("settings")
