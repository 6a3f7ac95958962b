// build: gcc -g -O0
#include <string.h>
static int big(void) { char huge[64 << 20]; memset(huge, 1, 64); return huge[5]; }
int main(void) { return big(); }
