// build: gcc -g -O0
int main(int argc, char **argv) {
  int *table = 0;
  (void)argv;
  return table[argc + 1000];
}
