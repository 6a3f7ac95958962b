// build: gcc -g -O0
static int depth(int n) {
  volatile char pad[64];
  pad[0] = (char)n;
  return depth(n + 1) + pad[0];
}
int main(void) { return depth(0); }
