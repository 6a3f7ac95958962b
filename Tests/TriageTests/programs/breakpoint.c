// build: gcc -g -O0
// class: deliberate_trap
// says: int3 in main
int main(void) { __asm__ volatile("int3"); return 0; }
