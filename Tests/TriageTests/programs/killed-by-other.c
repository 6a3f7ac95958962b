// build: gcc -g -O0
// run: ./killed-by-other & p=$!; sleep 0.3; kill -SEGV $p; wait $p
// class: killed_by_process
// says: SIGSEGV: sent by pid 
#include <unistd.h>
int main(void) { for (;;) pause(); }
