#ifndef COREVIEW_CCONFINEMENT_H
#define COREVIEW_CCONFINEMENT_H
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* syscall(2) and prctl(2) are variadic and do not import into Swift; glibc 2.36 has none of these. */
/* Not imported either: coreview has one thread, so it may. */
static inline pid_t coreview_fork_confined(void) { return fork(); }
static inline int coreview_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }
static inline int coreview_set_filter(const struct sock_fprog *program) {
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program);
}
static inline int coreview_set_capabilities(const struct __user_cap_header_struct *header,
                                            const struct __user_cap_data_struct *data) {
  return (int)syscall(SYS_capset, header, data);
}
static inline unsigned coreview_filter_architecture(void) {
#if defined(__x86_64__)
  return AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
  return AUDIT_ARCH_AARCH64;
#else
  return 0;
#endif
}

/* landlock(7). The structures are ours: the headers of a build host may be older than its kernel. */
struct coreview_landlock_rules {
  unsigned long long files, network, scopes;
};
struct coreview_landlock_path {
  unsigned long long allowed;
  int folder;
} __attribute__((packed));
static inline int coreview_landlock_version(void) { return (int)syscall(444, NULL, 0ul, 1u); }
static inline int coreview_landlock_create(const struct coreview_landlock_rules *rules, size_t size) {
  return (int)syscall(444, rules, size, 0u);
}
static inline int coreview_landlock_allow(int set, const struct coreview_landlock_path *path) {
  return (int)syscall(445, set, 1, path, 0u);
}
static inline int coreview_landlock_enforce(int set) { return (int)syscall(446, set, 0u); }

/* What reading files, memory and clocks takes, and a terminal's size; of calls that a processor lacks, none. */
static const int coreview_reading_calls[] = {
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_preadv, SYS_close, SYS_fstat, SYS_newfstatat, SYS_statx,
    SYS_lseek, SYS_fcntl, SYS_fadvise64, SYS_readahead, SYS_dup, SYS_dup3, SYS_getdents64, SYS_readlinkat, SYS_faccessat,
    SYS_faccessat2, SYS_getcwd, SYS_chdir, SYS_statfs, SYS_fstatfs, SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr,
    SYS_listxattr, SYS_llistxattr, SYS_flistxattr, SYS_openat2, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise,
    SYS_brk, SYS_mincore, SYS_msync, SYS_futex, SYS_sched_yield, SYS_sched_getaffinity, SYS_getcpu, SYS_membarrier,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_restart_syscall, SYS_getpid, SYS_gettid,
    SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_uname, SYS_sysinfo, SYS_getrusage, SYS_times,
    SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_clock_nanosleep, SYS_nanosleep, SYS_getrandom, SYS_ppoll,
    SYS_pselect6, SYS_setitimer, SYS_exit, SYS_exit_group, SYS_set_robust_list, SYS_rseq,
#ifdef SYS_poll
    SYS_poll, SYS_select, SYS_dup2, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_alarm, SYS_time,
#endif
};
/* What changes files; where they may be changed, Landlock says. */
static const int coreview_writing_calls[] = {
    SYS_mkdirat, SYS_unlinkat, SYS_renameat2, SYS_utimensat, SYS_fchmod, SYS_ftruncate, SYS_fallocate, SYS_fsync, SYS_pwrite64,
    SYS_flock,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_mkdir
    SYS_mkdir, SYS_unlink, SYS_rename,
#endif
};
static inline int coreview_reading_call(unsigned index) {
  return index < sizeof coreview_reading_calls / sizeof *coreview_reading_calls ? coreview_reading_calls[index] : -1;
}
static inline int coreview_writing_call(unsigned index) {
  return index < sizeof coreview_writing_calls / sizeof *coreview_writing_calls ? coreview_writing_calls[index] : -1;
}
#endif
