// distinct N: N threads wait, each 5 to 35 frames deep in functions that `cases.py` writes, then the main thread aborts.
#include "crowd.h"
#include "steps.h"

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
  int status = gather(argc > 1 ? atoi(argv[1]) : 4, work);
  if (status) return status;
  abort();
}
