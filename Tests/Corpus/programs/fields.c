// Bit-fields of all widths, unnamed parts, packed and aligned members, strings and pointers of every kind.
#include <stdint.h>
#include <stdlib.h>
#include <stdbool.h>
#include <string.h>
struct every { unsigned a1:1, a2:2, a3:3, a4:4, a5:5, a6:6, a7:7; unsigned long long b33:33, b31:31, b63:63, b64:64; int s1:1, s2:2, s17:17; long long s40:40, s60:60; _Bool f1:1; char c5:5; signed char sc4:4; unsigned char uc8:8; short sh9:9; enum colour { RED, GREEN = 2, BLUE = 4 } e3:3; };
struct nested { int kind; union { struct { int x, y; }; struct { union { float fx; uint32_t ux; }; double d; }; char raw[16]; struct { unsigned low:4; unsigned :0; unsigned high:28; }; }; struct { struct { struct { int deep; } l3; } l2; } l1; };
#pragma pack(push, 1)
struct packed { char c; short s; int i; long l; unsigned bits:13; char tail[]; };
#pragma pack(pop)
struct align { char c; _Alignas(32) int wide; long double ld; };
struct empty {};
struct holder { struct empty e; struct empty arr[3]; int n; };
typedef struct list { struct list *next; const char *name; int (*visit)(struct list *, void *); void *(*alloc[2])(size_t); } list_t;
typedef int row_t[4]; typedef row_t grid_t[3];
typedef const volatile unsigned long cvul;
typedef void (*sig_t2)(int);
enum mode { OFF, ON, AUTO = 100, NEGATIVE = -5 };
enum flagset { FA = 1 << 0, FB = 1 << 1, FC = 1 << 4, FD = 1 << 31 };
enum longflag { LA = 1ull << 40, LB = 1 };
static int visit(struct list *l, void *p) { return l == p; }
int global_counter = 42; static const char *const table[] = { "alpha", "beta", NULL, "gamma" }; const struct every zero_every; static grid_t grid = { {1,2,3,4}, {5,6}, {0} };
char big_text[1000]; int same[300]; double doubles[] = { 1.0, 1.0, 1.0, 1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0, 2.5, -0.0, 1e100, 1e-300 };
volatile int sink; int *volatile nowhere;
__attribute__((noinline)) static int inner(struct every e, struct nested *n, struct packed *p, list_t *l, grid_t *g, enum mode m, enum flagset fs, sig_t2 handler, cvul c, ...) {
  struct every copy = e; struct nested arr[2] = { *n, *n }; arr[1].x = 99; list_t *pl = l; row_t row = { 9, 8, 7, 6 }; row_t *prow = g[0]; enum flagset combos[] = { FA, FA | FB, FC | FD, 0, 8, FD }; enum mode modes[] = { OFF, ON, AUTO, NEGATIVE, 3 };
  enum longflag lf = LA | LB, lf2 = 6; struct align al = { 'a', 5, 1.25L }; struct holder h = { {}, {}, 3 }; _Bool flags[3] = { 0, 1, 1 }; char letters[8] = "ab\0cd"; signed char sch[4] = { -1, 0, 1, 127 }; unsigned char uch[4] = { 255, 'A', 10, 27 }; char esc[] = "\a\b\f\n\r\t\v\033\\\"'\001\177\200\377"; wchar_t wide[] = L"wide \u00e9\x1F600"; unsigned short us[] = u"u16"; uint32_t u32 = U'x';
  const char *nul = 0; char *bad = (char *)8; void *vp = big_text + 5; int (*fp)(struct list *, void *) = visit; void *code = (void *)visit; int (**pfp)(struct list *, void *) = &fp; int (*fparr[2])(struct list *, void *) = { visit, 0 }; long neg = -1; unsigned long max = -1UL; __int128 i128 = -((__int128)1 << 90); int64_t i64min = INT64_MIN; int8_t i8 = -128; uint16_t u16 = 65535;
  float f = 0.1f, fmax = 3.4028235e38f; double d = 0.1, dn = 5e-324; long double ld = 0.1L, ldm = 1.18973149535723176502e+4932L;
  struct { int a; struct { int b[2]; } in[2]; } anon = { 1, { { { 2, 3 } }, { { 4, 5 } } } }; union { int i; float f; unsigned char b[4]; } pun = { 0x3f800000 };
  int matrix[2][3][4]; memset(matrix, 0, sizeof matrix); matrix[1][2][3] = 7; char strs[3][6] = { "one", "two", "three" }; const int *const cp = &matrix[0][0][0]; int *restrict rp = &row[1]; struct list *volatile vlp = l; char one = 'x', nl = '\n', zero = 0, high = (char)200; 
  sink = copy.a1 + arr[1].x + pl->name[0] + row[0] + (*prow)[0] + combos[1] + modes[2] + lf + lf2 + al.wide + h.n + flags[1] + letters[0] + sch[0] + uch[0] + esc[0] + wide[0] + us[0] + u32 + (nul == bad) + (vp == code) + (pfp != 0) + (fparr[0] != 0) + neg + max + (int)i128 + i64min + i8 + u16 + f + fmax + d + dn + (ld > ldm) + anon.a + pun.i + strs[1][0] + *cp + *rp + (vlp != 0) + one + nl + zero + high + c + m + fs;
  *nowhere = sink; return sink + p->i;
}
__attribute__((noinline)) int outer(int argc, char **argv) {
  struct every e; memset(&e, 0xa5, sizeof e); e.e3 = BLUE; struct nested n = { .kind = 2, .fx = 1.5f, .d = 2.5 }; struct packed *p = malloc(sizeof *p + 5); memset(p, 0, sizeof *p + 5); strcpy(p->tail, "tail"); p->bits = 4097; list_t b = { 0, "second", 0, { malloc, 0 } }, a = { &b, "first", visit, { malloc, malloc } }; memset(big_text, 'z', 300); strcpy(big_text, "prefix"); memset(big_text + 6, '-', 250);
  for (int i = 0; i < 300; i++) same[i] = i / 100; { int shadow = argc; { int shadow = argc + 1; { const char *shadow = argv[0]; sink = shadow[0]; return inner(e, &n, p, &a, &grid, AUTO, FA | FC, (sig_t2)1, 7, 1, 2.0) + a.next->name[0]; } } }
}
int main(int argc, char **argv) { return outer(argc, argv); }
