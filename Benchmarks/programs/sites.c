// sites N: dies in the N-th of ten places, some calls deep.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
  int number;
  const char *path;
  struct request *next;
};

static volatile int zero;

#define SITE(N, DEATH)                                               \
  static int leave_##N(struct request *request, const char *reason) { \
    DEATH;                                                            \
    return request->number + (int)strlen(reason);                     \
  }                                                                   \
  static int enter_##N(struct request *request, int depth) {          \
    if (depth > 0) return enter_##N(request, depth - 1) + 1;          \
    return leave_##N(request, "site " #N) + 1;                        \
  }

SITE(0, abort())
SITE(1, *(volatile int *)0 = 1)
SITE(2, request->number /= zero)
SITE(3, raise(SIGSEGV))
SITE(4, request->next->next->number = 1)
SITE(5, free((char *)request + 8))
SITE(6, __builtin_trap())
SITE(7, ((void (*)(void))16)())
SITE(8, raise(SIGABRT))
SITE(9, memset((void *)64, 1, 4096))

static int (*const sites[])(struct request *, int) = {enter_0, enter_1, enter_2, enter_3, enter_4, enter_5, enter_6, enter_7, enter_8, enter_9};

int main(int argc, char **argv) {
  int number = argc > 1 ? atoi(argv[1]) % 10 : 0;
  struct request *request = calloc(1, sizeof *request);
  request->number = number;
  request->path = "/index.html";
  return sites[number](request, 3 + number);
}
