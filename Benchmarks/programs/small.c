// Three waiting threads and a crashing one, with io_uring's workers beside them where the kernel allows io_uring.
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

/// A read from a pipe that stays empty, handed to a worker; the kernel polls the submission queue by a thread of its own.
static void start_workers(void) {
  struct io_uring_params parameters;
  int ends[2];
  static char byte;
  memset(&parameters, 0, sizeof parameters);
  parameters.flags = IORING_SETUP_SQPOLL;
  parameters.sq_thread_idle = 60000;
  int ring = (int)syscall(SYS_io_uring_setup, 4, &parameters);
  if (ring < 0 || pipe(ends) < 0) return;
  char *queue = mmap(NULL, parameters.sq_off.array + parameters.sq_entries * 4, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
  struct io_uring_sqe *entries = mmap(NULL, parameters.sq_entries * sizeof *entries, PROT_READ | PROT_WRITE,
                                      MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
  if (queue == MAP_FAILED || (void *)entries == MAP_FAILED) return;
  entries[0].opcode = IORING_OP_READ;
  entries[0].flags = IOSQE_ASYNC;
  entries[0].fd = ends[0];
  entries[0].addr = (unsigned long)&byte;
  entries[0].len = 1;
  ((unsigned *)(queue + parameters.sq_off.array))[0] = 0;
  __atomic_store_n((unsigned *)(queue + parameters.sq_off.tail), 1, __ATOMIC_RELEASE);
  syscall(SYS_io_uring_enter, ring, 1, 0, IORING_ENTER_SQ_WAKEUP, NULL, 0);
}

static void wait_forever(const char *reason, int *count) {
  pthread_mutex_lock(&lock);
  ++*count;
  for (;;) pthread_cond_wait(&never, &lock);
  puts(reason);
}

static void *waiter(void *argument) {
  int count = 0;
  wait_forever(argument, &count);
  return NULL;
}

static __attribute__((noinline)) void crash(int code, const char *why) {
  fprintf(stderr, "%s: %d\n", why, code);
  abort();
}

static __attribute__((noinline)) void handle(int request, const char *name, void *state) {
  if (request > 0) handle(request - 1, name, &state);
  else crash(request, name);
}

int main(void) {
  pthread_t thread;
  start_workers();
  for (int i = 0; i < 3; i++) pthread_create(&thread, NULL, waiter, "no reason");
  usleep(200000);
  handle(5, "request", NULL);
}
