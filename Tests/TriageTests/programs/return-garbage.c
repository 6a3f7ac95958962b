// build: gcc -g -O0 -fno-stack-protector -fcf-protection=none -fno-builtin -Wno-stringop-overflow
// class: corrupt_return_address
// says: fill returned to 0x4141414141414141
// says: its bytes are the text "AAAAAAAA"
#include <string.h>
__attribute__((noipa)) static void fill(const char *text, unsigned long size) {
  char buffer[8];
  memcpy(buffer, text, size);
}
int main(void) {
  static char text[64];
  memset(text, 'A', sizeof text);
  fill(text, 40);
  return 0;
}
