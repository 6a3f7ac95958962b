// build: gcc -g -O0
// class: abort
// says: abort() called by give_up
#include <stdlib.h>
static void give_up(void) { abort(); }
int main(void) { give_up(); return 0; }
