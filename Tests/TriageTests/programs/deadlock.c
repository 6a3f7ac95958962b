// build: gcc -g -O0 -pthread
// run: ./deadlock & p=$!; sleep 0.7; kill -ABRT $p; wait $p
// class: killed_by_process
// says: SIGABRT: sent by pid 
// says: cycle of 2
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static void *one(void *arg) {
  pthread_mutex_lock(&first);
  usleep(200000);
  pthread_mutex_lock(&second);
  return arg;
}
static void *two(void *arg) {
  pthread_mutex_lock(&second);
  usleep(200000);
  pthread_mutex_lock(&first);
  return arg;
}
int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, one, 0);
  pthread_create(&b, 0, two, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return 0;
}
