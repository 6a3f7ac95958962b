// build: gcc -g -O0
// class: unmapped_memory
// says: write to 0x123456789000, where nothing is mapped
// says: p is 0x123456789000
int main(void) {
  int *p = (int *)0x123456789000UL;
  *p = 1;
  return 0;
}
