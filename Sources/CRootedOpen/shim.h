#ifndef COREVIEW_CROOTEDOPEN_H
#define COREVIEW_CROOTEDOPEN_H
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/* syscall(2) is variadic and does not import into Swift; glibc 2.36 has no openat2(2). */
static inline int coreview_open_in_root(int folder, const char *path, unsigned long long flags) {
  struct open_how how = {.flags = flags, .mode = 0, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
  return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

/* Whether a folder is one of procfs: PROC_SUPER_MAGIC of <linux/magic.h>. Swift's Glibc has no statfs. */
static inline int coreview_is_process_folder(int folder) {
  struct statfs system;
  return fstatfs(folder, &system) == 0 && system.f_type == 0x9fa0;
}
#endif
