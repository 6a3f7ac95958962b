// build: swiftc -g -Onone
func load(_ name: String) { fatalError("cannot load \(name)") }
load("settings")
