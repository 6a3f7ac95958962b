// build: gcc -g -O0
// class: privileged_instruction
// says: hlt is an instruction for the kernel only
int main(void) { __asm__ volatile("hlt"); return 0; }
