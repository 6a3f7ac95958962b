// build: gcc -g -O0
#include <stdlib.h>
static void release(char *p) { free(p); }
int main(void) {
  char *p = malloc(40);
  release(p);
  release(p);
  return 0;
}
