// build: gcc -g -O0
// run: ./killed-by-other & p=$!; sleep 0.3; kill -SEGV $p; wait $p
#include <unistd.h>
int main(void) { for (;;) pause(); }
