// Variables of which the optimizer kept some parts.
volatile int sink; volatile int *volatile nowhere;
struct E { int a, b; }; union U { int x; float y; }; struct A1 { int v[3]; }; struct Em {};
struct W { E e; int top = 0; void *head = 0; }; struct W2 { int arr[3]; int top = 1; }; struct W3 { U u; int top = 2; }; struct W4 { A1 a; int top = 3; long z; }; struct W5 { char c[8]; int top = 4; }; struct W6 { E e[2]; int top = 5; }; struct W7 { W w; int q = 6; }; struct W8 : E { int top = 7; }; struct W9 { int m[2][2]; int top = 8; }; struct W10 { int one[1]; int top = 9; E f; }; struct W11 { int bits:3; int other:4; int top = 10; double d; }; struct W12 { int top = 11; int v[2]; int last; }; struct W13 { int top = 12; char pad[12]; E e; int after = 13; }; struct W14 { A1 a[2]; int t = 14; };
__attribute__((noinline)) void die() { *nowhere = 1; sink++; }
int main() { W w1; W2 w2; W3 w3; W4 w4; W5 w5; W6 w6; W7 w7; W8 w8; W9 w9; W10 w10; W11 w11; W12 w12; W13 w13; W14 w14; W w15[2]; W2 w16[2]; die(); return 0; }
