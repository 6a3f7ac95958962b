// build: gcc -g -O0 -fstack-protector-all
// class: stack_smashed
// says: *** stack smashing detected ***
static void fill(volatile char *p, int n) { for (int i = 0; i < n; i++) p[i] = 'A'; }
static int copy(void) { volatile char buffer[8]; fill(buffer, 64); return buffer[0]; }
int main(void) { return copy(); }
