// build: gcc -g -O0 -fno-builtin
// class: null_dereference
// says: write to 0x0, NULL
#include <string.h>
char source[4096];
static void fill(char *target) { memcpy(target, source, sizeof source); }
int main(void) { fill(0); return 0; }
