// threads N [wait]: N threads wait, each 5 to 35 frames deep, then the main thread aborts; with `wait` it says `ready` and waits too.
// Arguments are numbers, pointers and strings.
#include <stdio.h>
#include <sys/prctl.h>

#include "crowd.h"

static __attribute__((noinline)) int settle(struct job *job, int depth) {
  sem_post(&arrived);
  for (;;) pause();
  return job->number + depth;
}

static int middle(struct job *job, int depth, const char *tag);

static __attribute__((noinline)) int outer(struct job *job, int depth, const char *tag, unsigned long sum) {
  if (depth <= 0) return settle(job, depth) + 1;
  return middle(job, depth - 1, tag) + (int)sum;
}

static __attribute__((noinline)) int inner(const char *tag, struct job *job, long depth) {
  if (depth <= 0) return settle(job, (int)depth) + 2;
  return outer(job, (int)depth - 1, tag, (unsigned long)depth * 3) + 1;
}

static __attribute__((noinline)) int middle(struct job *job, int depth, const char *tag) {
  if (depth <= 0) return settle(job, depth) + 3;
  return inner(tag, job, depth - 1) + 1;
}

static void *work(void *argument) {
  struct job *job = argument;
  return (void *)(long)outer(job, job->number % 31, job->tag, 1);
}

int main(int argc, char **argv) {
  int status = gather(argc > 1 ? atoi(argv[1]) : 4, work);
  if (status) return status;
  if (argc < 3) abort();
  // Yama would have it that only ancestors look.
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  puts("ready");
  fflush(stdout);
  for (;;) pause();
}
