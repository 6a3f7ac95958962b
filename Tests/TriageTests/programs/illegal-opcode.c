// build: gcc -g -O0
int main(void) { __asm__ volatile(".byte 0x06"); return 0; }
