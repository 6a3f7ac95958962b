// build: gcc -g -O0
// class: resource_limit
// says: the limit of CPU time was reached
#include <sys/resource.h>
static void spin(void) { for (volatile long i = 0;; i++) ; }
int main(void) {
  struct rlimit limit = {1, 10};
  setrlimit(RLIMIT_CPU, &limit);
  spin();
  return 0;
}
