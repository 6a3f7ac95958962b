// build: gcc -g -O0
// class: stack_overflow
// says: stack overflow: the frame of big takes 64 MiB
#include <string.h>
static int big(void) { char huge[64 << 20]; memset(huge, 1, 64); return huge[5]; }
int main(void) { return big(); }
