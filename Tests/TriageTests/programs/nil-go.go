// build: go
// run: GOTRACEBACK=crash ./nil-go
// class: panic
// says: panic: runtime error: invalid memory address or nil pointer dereference
package main

type node struct {
	value int
	next  *node
}

func last(n *node) int { return n.next.value }

func main() { println(last(&node{})) }
