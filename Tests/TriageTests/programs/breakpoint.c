// build: gcc -g -O0
int main(void) { __asm__ volatile("int3"); return 0; }
