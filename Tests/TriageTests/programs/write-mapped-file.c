// build: gcc -g -O0
// class: read_only_memory
// says: write to 0x
// says: write-mapped-file (r--)
#include <fcntl.h>
#include <sys/mman.h>
int main(int argc, char **argv) {
  (void)argc;
  int fd = open(argv[0], O_RDONLY);
  char *p = mmap(0, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
  p[100] = 1;
  return 0;
}
