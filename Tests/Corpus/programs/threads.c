// Threads in every kind of wait; `threads MODE COUNT`.
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t semaphore;
static int pipes[2];
static volatile int waiting;
static __thread int slot;

static void arrive(void) { __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST); }
static void settle(int count) { while (waiting < count) usleep(1000); usleep(60000); }

static void *on_mutex(void *arg) { slot = 1; arrive(); pthread_mutex_lock(&lock); return arg; }
static void *on_condition(void *arg) { pthread_mutex_lock(&other); arrive(); pthread_cond_wait(&condition, &other); return arg; }
static void *on_semaphore(void *arg) { arrive(); sem_wait(&semaphore); return arg; }
static void *on_read(void *arg) { char byte; arrive(); return read(pipes[0], &byte, 1) ? arg : 0; }
static void *on_pause(void *arg) { arrive(); for (;;) pause(); return arg; }
static void *on_sleep(void *arg) { arrive(); sleep(1000); return arg; }
static void *on_rwlock(void *arg) { arrive(); pthread_rwlock_wrlock(&rwlock); return arg; }
static void *on_barrier(void *arg) { arrive(); pthread_barrier_wait(&barrier); return arg; }
static void *spin(void *arg) { arrive(); for (;;) slot++; return arg; }
static void *gone(void *arg) { arrive(); return arg; }
static void *joiner(void *arg) { arrive(); pthread_join(*(pthread_t *)arg, 0); return 0; }
static int deep(int depth, void *arg) { if (depth == 0) { on_pause(arg); return 0; } return deep(depth - 1, arg) + depth; }
static void *deeper(void *arg) { return (void *)(long)deep((int)(long)arg % 30, arg); }
static void leave_slowly(void *arg) { (void)arg; arrive(); pause(); }
static pthread_key_t key;
static void *destroying(void *arg) { pthread_setspecific(key, arg); return arg; }
static void *exiting(void *arg) { pthread_cleanup_push(leave_slowly, arg); pthread_exit(arg); pthread_cleanup_pop(0); return arg; }
static void *crash(void *arg) { settle(*(int *)arg); *(volatile int *)0 = 1; return 0; }

typedef void *(*body)(void *);
static pthread_t start(body run, void *arg) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 65536);
  if (pthread_create(&thread, &attributes, run, arg) != 0) exit(3);
  pthread_attr_destroy(&attributes);
  return thread;
}

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "waits";
  static int expected = 0;
  int count = argc > 2 ? atoi(argv[2]) : 8;
  pthread_key_create(&key, leave_slowly);
  pthread_barrier_init(&barrier, 0, 3);
  sem_init(&semaphore, 0, 0);
  pthread_mutex_lock(&lock);
  pthread_rwlock_rdlock(&rwlock);
  if (pipe(pipes) != 0) return 2;
  if (!strcmp(mode, "waits")) {
    body bodies[] = {on_mutex, on_condition, on_semaphore, on_read, on_pause, on_sleep, on_rwlock, on_barrier};
    for (int i = 0; i < 8; i++) start(bodies[i], &count);
    static pthread_t pausing;
    pausing = start(on_pause, 0);
    start(joiner, &pausing);
    settle(10);
    abort();
  }
  if (!strcmp(mode, "many")) {
    for (int i = 0; i < count; i++) start(deeper, (void *)(long)i);
    settle(count);
    raise(SIGSEGV);
  }
  if (!strcmp(mode, "in-thread")) {
    expected = 2;
    start(on_mutex, 0); start(on_pause, 0); start(crash, &expected);
    for (;;) pause();
  }
  if (!strcmp(mode, "spin")) { start(spin, 0); settle(1); abort(); }
  if (!strcmp(mode, "exiting")) { start(exiting, &count); start(destroying, &count); start(on_pause, 0); settle(3); abort(); }
  if (!strcmp(mode, "exited")) { pthread_t done = start(gone, 0); settle(1); abort(); pthread_join(done, 0); }
  if (!strcmp(mode, "phantom")) {
    expected = 1;
    start(on_pause, 0); start(crash, &expected);
    pthread_exit(0);
  }
  if (!strcmp(mode, "cancel")) { pthread_t t = start(on_pause, 0); settle(1); pthread_cancel(t); pthread_join(t, 0); start(on_read, 0); settle(2); abort(); }
  return 1;
}
