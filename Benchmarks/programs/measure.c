// measure RUNS SECONDS OUTPUT COMMAND...: runs a command RUNS times, its stdout to the file OUTPUT, and prints a line for each run:
// user seconds, system seconds, peak memory in KiB, wall seconds, exit status (-1 for one killed after SECONDS of CPU).
// It is small, since a process starts out with the peak memory of the one that started it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;
static volatile int late;

static void stop(int signal) {
  (void)signal;
  late = 1;
  kill(-child, SIGKILL);
}

int main(int argc, char **argv) {
  if (argc < 5) return 64;
  signal(SIGALRM, stop);
  for (int i = 0; i < atoi(argv[1]); i++) {
    struct timespec start, end;
    struct rusage used;
    int status;
    late = 0;
    clock_gettime(CLOCK_MONOTONIC, &start);
    child = fork();
    if (child == 0) {
      int in = open("/dev/null", O_RDWR), out = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0644);
      setpgid(0, 0);
      dup2(in, 0);
      dup2(out, 1);
      dup2(in, 2);
      close(in);
      close(out);
      setrlimit(RLIMIT_CPU, &(struct rlimit){(rlim_t)atoi(argv[2]), (rlim_t)atoi(argv[2])});
      execvp(argv[4], argv + 4);
      _exit(127);
    }
    alarm((unsigned)atoi(argv[2]) * 10);  // for one that waits instead
    while (wait4(child, &status, 0, &used) < 0 && errno == EINTR) {}
    alarm(0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    // The limit counts a little differently from the accounting.
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && used.ru_utime.tv_sec + used.ru_stime.tv_sec >= atoi(argv[2]) * 9 / 10)
      late = 1;
    printf("%ld.%06ld %ld.%06ld %ld %.6f %d\n", (long)used.ru_utime.tv_sec, (long)used.ru_utime.tv_usec, (long)used.ru_stime.tv_sec,
           (long)used.ru_stime.tv_usec, used.ru_maxrss,
           (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
           late ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    fflush(stdout);
    if (late) break;
  }
}
