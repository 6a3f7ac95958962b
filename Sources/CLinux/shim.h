#ifndef COREVIEW_CLINUX_H
#define COREVIEW_CLINUX_H
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
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
/* PTRACE_SEIZE waits for an execve(2) of the process to end (ptrace(2) and cred_guard_mutex), that for the threads which it has
   killed, and those of them that are traced for their tracer: it has to reap them while it waits. Stops are left alone. */
static inline void coreview_reap(int number) {
  int kept = errno;
  (void)number;
  for (;;) {
    siginfo_t dead;
    dead.si_pid = 0;
    /* A stop would be taken too: so it is only looked at. */
    if (waitid(P_ALL, 0, &dead, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0 || dead.si_pid == 0) break;
    if (dead.si_code != CLD_EXITED && dead.si_code != CLD_KILLED && dead.si_code != CLD_DUMPED) break;
    if (waitpid(dead.si_pid, 0, WNOHANG | __WALL) <= 0) break;
  }
  errno = kept;
}
static inline int coreview_reap_the_dead(void) {
  struct sigaction action = {.sa_handler = coreview_reap, .sa_flags = SA_RESTART};
  return sigaction(SIGCHLD, &action, 0);
}
static inline long coreview_read_memory(pid_t process, const struct iovec *local, unsigned long locals,
                                        const struct iovec *remote, unsigned long remotes) {
  return syscall(SYS_process_vm_readv, process, local, locals, remote, remotes, 0ul);
}
#endif
