// libraries FILE...: loads every library named and aborts inside a call-back that the last one makes.
#include <dlfcn.h>
#include <stdlib.h>

static void finish(int depth) {
  if (depth > 3) abort();
  finish(depth + 1);
}

int main(int argc, char **argv) {
  void (*call)(void (*)(int), int) = NULL;
  for (int i = 1; i < argc; i++) {
    void *library = dlopen(argv[i], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return 75;
    call = (void (*)(void (*)(int), int))dlsym(library, "call");
  }
  if (call != NULL) call(finish, 1);
  return 75;
}
