// build: gcc -g -O0
// class: resource_limit
// says: a file grew beyond the limit of file sizes
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
int main(void) {
  struct rlimit limit = {16384, RLIM_INFINITY}, core = {RLIM_INFINITY, RLIM_INFINITY};
  int fd = open("big.data", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  static char block[32768];
  setrlimit(RLIMIT_CORE, &core);
  setrlimit(RLIMIT_FSIZE, &limit);
  for (int i = 0; i < 2; i++) write(fd, block, sizeof block);
  return 0;
}
