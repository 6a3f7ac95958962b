// build: gcc -g -O0
// class: unmapped_memory
// says: where nothing is mapped: 100 bytes behind the end of anonymous memory
// says: read of 0x
#include <string.h>
#include <sys/mman.h>
int main(void) {
  char *p = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(p, 1, 1 << 20);
  munmap(p + 65536, 65536);
  return p[65536 + 100];
}
