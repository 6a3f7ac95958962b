// Values of Go's own kinds. The signal's action is taken back from the runtime, so that the kernel's core shows the frames.
package main

import (
	"os"
	"strings"
	"syscall"
	"unsafe"
)

type kind int

type shape interface{ area() float64 }

type rect struct {
	w, h float64
	name string
}

func (r *rect) area() float64 { return r.w * r.h }

type tree struct {
	left, right *tree
	tags        []string
	counts      map[string]int
	kind        kind
	visit       func(int) int
}

// A structure like a string, and not one.
type pair struct {
	str *uint8
	len int
}

func die() {
	var action [4]uint64
	syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGABRT), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
	syscall.Kill(os.Getpid(), syscall.SIGABRT)
}

//go:noinline
func walk(t *tree, depth int, s shape, f func(string, *int) int, e error, names []string, bytes [3]int8,
	c chan int, any interface{}, pair128 complex128, r rune, b byte, slice []byte, address uintptr) int {
	long := strings.Repeat("abcdefghij", 50)
	same := strings.Repeat("z", 40)
	text := "h\u00e9llo \u4e16\u754c\x00\xff\t\n\""
	empty := ""
	nowhere, negative, huge := "x", "y", "z"
	*(*uintptr)(unsafe.Pointer(&nowhere)) = 0x10
	*(*int)(unsafe.Pointer(uintptr(unsafe.Pointer(&negative)) + 8)) = -3
	*(*int)(unsafe.Pointer(uintptr(unsafe.Pointer(&huge)) + 8)) = 1 << 40
	letter := uint8(65)
	like := pair{&letter, 1}
	array := [4]string{"a", "b", "b", "b"}
	pointer, element := &array, &array[0]
	anonymous := struct{ a, b string }{"q", "r"}
	nested := [][]int{{1}, {2, 3}}
	var nothing func()
	var absent error
	flag := depth%2 == 0
	if depth == 0 {
		die()
	}
	if flag {
		return walk(t, depth-1, s, f, e, names, bytes, c, any, pair128, r, b, slice, address)
	}
	println(long, same, text, empty, nowhere, negative, huge, like.len, pointer, element, anonymous.a, nested, nothing == nil, absent == nil)
	return depth
}

func main() {
	count := 5
	t := &tree{tags: []string{"x", "yy"}, counts: map[string]int{"a": 1}, kind: 3, visit: func(i int) int { return i * count }}
	t.left = t
	walk(t, 0, &rect{1, 2, "rect"}, func(s string, p *int) int { return len(s) + *p + count }, syscall.ENOENT,
		[]string{"a", "b", "c"}, [3]int8{1, 2, 3}, make(chan int, 3), 42, complex(1, 2), 'é', 'x', []byte("bytes"), 0x1234)
}
