// build: gcc -g -O0
#include <limits.h>
static int ratio(int total, int by) { return total / by; }
int main(int argc, char **argv) { (void)argv; return ratio(INT_MIN, -argc); }
