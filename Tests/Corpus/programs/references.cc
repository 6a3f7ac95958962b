// References to temporaries and locals: optimizing compilers describe at the call what they referred to
// (DW_AT_call_data_value), and the callee may have changed it since.
#include <cstdlib>

enum Colour { red = 1, blue = 8 };
enum class Level : long { high = 3, low = -1 };
struct Pair { int first, second; };
struct Letter { char value; };

volatile int sink;
volatile long sum;
#define KEPT __attribute__((noinline))

KEPT void stop() { abort(); }

KEPT int integers(const int &a, const unsigned char &b, const char &c, const short &d, const bool &e, const long long &f) {
  sum = a + b + c + d + e + f;
  stop();
  return a + b + c + d + e + f + sink;
}

KEPT int scalars(const Colour &a, const Level &b, char *const &c, const unsigned long &d, const int *const &e) {
  integers(4, 'x', 'y', -7, true, -1);
  return a + (long)b + *c + d + *e;
}

KEPT int aggregates(const Pair &a, const Letter &b, const float &c, const wchar_t &d, const char16_t &e, Pair &&f) {
  static int last = 9;
  scalars(blue, Level::low, const_cast<char *>("hello"), 0xffffffffffffffffull, &last);
  return a.first + b.value + c + d + e + f.second;
}

KEPT int changed(int &a, long &b, int &&c, char &d) {
  a = 5;
  b += 4;
  c = 9;
  d = 'q';
  aggregates(Pair{4, 5}, Letter{'z'}, 1.5f, L'w', u'u', Pair{8, 9});
  return a + b + c + d;
}

KEPT int forwarded(int &a, const int &b, long &c) {
  int local = a;
  char letter = 'a';
  long wide = 7;
  int result = changed(local, wide, 77, letter);
  a = result + local + wide + letter;
  return a + b + c;
}

KEPT int passed(int &a, const int &b, long &c) { return forwarded(a, b, c) + a; }

KEPT int top(int count) {
  int a = count;
  long c = 3;
  int result = passed(a, count, c);
  return result + a + c;
}

int main(int argc, char **argv) {
  int result = top(argc);
  sink = result;
  return top(4) + result;
}
