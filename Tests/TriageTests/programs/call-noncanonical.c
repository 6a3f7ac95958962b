// build: gcc -g -O0
// class: jump_to_garbage
// says: main called 0x4141414141414141, which is no address
// says: its bytes are the text "AAAAAAAA"
int main(void) {
  void (*function)(void) = (void (*)(void))0x4141414141414141UL;
  function();
  return 0;
}
