// Variables of which each thread has its own.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

__thread int shared_name = 3;
static __thread long zeroed;
static __thread struct { int number; char text[8]; } record = {1, "abc"};

static void *wait_for_ever(void *argument) {
  static __thread int inner = 8;
  shared_name = 50;
  inner++;
  zeroed = 4;
  pause();
  return argument;
}

int main() {
  static __thread int own = 4;
  pthread_t thread;
  pthread_create(&thread, 0, wait_for_ever, 0);
  usleep(100000);
  own = 44;
  record.number = 2;
  abort();
}
