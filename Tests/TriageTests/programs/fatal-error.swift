// build: swiftc -g -Onone
// class: fatal_error
// says: Swift fatal error: cannot load settings (likely)
func load(_ name: String) { fatalError("cannot load \(name)") }
load("settings")
