// build: gcc -g -O0
// class: null_dereference
// says: write to 0x0, NULL
// says: nothing is NULL
#include <signal.h>
static int *nothing;
static void handler(int signal) { *nothing = signal; }
int main(void) {
  signal(SIGUSR1, handler);
  raise(SIGUSR1);
  return 0;
}
