// Arrays whose lengths the frame tells, vectors, complex numbers, and structures of libc.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <complex.h>
#include <stdio.h>
#include <setjmp.h>
#define complex _Complex
#include <time.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
typedef float v4 __attribute__((vector_size(16))); typedef int v8i __attribute__((vector_size(32))); typedef double v8d __attribute__((vector_size(64))); typedef unsigned char v8c __attribute__((vector_size(8))); typedef long long v2ll __attribute__((vector_size(16))); typedef short v16s __attribute__((vector_size(32)));
volatile int sink; int *volatile nowhere;
struct flex1 { int n; struct { short k; char v[3]; } items[]; }; struct flex0 { int n; int z[0]; }; struct ptrs { int (*mat)[3]; int *arr[3]; int (*fn)(int (*)[3], int *[3]); char *(*(*deep[2])(void))[4]; };
static int use(int n, int m, int mat[n][m], char text[static 3], double (*cube)[m][n], va_list ap) {
  int total = 0; char name[n * m + 1]; memset(name, 'q', n * m); name[n * m] = 0; struct { int a[2]; } local[n]; for (int i = 0; i < n; i++) { local[i].a[0] = i; local[i].a[1] = -i; for (int j = 0; j < m; j++) total += mat[i][j]; }
  double complex z = 1 + 2 * I, za[2] = { I, -I }; float complex fz = -1.5f * I; long double complex lz = 1e-5L; v4 a = { 1, 2, 3, 4 }, b = a * 2; v8i vi = { 1, 1, 1, 1, 1, 1, 1, -1 }; v8d vd = { 0.5, 0.25 }; v8c vc = { 'a', 'b', 'c', 0, 1, 2, 3, 255 }; v2ll vl = { -1, 1LL << 62 }; v16s vs; memset(&vs, 0, sizeof vs); v4 varr[2] = { a, b };
  time_t now = 1700000000; struct tm tm; gmtime_r(&now, &tm); tm.tm_zone = 0; struct timespec ts = { 5, 999999999 }; sigset_t set; sigemptyset(&set); sigaddset(&set, SIGINT); pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; pthread_mutex_t rec = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP; pthread_cond_t cond = PTHREAD_COND_INITIALIZER; pthread_t self = pthread_self(); jmp_buf jb; memset(jb, 0, sizeof jb); div_t qr = div(17, 5); struct stat st; memset(&st, 1, sizeof st); struct sigaction sa; memset(&sa, 0, sizeof sa); sa.sa_handler = SIG_IGN; FILE *f = stdout; FILE file; memset(&file, 0, sizeof file);
  struct flex1 *fx = malloc(64); memset(fx, 3, 64); fx->n = 4; struct flex0 f0 = { 1 }; struct ptrs ps = { (int (*)[3])mat, { &total, 0, &mat[0][0] }, 0, { 0, 0 } }; int (*pm)[n][m] = (void *)mat; int (*row)[m] = mat; 
  union sigval sv = { .sival_int = 7 }; siginfo_t info; memset(&info, 0, sizeof info); info.si_signo = 11;
  sink = total + name[0] + local[0].a[0] + creal(z) + creal(za[1]) + crealf(fz) + creall(lz) + b[1] + vi[0] + vd[1] + vc[2] + vl[0] + vs[1] + varr[1][1] + tm.tm_year + ts.tv_sec + qr.quot + (self != 0) + f0.n + (ps.mat != 0) + (*pm)[0][0] + row[0][0] + sv.sival_int + info.si_signo + (f != &file) + set.__val[0] + mutex.__data.__kind + rec.__data.__kind + cond.__data.__g_refs[0] + st.st_mode + (sa.sa_handler != 0) + text[0] + (cube != 0);
  *nowhere = 3; return sink;
}
static int vcall(int n, ...) { va_list ap; va_start(ap, n); int mat[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } }; double cube[2][3][2]; memset(cube, 0, sizeof cube); int r = use(n, 3, mat, "text", cube, ap); va_end(ap); return r; }
int main(void) { return vcall(2, 3.5, "x", 7L); }
