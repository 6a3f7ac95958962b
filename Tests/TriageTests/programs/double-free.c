// build: gcc -g -O0
// class: heap_corruption
// says: free(): double free detected in tcache 2
#include <stdlib.h>
static void release(char *p) { free(p); }
int main(void) {
  char *p = malloc(40);
  release(p);
  release(p);
  return 0;
}
