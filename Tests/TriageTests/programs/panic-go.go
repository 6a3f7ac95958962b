// build: go
// run: GOTRACEBACK=crash ./panic-go
// class: panic
// says: panic: cannot load settings
package main

func load(name string) { panic("cannot load " + name) }

func main() { load("settings") }
