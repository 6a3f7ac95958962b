// build: gcc -g -O0 -Wno-stringop-overflow
// class: heap_corruption
// says: malloc(): corrupted top size
#include <stdlib.h>
#include <string.h>
int main(void) {
  char *p = malloc(24);
  memset(p, 'x', 64);
  char *q = malloc(5000);
  return q != 0;
}
