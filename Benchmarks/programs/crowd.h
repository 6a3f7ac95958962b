// Threads that wait deep in a stack: what threads.c and distinct.c share.
#pragma once
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "job.h"

static sem_t arrived;

// Starts so many threads with a number and a tag each, and waits until all have posted `arrived`; 75 where that cannot be.
static int gather(int count, void *(*work)(void *)) {
  static const char *const tags[] = {"alpha", "beta", "gamma", "delta"};
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
  return 0;
}
