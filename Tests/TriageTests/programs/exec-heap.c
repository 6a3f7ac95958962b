// build: gcc -g -O0
#include <stdlib.h>
#include <string.h>
static void run(void *code) { ((void (*)(void))code)(); }
int main(void) {
  char *code = malloc(64);
  memset(code, 0x90, 64);
  run(code);
  return 0;
}
