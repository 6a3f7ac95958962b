// build: gcc -g -O0
int main(void) {
  int *p = (int *)0x123456789000UL;
  *p = 1;
  return 0;
}
