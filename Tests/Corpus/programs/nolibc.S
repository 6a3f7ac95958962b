// No libc, no CFI: gdb's own prologue reading and its word-by-word fallback.
	.text
	.globl _start
	.type _start,@function
_start:
	xor %ebp,%ebp
	mov $5,%edi
	call first
	mov $60,%eax
	syscall
	.size _start,.-_start
	.globl first
	.type first,@function
first:
	push %rbp
	mov %rsp,%rbp
	sub $32,%rsp
	call second
	leave
	ret
	.size first,.-first
	.globl second
	.type second,@function
second:
	sub $24,%rsp
	movq $0,(%rsp)
	call hidden
	add $24,%rsp
	ret
	.size second,.-second
hidden:
	push %rbx
	xor %eax,%eax
	mov %eax,(%rax)
	pop %rbx
	ret
	.section .note.GNU-stack,"",@progbits
