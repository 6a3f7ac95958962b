// build: gcc -O1 -s
__attribute__((noipa)) static void set(int *p) { p[3] = 1; }
int main(void) { set(0); return 0; }
