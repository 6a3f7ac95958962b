// build: gcc -g -O0
// class: raised
// says: raised by the process itself, in die
#include <signal.h>
static void die(void) { raise(SIGSEGV); }
int main(void) { die(); return 0; }
