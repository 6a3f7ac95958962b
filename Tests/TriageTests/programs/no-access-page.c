// build: gcc -g -O0
// class: forbidden_memory
// says: read of 0x
// says: that permits no access (---)
#include <sys/mman.h>
int main(void) {
  char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(p + 4096, 4096, PROT_NONE);
  return p[4096];
}
