// build: gcc -g -O0
int main(void) {
  void (*function)(void) = (void (*)(void))0x123456;
  function();
  return 0;
}
