#include <stdlib.h>
#include <stdio.h>
#include <stdint.h>
#include <stddef.h>
#include <complex.h>
#include <stdbool.h>
#include <stdatomic.h>
enum flags { F_NONE = 0, F_A = 1, F_B = 2, F_C = 4, F_AB = 3, F_HI = 0x80 };
enum sparse { S_ONE = 1, S_FIVE = 5, S_NEG = -3 };
enum big { B_MAX = 0xffffffffffffffffULL, B_TWO = 2 };
enum multi { M_LOW = 0x0f, M_HIGH = 0xf0, M_BIT = 0x100 };
union bits { struct { unsigned a:3, b:5; int c:7; unsigned :4; unsigned d:13; }; uint32_t raw; struct { uint8_t bytes[4]; } s; };
struct flex { int n; char tag; double data[]; };
struct zero { int n; int none[0]; };
struct fnptr { int (*add)(int, int); void (*none)(void); const char *(*name)(const struct fnptr *, ...); int (*table[3])(int, int); int (*(*maker)(int))(int, int);};
typedef int (*binop)(int, int);
struct anon { int a; union { int b; float c; struct { short d, e; }; }; struct { int x; } named; enum { IN_ONE, IN_TWO } mode; };
struct self { struct self *next; struct self **arr; };
struct bf { bool flag:1; enum flags f:4; signed char sc:3; unsigned long long big:40; long wide:50; };
typedef struct { double re, im; } pair_t;
typedef float v4sf __attribute__((vector_size(16)));
typedef int v4si __attribute__((vector_size(16)));
typedef unsigned char v16qi __attribute__((vector_size(16)));
typedef double v4df __attribute__((vector_size(32)));
static int add(int a, int b) { return a + b; }
static const char *name(const struct fnptr *p, ...) { return p ? "x" : "y"; }
static binop make(int k) { return k ? add : 0; }
static struct flex *mk(int n) { struct flex *f = malloc(sizeof *f + n * sizeof(double)); f->n = n; f->tag = 't'; for (int i = 0; i < n; i++) f->data[i] = i * 1.5; return f; }
volatile int sink;
__attribute__((noinline)) int crash(int n, int m, double scale, enum flags arg, union bits ub, v4sf vec, struct anon an)
{
  enum flags f1 = F_A | F_B, f2 = F_NONE, f3 = 0x84, f4 = 0x48, f5 = arg;
  enum sparse s1 = S_FIVE, s2 = 4, s3 = S_NEG;
  enum big b1 = B_MAX, b2 = B_TWO, b3 = 3;
  enum multi m1 = M_LOW | M_BIT, m2 = 0x10f, m3 = 0x3, m4=0x1ff;
  union bits u = { .a = 5, .b = 17, .c = -3, .d = 4097 };
  struct flex *fl = mk(3);
  struct zero z = { 4 };
  struct fnptr fp = { add, 0, name, { add, 0, add }, make };
  struct fnptr *pfp = &fp;
  binop op = add;
  binop *pop = &op;
  int vla[n][m];
  char vlac[n];
  double (*pv)[m] = malloc(sizeof(double) * n * m);
  for (int i = 0; i < n; i++) { vlac[i] = 'a' + i; for (int j = 0; j < m; j++) { vla[i][j] = i * 10 + j; pv[i][j] = i / (j + 1.0); } }
  float complex fc = 1.5f + 2.5f * I;
  double complex dc = -0.0 - 1e300 * I;
  long double complex lc = 3 + 4 * I;
  __float128 q = 1.25Q;
  _Float16 h = 0.5f16;
  __int128 i128 = (__int128)1 << 100;
  unsigned __int128 u128 = ~(unsigned __int128)0;
  long double ld = 1.0L / 3;
  v4si vi = { 1, -2, 3, 4 };
  v16qi vq = { 'a', 'b', 0, 255, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
  v4df vd = { 1, 2, 3, scale };
  v4sf vv = vec + 1;
  struct self se[2] = { { &se[1], 0 }, { &se[0], (void*)&se } };
  struct bf b = { 1, F_B, -2, 1ULL << 39, -5 };
  int grid[2][3][2] = { { { 1, 2 }, { 3 } } };
  int zeros[500] = { 0 };
  char text[300]; for (int i = 0; i < 300; i++) text[i] = i < 250 ? 'x' : 'y';
  const char *strs[] = { "one", "two", 0, "four\n\"q\"" };
  char utf[] = "h\303\251llo \001\177";
  wchar_t *w = L"wide \x263a";
  uint16_t u16[] = u"sixteen";
  uint32_t u32[] = U"thirty";
  unsigned char raw[] = { 0, 1, 2, 200, 65 };
  signed char sc = -5; unsigned char uc = 200; char nul = 0;
  _Atomic int at = 7;
  const volatile int cv = 3;
  int *restrict rp = (int *)&cv;
  void *vp = &fp; void **vpp = &vp;
  void (*fvp)(void) = (void (*)(void))add;
  float nanf_ = 0.0f / 0.0f, inf = 1 / 0.0f, ninf = -1 / 0.0f, tiny = 1e-42f;
  double big = 1.7976931348623157e308, pi = 3.141592653589793;
  pair_t pt[3] = { { 1, 2 }, { 1, 2 }, { 1, 2 } };
  struct { int tag; union { int i; char *s; } u; } tagged = { 1, { .s = "hi" } };
  bool yes = true, odd; *(char *)&odd = 7;
  ptrdiff_t pd = -1; size_t sz = 99;
  sink = f1+f2+f3+f4+f5+s1+s2+s3+b1+b2+b3+m1+m2+m3+m4+u.raw+z.n+op(1,2)+pop[0](2,3)+vla[0][0]+vlac[0]+(int)pv[0][0]+crealf(fc)+creal(dc)+(int)creall(lc)+(int)q+(int)h+(int)i128+(int)u128+(int)ld+vi[0]+vq[0]+(int)vd[0]+(int)vv[0]+(se[0].next!=0)+b.flag+grid[0][0][0]+zeros[3]+text[0]+strs[0][0]+utf[0]+w[0]+u16[0]+u32[0]+raw[0]+sc+uc+nul+at+cv+*rp+(vpp!=0)+(fvp!=0)+(int)nanf_+(int)inf+(int)ninf+(int)tiny+(int)big+(int)pi+(int)pt[0].re+tagged.tag+yes+odd+(int)pd+(int)sz+an.a+fl->n+(pfp!=0);
  abort();
}
int main(int argc, char **argv)
{
  struct anon an = { 1, { .b = 0x40490fdb }, { 9 }, IN_TWO };
  union bits ub = { .raw = 0xdeadbeef };
  v4sf v = { 1, 2, 3, 4 };
  return crash(argc + 2, argc + 1, 2.5, F_C | F_A, ub, v, an);
}
