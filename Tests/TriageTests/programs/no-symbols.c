// build: gcc -O1 -s
// class: null_dereference
// says: write to 0xc, near NULL
__attribute__((noipa)) static void set(int *p) { p[3] = 1; }
int main(void) { set(0); return 0; }
