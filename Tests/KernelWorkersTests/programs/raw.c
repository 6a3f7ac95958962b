// A worker without liburing, for -m32: a second thread owns the ring, and blocks a splice in io-wq. Then abort.
// Prints `owner TID` and `ring FD`; exit code 77 and a reason where the kernel refuses.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile int ready;

static void *owner(void *unused) {
  struct io_uring_params p;
  memset(&p, 0, sizeof p);
  int fd = syscall(425, 8, &p), in[2], out[2];
  if (fd < 0) {
    printf("io_uring_setup: %s\n", strerror(errno));
    exit(77);
  }
  char *ring = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
  struct io_uring_sqe *sqe = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0x10000000);
  if (ring == MAP_FAILED || sqe == MAP_FAILED || pipe(in) || pipe(out)) exit(1);
  sqe->opcode = IORING_OP_SPLICE;
  sqe->flags = IOSQE_ASYNC;
  sqe->fd = out[1];
  sqe->splice_fd_in = in[0];
  sqe->off = sqe->splice_off_in = -1;
  sqe->len = 100;
  sqe->user_data = 0x777;
  *(unsigned *)(ring + p.sq_off.array) = 0;
  __atomic_store_n((unsigned *)(ring + p.sq_off.tail), 1, __ATOMIC_RELEASE);
  printf("owner %ld\nring %d\n", (long)syscall(SYS_gettid), fd);
  fflush(stdout);
  syscall(426, fd, 1, 0, 0, 0, 0);
  ready = 1;
  for (;;) pause();
  return unused;
}

int main(void) {
  struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_CORE, &unlimited);
  int filter = open("/proc/self/coredump_filter", O_WRONLY);
  if (write(filter, "0x3b", 4) < 0) return 1;
  pthread_t thread;
  pthread_create(&thread, 0, owner, 0);
  while (!ready) usleep(1000);
  usleep(200000);
  abort();
}
