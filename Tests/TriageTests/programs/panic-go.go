// build: go
// run: GOTRACEBACK=crash ./panic-go
package main

func load(name string) { panic("cannot load " + name) }

func main() { load("settings") }
