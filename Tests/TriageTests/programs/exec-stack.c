// build: gcc -g -O0 -z noexecstack
// class: executed_data
// says: main called 0x
// says: in [stack], which is not executable (rw-)
int main(void) {
  unsigned char code[] = {0xc3, 0x90, 0x90, 0x90};
  ((void (*)(void))code)();
  return 0;
}
