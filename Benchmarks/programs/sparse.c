// sparse RESERVED TOUCHED: reserves RESERVED MiB of memory, writes to TOUCHED MiB of it, spread evenly, and aborts.
#include <stdlib.h>
#include <sys/mman.h>

static __attribute__((noinline)) void finish(char *memory, long pages) {
  memory[0] = (char)pages;
  abort();
}

int main(int argc, char **argv) {
  long reserved = atol(argv[1]) << 20, touched = argc > 2 ? atol(argv[2]) << 20 : 0;
  char *memory = mmap(NULL, (size_t)reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return 75;
  // Pieces of 1 MiB, so that the core is made of stretches and holes.
  for (long i = 0, pieces = touched >> 20; i < pieces; i++)
    for (long page = 0; page < 256; page++) memory[reserved / pieces * i + page * 4096] = (char)(i + page + 1);
  finish(memory, touched >> 12);
}
