#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <stdbool.h>
#include <complex.h>
#include <stdint.h>
enum color { RED, GREEN = 5, BLUE };
enum flags { F1 = 1, F2 = 2, F4 = 4 };
typedef enum { TA, TB } anon_enum;
struct inner { int a; short b; char c[4]; };
struct bits { unsigned a:3; int b:5; unsigned c:1; long long d:40; };
union u { int i; float f; unsigned char b[4]; };
struct node { struct node *next; int value; const char *name; };
typedef struct node node_t;
typedef int (*callback)(int, const char *);
struct big {
  char ch; signed char sc; unsigned char uc; short s; unsigned short us; int i; unsigned u; long l; unsigned long ul;
  long long ll; unsigned long long ull; float f; double d; long double ld; bool flag; enum color col; enum flags fl; anon_enum ae;
  int arr[5]; int mat[2][3]; struct inner in; struct inner ins[2]; union u un; struct bits bf; char *str; const char *cstr; char buf[16];
  void *vp; callback cb; struct node *list; int *ip; int **ipp; const volatile int *cvp; int (*parr)[5]; int *aptr[3];
  struct { int x; union { int y; float z; }; } an; wchar_t wc; wchar_t ws[4]; double complex cx; __int128 i128; unsigned __int128 u128; int flex[0];
};
struct incomplete;
struct incomplete *inc;
static int file_static = 42;
int global_int = 7;
unsigned long global_ul = 0x123456789abcdef0UL;
const char *global_str = "global string";
char global_buf[300];
int zeros[50];
double dbl_arr[3] = {1.5, -2.25, 1e100};
struct node n3 = {0, 3, "three"}, n2 = {&n3, 2, "two"}, n1 = {&n2, 1, "one"};
static struct big B;
int rep[20] = {1,1,1,1,1,1,1,1,1,1,1,1,1,2,3,3,3};
int two[3][4] = {{1,2,3,4},{5,6,7,8},{9,10,11,12}};
__thread int tls_var = 99;
static int helper(int x, const char *s) { static int calls = 3; calls++; return x + (int)strlen(s); }
int (*fptr)(int, const char *) = helper;
volatile int vi = 3;
float fl32 = 3.14159f;
long double gld = 2.718281828459045235L;
unsigned char bytes[8] = {0x12,0x34,0x56,0x78,0x9a,0xbc,0xde,0xf0};
short shorts[4] = {-1,2,-3,4};
char *argvlike[] = {"a","bb","ccc",NULL};
int noproto() { return 1; }
int crash(int n, struct big *bp, struct inner in, char *msg, double dd, union u uu)
{
  int local = n * 2;
  int vla[n];
  for (int i = 0; i < n; i++) vla[i] = i * i;
  register int regv = 5;
  struct node *cur = &n1;
  node_t loc = {&n1, 77, "local node"};
  char text[32] = "hello \"world\"\n\t";
  int *nullp = 0;
  void *vp = &local;
  char **pp = argvlike;
  int (*pm)[4] = two;
  enum color c = BLUE; enum flags f = F1 | F4;
  float ff = 1.5f;
  bool t = true;
  long neg = -5;
  unsigned char uc = 200;
  { int local = 111; int shadow = 222; local += shadow; if (msg) *nullp = local + shadow + regv; }
  return vla[0] + local + (int)ff + t + (int)neg + uc + c + f + (cur != 0) + loc.value + text[0] + (vp != 0) + (pp != 0) + (pm!=0);
}
int middle(int argc, char **argv) {
  struct inner in = {1, 2, "abc"};
  union u uu = { .i = 0x3f800000 };
  const char *s = "middle string";
  return crash(argc + 4, &B, in, "message", 2.5, uu) + helper(1, s);
}
int main(int argc, char **argv)
{
  B.ch='x'; B.sc=-5; B.uc=250; B.s=-300; B.us=60000; B.i=-70000; B.u=4000000000u; B.l=-5000000000L; B.ul=~0UL; B.ll=1LL<<40; B.ull=1ULL<<63;
  B.f=0.1f; B.d=0.1; B.ld=0.1L; B.flag=true; B.col=GREEN; B.fl=F1|F2; B.ae=TB; for(int i=0;i<5;i++)B.arr[i]=i*10; B.mat[1][2]=9;
  B.in.a=1; B.in.b=2; strcpy(B.in.c,"xyz"); B.ins[1].a=5; B.un.f=1.0f; B.bf.a=5; B.bf.b=-3; B.bf.c=1; B.bf.d=-12345; B.str=strdup("heap"); B.cstr="const"; strcpy(B.buf,"buffer");
  B.vp=&B; B.cb=helper; B.list=&n1; B.ip=&global_int; B.ipp=&B.ip; B.cvp=&global_int; B.parr=&B.arr; B.aptr[0]=&B.i; B.an.x=1; B.an.y=2; B.wc=L'w'; wcscpy(B.ws,L"wid"); B.cx=1+2*I; B.i128=-1; B.u128=((unsigned __int128)1<<100);
  memset(global_buf,'q',299); tls_var=100;
  return middle(argc, argv) + noproto();
}
