// Copies INFILE to OUTFILE through io_uring, over and over, until something kills it. Every read is handed to the kernel's
// io-wq, so the process has `iou-wrk` threads: they appear in its core with pc = sp = 0.
#include <fcntl.h>
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH = 4, BLOCK = 4096 };

struct request {
  int write;
  off_t offset;
  unsigned length;
  char block[BLOCK];
};

static struct request requests[DEPTH];

static void queue(struct io_uring *ring, struct request *request, int fd) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
  if (request->write) io_uring_prep_write(sqe, fd, request->block, request->length, (unsigned long long)request->offset);
  else io_uring_prep_read(sqe, fd, request->block, request->length, (unsigned long long)request->offset);
  sqe->flags |= IOSQE_ASYNC;
  io_uring_sqe_set_data(sqe, request);
}

static void copy_file(struct io_uring *ring, int in, int out, off_t size) {
  off_t offset = 0, written = 0;
  for (int i = 0; i < DEPTH && offset < size; i++, offset += BLOCK) {
    requests[i].write = 0;
    requests[i].offset = offset;
    requests[i].length = size - offset < BLOCK ? (unsigned)(size - offset) : BLOCK;
    queue(ring, &requests[i], in);
  }
  while (written < size) {
    struct io_uring_cqe *cqe;
    io_uring_submit(ring);
    if (io_uring_wait_cqe(ring, &cqe) < 0) continue;
    struct request *request = io_uring_cqe_get_data(cqe);
    int result = cqe->res;
    io_uring_cqe_seen(ring, cqe);
    if (result < 0) { fprintf(stderr, "io_uring-cp: %s\n", strerror(-result)); exit(1); }
    if (!request->write) {
      request->write = 1;
      queue(ring, request, out);
    } else {
      written += result;
      if (offset < size) {
        request->write = 0;
        request->offset = offset;
        request->length = size - offset < BLOCK ? (unsigned)(size - offset) : BLOCK;
        offset += BLOCK;
        queue(ring, request, in);
      }
    }
  }
}

int main(int argc, char **argv) {
  struct io_uring ring;
  struct stat info;
  if (argc < 3) { fprintf(stderr, "%s INFILE OUTFILE\n", argv[0]); return 64; }
  int in = open(argv[1], O_RDONLY), out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (in < 0 || out < 0 || fstat(in, &info) < 0) { perror(argv[0]); return 1; }
  int error = io_uring_queue_init(DEPTH * 2, &ring, 0);
  if (error < 0) { fprintf(stderr, "io_uring: %s\n", strerror(-error)); return 1; }
  for (;;) copy_file(&ring, in, out, info.st_size);
}
