// The library between the calls of peers.c.
__attribute__((noinline)) void in_library(int depth, void (*back)(const char *)) {
  back("the reason");
  __asm__ volatile("" ::"r"(depth));
}
