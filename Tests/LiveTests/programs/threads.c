// threads MODE [COUNT]: a process to be looked at. Writes `ready` once it stands, and stays until it is killed, two
// minutes at most.
//   sleep    COUNT threads that sleep, each with a name of its own and a few frames
//   vfork    a thread waits in vfork for a child that never execs (state D)
//   names    threads whose names hold newlines, parentheses, escapes; one called iou-wrk-1
//   big      256 MiB of touched heap beside the threads
//   leader   the main thread has ended, others live
//   churn    threads that end and are made all the time, beside COUNT that stay
//   maker    a thread makes others, a thousand each second, 2000 in all, which stay; its frame says how many it has made
//   exec     a process of COUNT threads that executes itself all the time
//   secret   a process that nobody but root may look at (PR_SET_DUMPABLE)
//   fault    a thread waits for a page that user space has to bring (userfaultfd), and nobody brings it
//   zombie   a child that has ended and is not waited for; its number goes to the file `child`
// Exit code 77 and a sentence on stdout: the kernel refuses this situation.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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
static void refuse(const char *what) {
  printf("%s: %s\n", what, strerror(errno));
  fflush(stdout);
  _exit(77);
}
static char *withheld(size_t size) {
  // UFFD_USER_MODE_ONLY: allowed to everybody.
  int handler = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | 1);
  struct uffdio_api api = {.api = UFFD_API};
  if (handler < 0 || ioctl(handler, UFFDIO_API, &api)) refuse("userfaultfd");
  char *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct uffdio_register range = {{(unsigned long)memory, size}, UFFDIO_REGISTER_MODE_MISSING};
  if (ioctl(handler, UFFDIO_REGISTER, &range)) refuse("UFFDIO_REGISTER");
  return memory;
}
static __attribute__((noinline)) int touch_here(const char *text) { return text[5]; }
static void *toucher(void *text) {
  pthread_barrier_wait(&all);
  return (void *)(long)touch_here(text);
}
static void *passer(void *microseconds) {
  usleep((long)microseconds);
  return 0;
}
static void *churner(void *unused) {
  pthread_barrier_wait(&all);
  for (long i = 0;; i++) {
    pthread_t thread;
    if (pthread_create(&thread, 0, passer, (void *)(i * 37 % 2000)) == 0) pthread_detach(thread);
    usleep(200);
  }
  return unused;
}
static void *stayer(void *unused) {
  for (;;) pause();
  return unused;
}
static __attribute__((noinline)) int make_here(volatile int made) {
  pthread_t thread;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 << 10);
  int failed = pthread_create(&thread, &small, stayer, 0);
  usleep(700);
  return failed + made;
}
static void *maker(void *unused) {
  prctl(PR_SET_NAME, "maker");
  pthread_barrier_wait(&all);
  for (int made = 0; made < 2000; made++) make_here(made);
  return (void *)(long)wait_here("made all", 2);
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
  // What is executed keeps the alarm.
  if (argc < 4 || strcmp(argv[3], "again")) alarm(120);
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  pthread_t thread;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 256 << 10);
  if (!strcmp(mode, "names")) count = 4;
  if (!strcmp(mode, "exec")) {
    for (int i = 0; i < count; i++) pthread_create(&thread, &small, stayer, 0);
    close(open("ready", O_WRONLY | O_CREAT, 0600));
    usleep(3000);
    execl("/proc/self/exe", argv[0], "exec", argc > 2 ? argv[2] : "3", "again", (char *)0);
    refuse("execl");
  }
  int more = !strcmp(mode, "vfork") + !strcmp(mode, "churn") + !strcmp(mode, "fault") + !strcmp(mode, "maker");
  pthread_barrier_init(&all, 0, count + more + 1 + (strcmp(mode, "leader") ? 1 : 0));
  for (int i = 0; i < count; i++) {
    static char names[4096][16];
    snprintf(names[i % 4096], 16, "sleeper-%d", i);
    pthread_create(&thread, &small, sleeper, !strcmp(mode, "names") ? (void *)odd[i] : names[i % 4096]);
  }
  if (!strcmp(mode, "vfork")) pthread_create(&thread, 0, vforker, "forker");
  if (!strcmp(mode, "churn")) pthread_create(&thread, 0, churner, 0);
  if (!strcmp(mode, "maker")) pthread_create(&thread, 0, maker, 0);
  if (!strcmp(mode, "secret")) prctl(PR_SET_DUMPABLE, 0);
  if (!strcmp(mode, "fault")) pthread_create(&thread, 0, toucher, withheld(1 << 16));
  if (!strcmp(mode, "big")) {
    size_t size = (argc > 3 ? atol(argv[3]) : 256) << 20;
    memset(malloc(size), 7, size);
  }
  if (!strcmp(mode, "zombie")) {
    int child = fork();
    if (child == 0) _exit(0);
    FILE *file = fopen("child", "w");
    fprintf(file, "%d\n", child);
    fclose(file);
  }
  pthread_create(&thread, 0, announcer, 0);
  if (!strcmp(mode, "leader")) pthread_exit(0);
  return wait_here("main", 2);
}
