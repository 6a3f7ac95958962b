// One way to die per mode: `crash MODE`. Small on purpose; each mode is one row of the corpus.
#define _GNU_SOURCE
#include <alloca.h>
#include <assert.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline, noclone))
#ifdef __clang__
#undef NOINLINE
#define NOINLINE __attribute__((noinline))
#endif

static volatile int sink;
static void (*volatile target)(void);
static jmp_buf env;

NOINLINE static void poke(volatile int *where, int value) { *where = value; sink++; }

static void on_abort(int number) { sink = number; abort(); }
static void on_info(int number, siginfo_t *info, void *context) {
  sink = number + (info != 0) + (context != 0);
  poke((int *)16, number);
}
static void on_usr1(int number) { sink = number; raise(SIGUSR2); sink++; }
static void on_usr2(int number) { poke((int *)32, number); }
static void on_alarm(int number) { on_abort(number); }

NOINLINE static int recurse(int depth) {
  volatile char frame[64];
  frame[0] = (char)depth;
  return recurse(depth + 1) + frame[0];
}
NOINLINE static int even(unsigned n, const char *why);
NOINLINE static int odd(unsigned n, const char *why) { volatile long pad[9]; pad[3] = n; return even(n + 1, why) + (int)pad[3]; }
NOINLINE static int even(unsigned n, const char *why) { volatile short pad[31]; pad[3] = 1; return odd(n + 1, why) + pad[3]; }
NOINLINE static int finite(int depth, const char *text) {
  if (depth == 0) poke(0, depth);
  return finite(depth - 1, text + 1) + sink;
}
NOINLINE static void smash(unsigned long value) {
  volatile unsigned long *frame = __builtin_frame_address(0);
  frame[0] = value;
  frame[1] = value;
}
NOINLINE static void smash_frame_pointer(unsigned long value) {
  volatile unsigned long *frame = __builtin_frame_address(0);
  frame[0] = value;
  poke(0, 1);
}
NOINLINE static void smash_above(unsigned long value, int words) {
  volatile unsigned long *frame = __builtin_frame_address(0);
  for (int i = 1; i < words; i++) frame[i] = value + (unsigned long)i;
  poke(0, 1);
}
NOINLINE static void overrun(const char *text) { char small[8]; strcpy(small, text); sink = small[0]; }
NOINLINE static int compare(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  if (x == 3 || y == 3) poke((int *)8, x);
  return x - y;
}
NOINLINE static void sort_them(int *numbers, size_t count) { qsort(numbers, count, sizeof *numbers, compare); }
NOINLINE static int sum(int count, ...) {
  va_list list;
  int total = 0;
  va_start(list, count);
  for (int i = 0; i < count; i++) total += va_arg(list, int);
  va_end(list);
  poke(0, total);
  return total;
}
NOINLINE static void dynamic(int size) {
  char vla[size];
  char *more = alloca((size_t)size * 2);
  memset(vla, 1, (size_t)size);
  memset(more, 2, (size_t)size * 2);
  poke(0, vla[0] + more[0]);
}
NOINLINE static void leave(int value) { longjmp(env, value); }
NOINLINE static void at_exit(void) { poke(0, 7); }
NOINLINE static void past_end(void) {
  char name[] = "bus.XXXXXX";
  int fd = mkstemp(name);
  unlink(name);
  volatile char *page = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
  sink = page[0];
}
NOINLINE static void divide(int by) { sink = 10 / by; }
NOINLINE static void bad_free(char *p) { free(p); }
NOINLINE static void check(int condition) { assert(condition == 1 && "the condition"); }
NOINLINE static void child_dies(void) {
  pid_t child = fork();
  if (child == 0) poke(0, 1);
  waitpid(child, 0, 0);
  _exit(0);
}
NOINLINE static void vfork_child_dies(void) {
  pid_t child = vfork();
  if (child == 0) { poke(0, 2); _exit(0); }
  waitpid(child, 0, 0);
  _exit(0);
}
static void usage(void) { abort(); }

struct row { const char *name; int id; };

int main(int argc, char **argv) {
  struct row row = {argc > 1 ? argv[1] : "", argc};
  const char *mode = row.name;
  struct sigaction action;
  memset(&action, 0, sizeof action);
#define MODE(text) if (!strcmp(mode, text))
  MODE("null-write") poke(0, 42);
  MODE("null-call") { target = 0; target(); }
  MODE("garbage-jump") { target = (void (*)(void))0x1234; target(); }
  MODE("noncanonical-jump") { target = (void (*)(void))0x4141414141414141UL; target(); }
  MODE("stack-jump") { unsigned long word[2] = {0, 0}; target = (void (*)(void))word; target(); }
  MODE("data-jump") { target = (void (*)(void))&sink; target(); }
  MODE("heap-jump") { target = (void (*)(void))calloc(1, 64); target(); }
  MODE("abort") abort();
  MODE("assert") check(argc);
  MODE("raise") raise(SIGQUIT);
  MODE("trap") __builtin_trap();
  MODE("breakpoint") __asm__ volatile("int3");
  MODE("divide") divide(argc - 2);
  MODE("bus") past_end();
  MODE("handler") { signal(SIGSEGV, on_abort); poke(0, 1); }
  MODE("altstack") {
    stack_t stack = {.ss_sp = malloc(65536), .ss_flags = 0, .ss_size = 65536};
    sigaltstack(&stack, 0);
    action.sa_sigaction = on_info;
    action.sa_flags = SA_ONSTACK | SA_SIGINFO | SA_RESETHAND;
    sigaction(SIGSEGV, &action, 0);
    poke(0, 1);
  }
  MODE("overflow-altstack") {
    stack_t stack = {.ss_sp = malloc(65536), .ss_flags = 0, .ss_size = 65536};
    sigaltstack(&stack, 0);
    action.sa_handler = on_abort;
    action.sa_flags = SA_ONSTACK;
    sigaction(SIGSEGV, &action, 0);
    recurse(0);
  }
  MODE("nested") { signal(SIGUSR1, on_usr1); signal(SIGUSR2, on_usr2); raise(SIGUSR1); }
  MODE("handler-null-call") { signal(SIGSEGV, on_abort); target = 0; target(); }
  MODE("handler-in-libc") { signal(SIGSEGV, on_abort); sink = (int)strlen((char *)(unsigned long)(argc - 1)); }
  MODE("alarm-pause") { signal(SIGALRM, on_alarm); alarm(1); pause(); }
  MODE("alarm-nanosleep") { signal(SIGALRM, on_alarm); alarm(1); sleep(20); }
  MODE("alarm-spin") { signal(SIGALRM, on_alarm); alarm(1); for (;;) sink++; }
  MODE("overflow") return recurse(0);
  MODE("overflow-two") return odd(1, "ping");
  MODE("deep") return finite(argc * 60, "a long text that is walked over by every call of finite, one character at a time, until it is through, "
    "and then some more, so that each frame shows another one of its tails as the argument and the memory of strings matters");
  MODE("smash-text") smash(0x4141414141414141UL);
  MODE("smash-zero") smash(0);
  MODE("smash-small") smash(8);
  MODE("smash-rbp") smash_frame_pointer(0x4242424242424242UL);
  MODE("smash-rbp-zero") smash_frame_pointer(0);
  MODE("smash-above") smash_above(0x10000, 12);
  MODE("smash-above-text") smash_above((unsigned long)(void *)main, 9);
  MODE("overrun") overrun(argc > 2 ? argv[2] : "0123456789012345678901234567890123456789");
  MODE("strlen") sink = (int)strlen((char *)(unsigned long)(argc - 1));
  MODE("memcpy") memcpy((void *)(unsigned long)(argc - 1), mode, (size_t)argc + 3);
  MODE("printf") printf("%d %s\n", argc, (char *)(unsigned long)(argc + 14));
  MODE("puts") puts((char *)1);
  MODE("fclose") fclose((FILE *)(unsigned long)(argc + 30));
  MODE("strtol") sink = (int)strtol((char *)24, 0, 10);
  MODE("clock") clock_gettime(CLOCK_MONOTONIC, (struct timespec *)8);
  MODE("free") bad_free((char *)&row);
  MODE("double-free") { char *p = malloc(2000); char *q = malloc(20); free(p); free(p); free(q); }
  MODE("malloc-corrupt") { char *p = malloc(24); memset(p, 0x55, 64); sink = *(char *)malloc(5000); free(p); }
  MODE("qsort") { int numbers[] = {9, 4, 3, 8, 1}; sort_them(numbers, 5); }
  MODE("bsearch") { int key = 3, numbers[] = {1, 2, 3}; sink = bsearch(&key, numbers, 3, sizeof key, compare) != 0; }
  MODE("varargs") return sum(3, argc, 5, 6);
  MODE("alloca") dynamic(argc * 20);
  MODE("longjmp") { int value = setjmp(env); if (value == 0) leave(5); poke(0, value); }
  MODE("longjmp-bad") { memset(env, 0x21, sizeof env); leave(3); }
  MODE("atexit") { atexit(at_exit); return 0; }
  MODE("fork") child_dies();
  MODE("vfork") vfork_child_dies();
  MODE("self-kill") { kill(getpid(), SIGSYS); }
  MODE("term") { raise(SIGXCPU); }
  MODE("exec-only") { void *p = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); memset(p, 0xcc, 16); target = (void (*)(void))p; target(); }
  MODE("unmapped-return") { munmap((void *)((unsigned long)&row & ~4095UL), 4096); sink = row.id; }
  usage();
  return 0;
}
