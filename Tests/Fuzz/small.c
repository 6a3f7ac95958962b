/* What libFuzzer's targets begin with: a program of four kilobytes, three quarters of which are debug information, that
   needs no library and dies of writing to address 8. */
typedef unsigned long word;
enum colour { red, green = 7 };
struct node {
  struct node *next;
  int value;
  enum colour colour : 4;
  union { float f; char bytes[4]; } either;
};
struct node second = { 0, 8, red, { 1.5f } };
struct node first = { &second, 7, green, { 2.5f } };
int table[3][2] = { { 1, 2 }, { 3, 4 }, { 5, 6 } };

static inline __attribute__((always_inline)) int twice(int x) {
  int inner = x * 2;
  {
    int deeper = inner + 1;
    return inner + deeper;
  }
}

__attribute__((noinline)) int crash(int *where, word count, const struct node *n) {
  int local = twice((int)count) + n->value;
  volatile int kept = local;
  *where = local;
  return local + kept;
}

__attribute__((noinline)) int middle(int (*f)(int *, word, const struct node *), struct node n) {
  int r = f((int *)8, n.value, &first);
  return r + table[1][0];
}

void _start(void) {
  __asm__ volatile("and $-16, %rsp");
  int code = middle(crash, second);
  __asm__ volatile("syscall" : : "a"(60), "D"(code));
}
