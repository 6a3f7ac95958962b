// build: gcc -g -O0
#include <stdlib.h>
int main(void) { return getenv("NO_SUCH_VARIABLE_HERE")[0]; }
