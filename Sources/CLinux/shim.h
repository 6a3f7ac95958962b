#ifndef COREVIEW_CLINUX_H
#define COREVIEW_CLINUX_H
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* Swift imports no variadic functions (ptrace, prctl, syscall, clone). */
static inline long coreview_ptrace(int request, pid_t thread, unsigned long address, unsigned long data) {
  return ptrace((enum __ptrace_request)request, thread, (void *)address, (void *)data);
}
static inline long coreview_get_registers(pid_t thread, unsigned long set, struct iovec *place) {
  return ptrace(PTRACE_GETREGSET, thread, (void *)set, place);
}
/* CLONE_VM | CLONE_VFORK | SIGCHLD: a child in our memory, on a stack of its own; we wait for its end. As <sched.h>
   declares it for _GNU_SOURCE. */
extern int clone(int (*work)(void *), void *stack, int flags, void *context, ...);
static inline pid_t coreview_run_child(int (*work)(void *), void *context, void *stack_top) {
  return clone(work, stack_top, 0x100 | 0x4000 | SIGCHLD, context);
}
static inline int coreview_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }
static inline long coreview_read_memory(pid_t process, const struct iovec *local, unsigned long locals,
                                        const struct iovec *remote, unsigned long remotes) {
  return syscall(SYS_process_vm_readv, process, local, locals, remote, remotes, 0ul);
}
#endif
