// build: gcc -g -O0
// class: illegal_instruction
// says: the bytes at the pc in main are no instruction of x86-64
// says: : 06 
int main(void) { __asm__ volatile(".byte 0x06"); return 0; }
