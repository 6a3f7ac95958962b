// build: gcc -g -O0
// class: jump_to_garbage
// says: main called 0x123456, where nothing is mapped
int main(void) {
  void (*function)(void) = (void (*)(void))0x123456;
  function();
  return 0;
}
