#ifndef COREVIEW_CROOTEDOPEN_H
#define COREVIEW_CROOTEDOPEN_H
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

/* syscall(2) is variadic and does not import into Swift; glibc 2.36 has no openat2(2). */
static inline int coreview_open_in_root(int folder, const char *path, unsigned long long flags) {
  struct open_how how = {.flags = flags, .mode = 0, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
  return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}
#endif
