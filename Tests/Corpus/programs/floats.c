// Floats of every format and size, decimal ones, wide integers, arguments in vector registers.
#include <stdlib.h>
#include <stdint.h>
#include <math.h>
#include <immintrin.h>
volatile int sink; int *volatile nowhere;
#ifdef __clang__
typedef _BitInt(7) b7; typedef unsigned _BitInt(65) ub65; typedef _BitInt(128) b128; 
#endif
union num { float f; uint32_t u; double d; uint64_t v; long double l; };
struct mixed { __m128 a; __m128i b; __m128d c; __m64 m; };
__attribute__((noinline)) int leaf(float a, double b, long double c, _Bool t, char ch, short s, __m128 vec, __m128i veci, struct mixed mx, float arr[4]) {
  float floats[] = { 0.f, -0.f, 1.f/3, 1e10f, 1e-10f, 123456789.f, 16777217.f, INFINITY, -INFINITY, NAN, -NAN, 0.1f, 100.f, 1e7f, 1e5f, 999999.9f };
  double doubles[] = { 0., -0., 1./3, 1e10, 1e-10, 123456789., 9007199254740993., INFINITY, -INFINITY, NAN, 0.1, 100., 1e15, 1e16, 1e17, 1e22, 1e23, 0.0001, 0.00001, 123456.789, 5e-324, 2.2250738585072014e-308 };
  long double longs[] = { 0.L, 1.L/3, 1e10L, 1e4000L, INFINITY, NAN, 0.1L, 1e18L, 1e19L, 3.6e-4951L };
  union num n1 = { .f = 1.5f }, n2 = { .d = -2.25 }, n3 = { .l = 1e20L }; uint32_t nanbits = 0x7fc12345; float snan; __builtin_memcpy(&snan, &nanbits, 4);
#ifdef __clang__
  b7 x7 = -64; ub65 x65 = ((ub65)1 << 64) + 5; b128 x128 = -1; 
#else
  _Decimal32 d32 = 1.5df; _Decimal64 d64 = -123.456dd; _Decimal128 d128 = 1e100dl; __float128 q = 1.0q / 3; __float80 f80 = 2.5; _Float32 f32 = 1.5f; _Float64 f64 = 2.5; _Float32x f32x = 3.5; _Float64x f64x = 4.5; _Float128 f128 = 0.1f128;
  sink = (int)d32 + (int)d64 + (d128 > 1) + (int)q + (int)f80 + (int)f32 + (int)f64 + (int)f32x + (int)f64x + (int)f128;
#endif
  __int128 i = ((__int128)0x1234567890abcdefULL << 64) | 0xfedcba0987654321ULL; unsigned __int128 u = ~(unsigned __int128)0; __int128 ia[2] = { 1, -1 };
  sink += floats[0] + doubles[0] + longs[0] + n1.f + n2.d + n3.l + snan + (int)i + (int)u + (int)ia[0] + a + b + c + t + ch + s + vec[0] + veci[0] + mx.a[0] + arr[0];
  *nowhere = 1; return sink;
}
int main(int argc, char **argv) { float arr[4] = { 1, 2, 3, 4 }; struct mixed mx = { _mm_set1_ps(1), _mm_set1_epi32(argc), _mm_set1_pd(.5), _mm_set1_pi8(2) }; return leaf(1.25f * argc, 2.5, 3.75L, argc, 'q', -2, _mm_set_ps(1, 2, 3, 4), _mm_set1_epi8(argc), mx, arr); }
