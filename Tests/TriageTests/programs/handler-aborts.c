// build: gcc -g -O0
// class: null_dereference
// says: a handler of SIGSEGV ended the program: write to 0x0, NULL
// says: nothing is NULL
#include <signal.h>
#include <stdlib.h>
static void handler(int signal, siginfo_t *info, void *context) { (void)signal; (void)info; (void)context; abort(); }
static int *nothing;
static void work(void) { *nothing = 1; }
int main(void) {
  struct sigaction action = {0};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &action, 0);
  work();
  return 0;
}
