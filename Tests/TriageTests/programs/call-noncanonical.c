// build: gcc -g -O0
int main(void) {
  void (*function)(void) = (void (*)(void))0x4141414141414141UL;
  function();
  return 0;
}
