// build: gcc -g -O0 -pthread
// class: stack_overflow
// says: repeat depth ×
// says: in its guard page
#include <pthread.h>
static int depth(int n) { volatile char pad[256]; pad[0] = (char)n; return depth(n + 1) + pad[0]; }
static void *run(void *arg) { (void)arg; return (void *)(long)depth(0); }
int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, run, 0);
  pthread_join(thread, 0);
  return 0;
}
