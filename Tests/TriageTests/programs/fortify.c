// build: gcc -g -O2 -D_FORTIFY_SOURCE=2
// class: fortify
// says: *** buffer overflow detected ***
#include <string.h>
char small[8];
__attribute__((noipa)) void copy(const char *text) { strcpy(small, text); }
int main(void) { copy("much longer than eight"); return 0; }
