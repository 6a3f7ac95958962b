// build: gcc -g -O0 -pthread
// run: ./self-deadlock & p=$!; sleep 0.5; kill -ABRT $p; wait $p
// class: killed_by_process
// says: SIGABRT: sent by pid 
// says: cycle of 1
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int main(void) {
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&lock);
  return 0;
}
