package main

import (
	"os"
	"syscall"
	"time"
)

type point struct{ x, y int }

func (p *point) deep(n int, text string) int {
	if n == 0 {
		syscall.Kill(os.Getpid(), syscall.SIGABRT)
		time.Sleep(time.Second)
	}
	return p.deep(n-1, text) + p.x
}

func main() { println((&point{1, 2}).deep(3, "text")) }
