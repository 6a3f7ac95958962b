// threads MODE [COUNT]: a process to be looked at. Writes `ready` once it stands, and stays until it is killed, two
// minutes at most.
//   sleep    COUNT threads that sleep, each with a name of its own and a few frames
//   vfork    a thread waits in vfork for a child that never execs (state D)
//   names    threads whose names hold newlines, parentheses, escapes; one called iou-wrk-1
//   big      64 MiB of touched heap beside the threads
//   leader   the main thread has ended, another lives
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static pthread_barrier_t all;
static __attribute__((noinline)) int wait_here(const char *why, int depth) {
  if (depth > 0) return wait_here(why, depth - 1) + 1;
  pthread_barrier_wait(&all);
  for (;;) pause();
  return why[0];
}
static void *sleeper(void *name) {
  prctl(PR_SET_NAME, name);
  return (void *)(long)wait_here("sleeping", 3);
}
static void *vforker(void *name) {
  prctl(PR_SET_NAME, name);
  pthread_barrier_wait(&all);
  if (vfork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(120);
    for (;;) pause();
  }
  return 0;
}
static void *announcer(void *unused) {
  pthread_barrier_wait(&all);
  usleep(100000);
  close(open("ready", O_WRONLY | O_CREAT, 0600));
  for (;;) pause();
  return unused;
}
int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "sleep";
  int count = argc > 2 ? atoi(argv[2]) : 3;
  static const char *odd[] = {"a) R (b\nc", "esc\033[31m", "iou-wrk-1", "back\\slash"};
  alarm(120);
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  pthread_t thread;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 256 << 10);
  if (!strcmp(mode, "names")) count = 4;
  int more = !strcmp(mode, "vfork");
  pthread_barrier_init(&all, 0, count + more + 1 + (strcmp(mode, "leader") ? 1 : 0));
  for (int i = 0; i < count; i++) {
    static char names[4096][16];
    snprintf(names[i % 4096], 16, "sleeper-%d", i);
    pthread_create(&thread, &small, sleeper, !strcmp(mode, "names") ? (void *)odd[i] : names[i % 4096]);
  }
  if (more) pthread_create(&thread, 0, vforker, "forker");
  if (!strcmp(mode, "big")) memset(malloc(64 << 20), 7, 64 << 20);
  pthread_create(&thread, 0, announcer, 0);
  if (!strcmp(mode, "leader")) pthread_exit(0);
  return wait_here("main", 2);
}
