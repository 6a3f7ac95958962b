// Every kind of argument gdb prints, through inlined, tail-called and varying calls.
#include <complex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#ifdef __clang__
#define KEEP __attribute__((noinline))
#else
#define KEEP __attribute__((noinline, noclone))
#endif

enum colour { RED, GREEN = 5, BLUE };
enum flags { READ = 1, WRITE = 2, EXECUTE = 4 };
struct point { int x, y; };
struct big { long a, b, c; char text[16]; };
union either { int number; float real; };
typedef int (*operation)(int, int);
typedef struct point point_t;
typedef unsigned char byte;

volatile int sink;
volatile long where;
char global_text[] = "global text";
int table[4] = {1, 2, 3, 4};

KEEP int die(int code) { *(volatile int *)where = code; return sink; }

KEEP int add(int a, int b) { sink = a + b; return a + b; }

KEEP int integers(char c, signed char sc, unsigned char uc, short s, unsigned short us, int i, unsigned u, long l,
                  unsigned long ul, long long ll, unsigned long long ull) {
  sink = c + sc + uc + s + us + i;
  return die((int)(u + l + ul + ll + ull)) + i;
}
KEEP int reals(float f, double d, long double ld, bool yes, bool no, double tiny, float huge, double nan) {
  sink = (int)(f + d + ld);
  return integers('a', -1, 200, -300, 65000, -70000, 4000000000u, -1L, 77, -5000000000LL, 18446744073709551615ULL) +
         (yes ? 1 : no) + (int)(tiny + huge + nan);
}
KEEP int pointers(char *text, const char *empty, unsigned char *bytes, void *any, int *number, struct point *p,
                  operation op, char **list, const wchar_t *wide, struct unknown *opaque, int (*array)[4]) {
  sink = text[0] + empty[0] + bytes[0] + (any != 0) + *number + p->x + (list != 0) + (wide != 0) + (opaque != 0);
  return reals(1.5f, -2.25, 3.0L, true, false, 1e-300, 3.4e38f, __builtin_nan("")) + op(1, (*array)[1]);
}
KEEP int enums(enum colour c, enum colour odd, enum flags f, enum flags none, enum flags wrong) {
  sink = (int)c + (int)odd + (int)f + (int)none + (int)wrong;
  byte bytes[] = "bytes\001\377";
  char *list[] = {"one", 0};
  struct point p = {3, 4};
  return pointers(global_text, "", bytes, &p, &table[1], &p, add, list, L"wide\u00e9", (struct unknown *)0, &table) + p.x;
}
KEEP int aggregates(struct point p, struct big b, union either e, point_t alias, double complex z, struct point *out) {
  sink = p.x + (int)b.a + e.number + alias.y + (int)creal(z);
  out->x = p.y;
  return enums(BLUE, (enum colour)3, READ | EXECUTE, 0, (enum flags)64) + out->x;
}
KEEP int variadic(const char *format, ...) {
  va_list list;
  va_start(list, format);
  int first = va_arg(list, int);
  va_end(list);
  struct big b = {1, 2, 3, "fifteen letters"};
  struct point p = {first, 2}, out;
  union either e = {.number = 7};
  return aggregates(p, b, e, p, 1.0 + 2.0 * I, &out) + first;
}
KEEP int many(int a1, int a2, int a3, int a4, int a5, int a6, int a7, int a8, int a9) {
  return variadic("%d", a1 + a9) + a2 + a3 + a4 + a5 + a6 + a7 + a8;
}
KEEP static int unused(int used, int never, struct point *q, const char *name) { return many(used, 2, 3, 4, 5, 6, 7, 8, used) + q->y + name[0]; }
static inline int inner(int k, int m) { int z = k * m; sink = z; struct point p = {k, m}; return unused(k, z, &p, "name") + z; }
static inline __attribute__((always_inline)) int outer(int k) { int y = k + 1; for (int i = 0; i < 2; i++) sink += inner(y + i, y); return y; }
KEEP int tail_end(int a) { sink = a; return outer(a) + 1; }
KEEP int tail_middle(int a) { sink = a * 3; return tail_end(a + 1); }
KEEP int tail_start(int a, const char *text) { sink = a + text[0]; return tail_middle(a + 7); }
KEEP int through(operation op, int value) { return op(value, value + 1); }
KEEP int indirect(int a, int b) { return tail_start(a, "tail") + b; }
KEEP int recursive(int n, const char *text) { if (n == 0) return through(indirect, (int)strlen(text)) + n; return recursive(n - 1, text + 1) + n; }
KEEP int long_text(const char *text) { return recursive(3, text) + text[0]; }
static int constant_propagated(int a, int b) { sink = a; return long_text("a text of more than two hundred characters is cut by gdb with three dots, "
  "which is why this one goes on and on, through commas and clauses, until at last there are enough of them to reach the limit, "
  "and then it says a little more: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") + a + b; }
KEEP int split(int a) { if (a > 100) { sink = 3; return 5; } return constant_propagated(a, 3) + constant_propagated(a + 1, 3); }

int main(int argc, char **argv) { int local = argc * 3; int result = split(argc); return result + local + (argv[0] != 0); }
