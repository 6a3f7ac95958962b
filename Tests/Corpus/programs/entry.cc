// A crash at the first instruction of a function, where ranges of location lists are empty; a guard that is known by its
// parts only; characters that are quotes.
#include <cstdlib>
#include <cstring>
#include <vector>

struct Guard {
  int &counter;
  explicit Guard(int &value) : counter(value) {}
  ~Guard() { counter = -1; }
};

char quotes[40], apostrophes[40];
volatile int sink;

[[gnu::noinline]] static int crash(int id, volatile int *place, const std::vector<int> &values) {
  int sum = 0;
  for (int value : values) sum += value;
  *place = sum + id;
  return sum;
}

[[gnu::noinline]] static int line(int number) {
  std::vector<int> values{1, 2, number};
  char local[40];
  memcpy(local, quotes, sizeof local);
  asm volatile("" ::"r"(local) : "memory");
  return number > 2 ? crash(number, nullptr, values) + local[3] : number;
}

[[gnu::noinline]] static int parse(int limit, const char *a, const char *b) {
  int number = 0, total = 0;
  Guard guard{number};
  while (number < limit) {
    ++number;
    total += line(number);
  }
  sink = total + a[1] + b[1];
  return total;
}

int main(int argc, char **) {
  memset(quotes, '"', 39);
  memset(apostrophes, '\'', 39);
  return parse(argc * 9, quotes, apostrophes);
}
