// build: gcc -g -O0
// run: ./quit-by-other & p=$!; sleep 0.3; kill -QUIT $p; wait $p
// class: killed_by_process
// says: SIGQUIT: sent by pid 
#include <signal.h>
#include <unistd.h>
int main(void) { signal(SIGQUIT, SIG_DFL); for (;;) pause(); }
