// build: gcc -g -O0
// class: file_truncated
// says: read of 0x
// says: 8 KiB into a mapping of 
// says: short.data, beyond the end of the file
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  int fd = open("short.data", O_RDWR | O_CREAT | O_TRUNC, 0600);
  ftruncate(fd, 100);
  char *p = mmap(0, 16384, PROT_READ, MAP_SHARED, fd, 0);
  return p[8192];
}
