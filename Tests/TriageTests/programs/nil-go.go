// build: go
// run: GOTRACEBACK=crash ./nil-go
package main

type node struct {
	value int
	next  *node
}

func last(n *node) int { return n.next.value }

func main() { println(last(&node{})) }
