// build: gcc -g -O0
// class: division_overflow
// says: the smallest 32-bit number divided by -1
#include <limits.h>
static int ratio(int total, int by) { return total / by; }
int main(int argc, char **argv) { (void)argv; return ratio(INT_MIN, -argc); }
