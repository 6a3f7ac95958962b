// Calls through a dlopen'ed library and dies in a callback of the program; `dl LIBRARY [delete]`.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static volatile int *nowhere;
static int callback(const char *text, int value) { *nowhere = value; return text[0]; }
int main(int argc, char **argv) {
  void *library = dlopen(argv[1], RTLD_NOW);
  if (!library) { fprintf(stderr, "%s\n", dlerror()); return 2; }
  int (*entry)(int (*)(const char *, int), const char *) = (int (*)(int (*)(const char *, int), const char *))dlsym(library, "plugin_entry");
  if (argc > 2) unlink(argv[1]);
  return entry(callback, "from the plugin");
}
