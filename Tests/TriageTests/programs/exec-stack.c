// build: gcc -g -O0 -z noexecstack
int main(void) {
  unsigned char code[] = {0xc3, 0x90, 0x90, 0x90};
  ((void (*)(void))code)();
  return 0;
}
