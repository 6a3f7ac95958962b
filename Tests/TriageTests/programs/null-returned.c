// build: gcc -g -O0
// class: null_dereference
// says: read of 0x0, NULL
// says: the result of getenv is NULL
#include <stdlib.h>
int main(void) { return getenv("NO_SUCH_VARIABLE_HERE")[0]; }
