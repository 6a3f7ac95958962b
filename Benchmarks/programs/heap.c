// heap N: N MiB of strings that compress to a half, three of which are arguments when it dies.
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) void crash(const char *first, const char *middle, const char *last) {
  abort();
  __asm__ volatile("" ::"r"(first), "r"(middle), "r"(last));
}

int main(int count, char **arguments) {
  long size = (count > 1 ? atol(arguments[1]) : 100) << 10;
  unsigned long state = 88172645463325252;
  char **objects = malloc(size * sizeof *objects);
  for (long i = 0; i < size; i++) {
    objects[i] = malloc(1000);
    for (int at = 0; at < 960; at += 24) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      snprintf(objects[i] + at, 40, "%lu and a number", state);
    }
  }
  crash(objects[size / 8], objects[size / 2], objects[size - 1]);
}
