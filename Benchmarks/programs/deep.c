// Recurses until the stack is full: 48 bytes a frame, so 8 MiB hold some 174,000 of them.
static int down(int depth, const char *tag) {
  volatile char here = tag[depth & 3];
  return down(depth + 1, tag) + here;
}

int main(void) { return down(0, "alpha"); }
