// build: gcc -g -O0
#include <signal.h>
static void die(void) { raise(SIGSEGV); }
int main(void) { die(); return 0; }
