// build: gcc -g -O0
// class: executed_data
// says: run called 0x
// says: which is not executable (rw-)
#include <stdlib.h>
#include <string.h>
static void run(void *code) { ((void (*)(void))code)(); }
int main(void) {
  char *code = malloc(64);
  memset(code, 0x90, 64);
  run(code);
  return 0;
}
