// io_uring threads in a core: `ring workers|bounded|sqpoll|threads`. Workers block in reads of empty pipes; then abort.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void stop(int number) { (void)number; abort(); }
static char buffers[16][64];

static void queue_reads(struct io_uring *ring, int count) {
  for (int i = 0; i < count; i++) {
    int ends[2];
    if (pipe(ends) != 0) exit(2);
    struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
    io_uring_prep_read(sqe, ends[0], buffers[i], sizeof buffers[i], 0);
    sqe->flags |= IOSQE_ASYNC;
  }
  io_uring_submit(ring);
}
static void make_ring(struct io_uring *ring, unsigned flags) {
  int error = io_uring_queue_init(16, ring, flags);
  if (error < 0) { fprintf(stderr, "io_uring: %s\n", strerror(-error)); exit(77); }
}
static void *other_owner(void *arg) {
  struct io_uring ring;
  make_ring(&ring, 0);
  queue_reads(&ring, 2);
  *(volatile int *)arg = 1;
  for (;;) pause();
}
int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "workers";
  struct io_uring ring;
  if (!strcmp(mode, "sqpoll")) {
    make_ring(&ring, IORING_SETUP_SQPOLL);
    queue_reads(&ring, 2);
  } else {
    make_ring(&ring, 0);
    queue_reads(&ring, strcmp(mode, "one") ? 4 : 1);
  }
  if (!strcmp(mode, "threads")) {
    static volatile int ready;
    pthread_t thread;
    pthread_create(&thread, 0, other_owner, (void *)&ready);
    while (!ready) usleep(1000);
  }
  usleep(150000);
  if (!strcmp(mode, "wait")) {
    struct io_uring_cqe *cqe;
    signal(SIGALRM, stop);
    alarm(1);
    io_uring_wait_cqe(&ring, &cqe);
  }
  abort();
}
