// build: gcc -g -O0
// class: assertion
// says: check: Assertion `count == 9 && "nine are wanted"' failed.
#include <assert.h>
static void check(int count) { assert(count == 9 && "nine are wanted"); }
int main(void) { check(3); return 0; }
