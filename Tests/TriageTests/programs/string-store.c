// build: gcc -g -O0
// class: null_dereference
// says: write to 0x10, near NULL (likely)
static void clear(char *p, long n) { __asm__ volatile("rep stosb" : "+D"(p), "+c"(n) : "a"(0) : "memory"); }
int main(void) { clear((char *)16, 100); return 0; }
