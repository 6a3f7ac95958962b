// build: gcc -g -O0
// run: ./quit-by-other & p=$!; sleep 0.3; kill -QUIT $p; wait $p
#include <signal.h>
#include <unistd.h>
int main(void) { signal(SIGQUIT, SIG_DFL); for (;;) pause(); }
