// build: gcc -g -O0 -D_GNU_SOURCE LIBS -lm
// class: floating_point
// says: floating-point division by zero in ratio
#include <fenv.h>
static double ratio(double total, double count) { return total / count; }
int main(int argc, char **argv) {
  (void)argv;
  feenableexcept(FE_DIVBYZERO);
  return ratio(1, argc - 1) > 0;
}
