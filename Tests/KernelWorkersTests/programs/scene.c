// scene MODE HOW: puts a process into a situation and lets its core be written: HOW is `die` (the kernel writes it)
// or `gcore` (gdb does, attached). With `live` it stays: the file `ready` says that the situation stands; once there is
// a file `stop`, it writes what the first ring's requests came to into `completions` (user_data, result) and ends.
// Before that, the truth goes to the file `truth`, a line each:
//   thread TID COMM FLAGS     /proc's word, FLAGS of stat in hexadecimal
//   owner TID                 the thread that made the workers
//   ring FD / sqpoll FD       descriptors
//   suspect TID               the look-alike
// Exit code 77 and a sentence on stdout: the kernel refuses this situation.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *truth;
static volatile int ready;
static volatile pid_t suspect;
static char buffer[64];

static void refuse(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vprintf(format, list);
  va_end(list);
  printf("\n");
  exit(77);
}
static void wait_ready(int count) {
  for (int i = 0; i < 3000 && ready < count; i++) usleep(1000);
  if (ready < count) refuse("the threads were not ready in 3 s");
}
static int count_workers(void) {
  int found = 0;
  for (int tid = getpid(); tid < getpid() + 400; tid++) {
    char path[64], comm[32] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", tid);
    int fd = open(path, O_RDONLY);
    if (fd < 0) continue;
    if (read(fd, comm, sizeof comm - 1) > 0 && !strncmp(comm, "iou-", 4)) found++;
    close(fd);
  }
  return found;
}
static void wait_workers(int count) {
  for (int i = 0; i < 2000 && count_workers() < count; i++) usleep(1000);
  if (count_workers() < count) refuse("%d of %d io_uring threads in 2 s", count_workers(), count);
  usleep(20000);
}
static void tell_threads(void) {
  for (int tid = getpid(); tid < getpid() + 400; tid++) {
    char path[64], line[512] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
    int fd = open(path, O_RDONLY);
    if (fd < 0) continue;
    if (read(fd, line, sizeof line - 1) > 0) {
      char *open = strchr(line, '('), *close = strrchr(line, ')'), state;
      unsigned long flags;
      int skip;
      if (sscanf(close + 1, " %c %d %d %d %d %d %lu", &state, &skip, &skip, &skip, &skip, &skip, &flags) == 7)
        fprintf(truth, "thread %d %.*s %lx\n", tid, (int)(close - open - 1), open + 1, flags);
    }
    close(fd);
  }
}

// Rings
static void make(struct io_uring *ring, unsigned entries, struct io_uring_params *p) {
  int error = io_uring_queue_init_params(entries, ring, p);
  if (error < 0) refuse("io_uring_setup: %s", strerror(-error));
}
static void splices(struct io_uring *ring, int count, unsigned long user_data) {
  int in[2], out[2];
  for (int i = 0; i < count; i++) {
    if (pipe(in) || pipe(out)) refuse("pipe: %s", strerror(errno));
    struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
    io_uring_prep_splice(sqe, in[0], -1, out[1], -1, 100, 0);
    sqe->flags |= IOSQE_ASYNC;
    io_uring_sqe_set_data64(sqe, user_data + i);
  }
}
static void openat_fifo(struct io_uring *ring, unsigned long user_data) {
  mkfifo("fifo", 0600);
  struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
  io_uring_prep_openat(sqe, AT_FDCWD, "fifo", O_RDONLY, 0);
  sqe->flags |= IOSQE_ASYNC;
  io_uring_sqe_set_data64(sqe, user_data);
}
// SQPOLL with rings in memory of our own (IORING_SETUP_NO_MMAP, Linux 6.5), which Debian 12's liburing does not know:
// the addresses go where its header says `resv2`.
static void own_memory(void) {
  static struct io_uring_params p = {.flags = IORING_SETUP_SQPOLL | 1 << 14, .sq_thread_idle = 100};
  static char rings[4096] __attribute__((aligned(4096))), entries[4096] __attribute__((aligned(4096)));
  memset(rings, 0, sizeof rings);
  p.cq_off.resv2 = (unsigned long)rings;
  p.sq_off.resv2 = (unsigned long)entries;
  int fd = syscall(425, 8, &p), in[2], out[2];
  if (fd < 0) refuse("io_uring_setup with IORING_SETUP_NO_MMAP: %s", strerror(errno));
  if (pipe(in) || pipe(out)) refuse("pipe");
  fprintf(truth, "owner %d\nsqpoll %d\n", getpid(), fd);
  struct io_uring_sqe *sqe = (void *)entries;
  io_uring_prep_splice(sqe, in[0], -1, out[1], -1, 100, 0);
  sqe->flags |= IOSQE_ASYNC;
  sqe->user_data = 0x100;
  __atomic_store_n((unsigned *)(rings + p.sq_off.tail), 1, __ATOMIC_RELEASE);
  syscall(426, fd, 0, 0, IORING_ENTER_SQ_WAKEUP, 0, 8);
}
// The first KVM_RUN makes kvm-nx-lpage-re (Linux 6.13); the guest is one `hlt`.
static void run_guest(void) {
  int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  if (kvm < 0) refuse("/dev/kvm: %s", strerror(errno));
  int vm = ioctl(kvm, KVM_CREATE_VM, 0);
  static char guest[4096] __attribute__((aligned(4096))) = {(char)0xf4};
  struct kvm_userspace_memory_region region = {.memory_size = 4096, .userspace_addr = (unsigned long)guest};
  if (vm < 0 || ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region)) refuse("KVM: %s", strerror(errno));
  int cpu = ioctl(vm, KVM_CREATE_VCPU, 0);
  struct kvm_run *run = mmap(0, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE, MAP_SHARED, cpu, 0);
  struct kvm_sregs state;
  if (cpu < 0 || run == MAP_FAILED || ioctl(cpu, KVM_GET_SREGS, &state)) refuse("KVM: %s", strerror(errno));
  state.cs.base = state.cs.selector = 0;
  struct kvm_regs registers = {.rip = 0, .rflags = 2};
  if (ioctl(cpu, KVM_SET_SREGS, &state) || ioctl(cpu, KVM_SET_REGS, &registers) || ioctl(cpu, KVM_RUN, 0))
    refuse("KVM_RUN: %s", strerror(errno));
}
static void *sleeper(void *unused) { ready++; for (;;) pause(); return unused; }
static void *second_owner(void *unused) {
  static struct io_uring ring;
  struct io_uring_params p = {0};
  make(&ring, 8, &p);
  fprintf(truth, "owner %d\nring %d\n", gettid(), ring.ring_fd);
  splices(&ring, 1, 0x300);
  io_uring_submit(&ring);
  return sleeper(unused);
}
static void *orphan_maker(void *unused) {
  static struct io_uring ring;
  static struct io_uring_params p = {.flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 100};
  make(&ring, 8, &p);
  fprintf(truth, "sqpoll %d\n", ring.ring_fd);
  return unused;
}
// Makes its ring, asks for more work than workers exist, and goes on: task work makes the others.
static __attribute__((noreturn)) void *busy_owner(void *how) {
  static struct io_uring ring;
  struct io_uring_params p = {0};
  make(&ring, 64, &p);
  fprintf(truth, "owner %d\nring %d\n", gettid(), ring.ring_fd);
  splices(&ring, 6, 0x400);
  io_uring_submit(&ring);
  ready++;
  static char many[1 << 16];
  for (;;) {
    if (!strcmp(how, "sleep")) {
      struct timespec second = {1000, 0};
      clock_nanosleep(CLOCK_MONOTONIC, 0, &second, 0);
    } else if (!strcmp(how, "string")) {
      char *to = many;
      unsigned long count = sizeof many;
      __asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(0) : "memory");
    } else {
      for (volatile int i = 0; i < 100000; i++) {}
    }
  }
}

// Look-alikes
static void tell_suspect(void) { suspect = gettid(); fprintf(truth, "suspect %d\n", suspect); fflush(truth); ready++; }
static void *null_call(void *unused) {
  tell_suspect();
  usleep(400000);
  void (*volatile function)(void) = 0;
  function();
  return unused;
}
static void *zero_sp(void *how) {
  tell_suspect();
  usleep(20000);
  if (!strcmp(how, "spin")) __asm__ volatile("xor %%esp, %%esp\n1: jmp 1b" ::: "memory");
  if (!strcmp(how, "call")) __asm__ volatile("xor %%esp, %%esp\n1: mov $34, %%eax\nsyscall\njmp 1b" ::: "memory");
  usleep(400000);
  if (!strcmp(how, "push")) __asm__ volatile("xor %%esp, %%esp\npush %%rax" ::: "memory");
  __asm__ volatile("xor %%esp, %%esp\nxor %%eax, %%eax\njmp *%%rax" ::: "memory");
  return 0;
}
static __attribute__((noreturn)) void *blocks_all(void *how) {
  tell_suspect();
  if (!strcmp(how, "glibc")) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, 0);
  } else {
    unsigned long all = ~0ul;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, 0, 8);
  }
  ready++;
  for (;;) pause();
}
static void *vforks(void *unused) {
  tell_suspect();
  if (vfork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }
  return unused;
}
static void *spawns(void *unused) {
  tell_suspect();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 5, "spawn-fifo", O_RDONLY, 0);
  char *words[] = {"true", 0};
  pid_t child;
  posix_spawn(&child, "/bin/true", &actions, 0, words, environ);
  return unused;
}
static void *newborn(void *unused) { return unused; }
// A child process that zeroes registers of the suspect and holds it so.
static void zero_by_ptrace(int all) {
  pid_t target = suspect, process = getpid();
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  int ends[2];
  if (pipe(ends)) refuse("pipe");
  if (fork() == 0) {
    int status;
    struct user_regs_struct registers;
    if (ptrace(PTRACE_ATTACH, target, 0, 0) || waitpid(target, &status, __WALL) != target) _exit(1);
    ptrace(PTRACE_GETREGS, target, 0, &registers);
    if (all) {
      unsigned long cs = registers.cs, ss = registers.ss;
      memset(&registers, 0, sizeof registers);
      registers.cs = cs;
      registers.ss = ss;
    }
    registers.rip = registers.rsp = 0;
    registers.orig_rax = -1;
    if (ptrace(PTRACE_SETREGS, target, 0, &registers)) _exit(1);
    if (write(ends[1], "x", 1) != 1) _exit(1);
    close(ends[1]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (kill(process, 0) == 0) usleep(10000);
    _exit(0);
  }
  close(ends[1]);
  char answer;
  if (read(ends[0], &answer, 1) != 1) refuse("ptrace is refused");
}

static void start(void *(*function)(void *), const char *how) {
  pthread_t thread;
  if (pthread_create(&thread, 0, function, (void *)how)) refuse("pthread_create");
}
// Lets gdb write the core. It is gdb that zeroes the suspect's registers, for a thread has one tracer only.
static void gcore(const char *mode) {
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  char pid[16], script[2048];
  int at = 0;
  snprintf(pid, sizeof pid, "%d", getpid());
  if (!strncmp(mode, "ptrace-", 7)) {
    at += snprintf(script + at, sizeof script - at,
      "python [t.switch() for t in gdb.selected_inferior().threads() if t.ptid[1] == %d]\n", suspect);
    if (!strcmp(mode, "ptrace-all"))
      for (const char *name = "rax\0rbx\0rcx\0rdx\0rsi\0rdi\0rbp\0r8\0r9\0r10\0r11\0r12\0r13\0r14\0r15\0eflags\0fs_base\0";
           *name; name += strlen(name) + 1)
        at += snprintf(script + at, sizeof script - at, "set var $%s = 0\n", name);
    at += snprintf(script + at, sizeof script - at, "set var $orig_rax = -1\nset var $rsp = 0\nset var $rip = 0\n");
  }
  snprintf(script + at, sizeof script - at, "generate-core-file core\nkill\n");
  FILE *file = fopen("script", "w");
  fputs(script, file);
  fclose(file);
  pid_t child = fork();
  if (child == 0) {
    unsetenv("DEBUGINFOD_URLS");
    execlp("gdb", "gdb", "-q", "-nx", "-batch", "-p", pid, "-x", "script", (char *)0);
    _exit(127);
  }
  int status;
  waitpid(child, &status, 0);
}

static __attribute__((noreturn)) void live(struct io_uring *ring) {
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  close(open("ready", O_WRONLY | O_CREAT, 0600));
  for (int i = 0; i < 120000 && access("stop", F_OK); i++) usleep(1000);
  FILE *list = fopen("completions", "w");
  struct io_uring_cqe *cqe;
  while (ring->ring_fd && !io_uring_peek_cqe(ring, &cqe)) {
    fprintf(list, "%llx %d\n", (unsigned long long)cqe->user_data, cqe->res);
    io_uring_cqe_seen(ring, cqe);
  }
  fclose(list);
  _exit(0);
}

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "", *how = argc > 2 ? argv[2] : "die";
  int is_hold = !strcmp(how, "gcore"), dies_itself = 0;
  static struct io_uring ring, second;
  static struct io_uring_params p, q;
  struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_CORE, &unlimited);
  if (!strcmp(mode, "spawn")) {
    // The spawned child outlives the dump, in the open of a FIFO: somebody must let it go on.
    mkfifo("spawn-fifo", 0600);
    pid_t scene = fork();
    if (scene) {
      int status;
      waitpid(scene, &status, 0);
      int writer = open("spawn-fifo", O_RDWR | O_NONBLOCK);
      usleep(100000);
      close(writer);
      return WIFEXITED(status) ? WEXITSTATUS(status) : 134;
    }
  }
  truth = fopen("truth", "w");
  setlinebuf(truth);
  int filter = open("/proc/self/coredump_filter", O_WRONLY);
  const char *bits = getenv("FILTER") ? getenv("FILTER") : "0x3b";
  if (write(filter, bits, strlen(bits)) < 0) refuse("coredump_filter");
  close(filter);

  if (!strcmp(mode, "blocked")) {
    make(&ring, 8, &p);
    fprintf(truth, "owner %d\nring %d\n", getpid(), ring.ring_fd);
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    io_uring_prep_nop(sqe);
    io_uring_sqe_set_data64(sqe, 0x10);
    splices(&ring, 2, 0x100);
    openat_fifo(&ring, 0x200);
    io_uring_submit(&ring);
    wait_workers(2);
    // Two requests that are published and never submitted.
    for (int i = 0; i < 2; i++) {
      sqe = io_uring_get_sqe(&ring);
      io_uring_prep_read(sqe, 0, buffer, sizeof buffer, 0);
      io_uring_sqe_set_data64(sqe, 0x500 + i);
    }
    __atomic_store_n(ring.sq.ktail, ring.sq.sqe_tail, __ATOMIC_RELEASE);
  } else if (!strcmp(mode, "own-memory")) {
    own_memory();
    wait_workers(2);
  } else if (!strcmp(mode, "kvm")) {
    fprintf(truth, "owner %d\n", getpid());
    run_guest();
    usleep(20000);
  } else if (!strcmp(mode, "sqpoll")) {
    p.flags = IORING_SETUP_SQPOLL;
    p.sq_thread_idle = 100;
    make(&ring, 8, &p);
    fprintf(truth, "owner %d\nsqpoll %d\n", getpid(), ring.ring_fd);
    splices(&ring, 1, 0x100);
    io_uring_submit(&ring);
    wait_workers(2);
  } else if (!strcmp(mode, "second-owner")) {
    start(second_owner, "");
    start(sleeper, "");
    wait_ready(2);
    wait_workers(1);
  } else if (!strcmp(mode, "orphan")) {
    start(sleeper, "");
    pthread_t thread;
    pthread_create(&thread, 0, orphan_maker, 0);
    pthread_join(thread, 0);
    wait_ready(1);
    wait_workers(1);
  } else if (!strncmp(mode, "busy-", 5)) {
    start(busy_owner, mode + 5);
    wait_ready(1);
    wait_workers(4);
  } else if (!strcmp(mode, "two-rings")) {
    make(&ring, 8, &p);
    q.flags = IORING_SETUP_SQPOLL;
    make(&second, 16, &q);
    fprintf(truth, "owner %d\nring %d\nsqpoll %d\n", getpid(), ring.ring_fd, second.ring_fd);
    splices(&ring, 1, 0x100);
    io_uring_submit(&ring);
    wait_workers(2);
  } else {
    // Look-alikes live beside a ring and a real worker, which make mistakes as easy as can be.
    make(&ring, 8, &p);
    fprintf(truth, "owner %d\nring %d\n", getpid(), ring.ring_fd);
    splices(&ring, 1, 0x100);
    io_uring_submit(&ring);
    wait_workers(1);
    if (!strcmp(mode, "null-call")) start(null_call, ""), dies_itself = 1;
    else if (!strcmp(mode, "sp-spin")) start(zero_sp, "spin");
    else if (!strcmp(mode, "sp-call")) start(zero_sp, "call");
    else if (!strcmp(mode, "sp-push")) start(zero_sp, "push"), dies_itself = 1;
    else if (!strcmp(mode, "jump-zero")) start(zero_sp, "jump"), dies_itself = 1;
    else if (!strcmp(mode, "blocks-glibc")) start(blocks_all, "glibc"), wait_ready(2);
    else if (!strcmp(mode, "blocks-raw")) start(blocks_all, "raw"), wait_ready(2);
    else if (!strcmp(mode, "vfork")) start(vforks, "");
    else if (!strcmp(mode, "spawn")) start(spawns, "");
    else if (!strcmp(mode, "ptrace-pc") || !strcmp(mode, "ptrace-all")) {
      start(blocks_all, "glibc");
      wait_ready(2);
      usleep(20000);
      if (!is_hold) zero_by_ptrace(!strcmp(mode, "ptrace-all"));
    } else if (!strcmp(mode, "newborn")) {
      cpu_set_t first;
      CPU_ZERO(&first);
      CPU_SET(sched_getcpu(), &first);
      struct sched_param priority = {.sched_priority = 1};
      tell_threads();
      if (sched_setaffinity(0, sizeof first, &first) || sched_setscheduler(0, SCHED_FIFO, &priority))
        refuse("SCHED_FIFO: %s", strerror(errno));
      pthread_t thread;
      pthread_create(&thread, 0, newborn, 0);
      // The TID lies in struct pthread; the thread has not run, so nobody else can tell it.
      raise(SIGABRT);
    } else refuse("no mode %s", mode);
    if (strcmp(mode, "ptrace-pc") && strcmp(mode, "ptrace-all")) wait_ready(1), usleep(50000);
  }
  tell_threads();
  fflush(truth);
  if (!strcmp(how, "live")) live(&ring);
  while (dies_itself) pause();
  if (is_hold) {
    gcore(mode);
    _exit(0);
  }
  abort();
}
