// build: go
// run: GOTRACEBACK=crash ./error-go
package main

import "errors"

func main() { panic(errors.New("connection refused")) }
