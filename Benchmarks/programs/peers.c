// A crash that every debugger should be able to name: three calls with arguments, one in a library, and a thread that waits.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

void in_library(int depth, void (*back)(const char *));

__attribute__((noinline)) void crash_here(const char *why) {
  abort();
  __asm__ volatile("" ::"r"(why));
}

static void *waits_here(void *argument) {
  pause();
  return argument;
}

__attribute__((noinline)) void outer(int number) {
  in_library(number, crash_here);
  __asm__ volatile("");
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, waits_here, 0);
  usleep(100000);
  outer(42);
}
