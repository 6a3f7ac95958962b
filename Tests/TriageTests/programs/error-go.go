// build: go
// run: GOTRACEBACK=crash ./error-go
// class: panic
// says: panic: connection refused
package main

import "errors"

func main() { panic(errors.New("connection refused")) }
