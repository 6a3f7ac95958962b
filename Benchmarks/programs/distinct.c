// distinct N: N threads wait, each 5 to 35 frames deep in functions that `cases.py` writes, then the main thread aborts.
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "steps.h"

static sem_t arrived;
static const char *const tags[] = {"alpha", "beta", "gamma", "delta"};

int settle(struct job *job, int depth, const char *tag, unsigned long sum) {
  sem_post(&arrived);
  for (;;) pause();
  return job->number + depth + tag[0] + (int)sum;
}

static void *work(void *argument) {
  struct job *job = argument;
  return (void *)(long)steps[job->number % 2000](job, 2 + job->number % 31, job->tag, 1);
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 4;
  pthread_attr_t attributes;
  struct job *jobs = calloc((size_t)count, sizeof *jobs);
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 << 10);
  sem_init(&arrived, 0, 0);
  for (int i = 0; i < count; i++) {
    pthread_t thread;
    jobs[i].number = i;
    jobs[i].tag = tags[i % 4];
    if (pthread_create(&thread, &attributes, work, &jobs[i])) return 75;
  }
  for (int i = 0; i < count; i++) sem_wait(&arrived);
  usleep(200000);
  abort();
}
