// build: gcc -g -O2
// class: misaligned_access
// says: movdqa wants it aligned to 16 bytes
// says: 1 beyond a multiple of 16
#include <emmintrin.h>
__attribute__((noipa)) __m128i load(const char *from) {
  __m128i value;
  __asm__("movdqa (%1), %0" : "=x"(value) : "r"(from));
  return value;
}
_Alignas(16) char buffer[64];
int main(void) { return _mm_cvtsi128_si32(load(buffer + 1)); }
