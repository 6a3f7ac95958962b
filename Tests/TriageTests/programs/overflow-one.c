// build: gcc -g -O0
// class: stack_overflow
// says: repeat depth ×
// says: nothing is mapped at
static int depth(int n) {
  volatile char pad[64];
  pad[0] = (char)n;
  return depth(n + 1) + pad[0];
}
int main(void) { return depth(0); }
