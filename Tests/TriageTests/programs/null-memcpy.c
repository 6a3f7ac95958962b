// build: gcc -g -O0 -fno-builtin
#include <string.h>
char source[4096];
static void fill(char *target) { memcpy(target, source, sizeof source); }
int main(void) { fill(0); return 0; }
