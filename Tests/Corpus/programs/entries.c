// A recursion of 900 levels whose arguments are values at entry: gdb follows them through 256 frames.
#include <stdlib.h>
#include <stdio.h>
struct job { int number; const char *tag; };
volatile int sink;
static __attribute__((noinline)) int settle(struct job *job, int depth) { abort(); return job->number + depth; }
static __attribute__((noinline)) int middle(struct job *job, int depth, const char *tag);
static __attribute__((noinline)) int outer(struct job *job, int depth, const char *tag, unsigned long sum) {
  if (depth <= 0) return settle(job, depth) + 1;
  int r = middle(job, depth - 1, tag); sink = r; return r + (int)sum; }
static __attribute__((noinline)) int inner(const char *tag, struct job *job, long depth) {
  if (depth <= 0) return settle(job, (int)depth) + 2;
  int r = outer(job, (int)depth - 1, tag, (unsigned long)depth * 3); sink = r; return r + 1; }
static __attribute__((noinline)) int middle(struct job *job, int depth, const char *tag) {
  if (depth <= 0) return settle(job, depth) + 3;
  int r = inner(tag, job, depth - 1); sink = r; return r + 1; }
int main(int argc, char **argv) { struct job j = {argc, "tag"}; return outer(&j, 900, argv[0], 1); }
