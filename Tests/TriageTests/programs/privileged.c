// build: gcc -g -O0
int main(void) { __asm__ volatile("hlt"); return 0; }
