// build: gcc -g -O0
// class: null_dereference
// says: read of 0xfa4, near NULL (likely)
int main(int argc, char **argv) {
  int *table = 0;
  (void)argv;
  return table[argc + 1000];
}
