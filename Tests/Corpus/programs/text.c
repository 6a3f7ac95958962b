/* Strings that are no text: each call shows one more in the backtrace, in front of the caller's. */
static const char *const strings[] = {
  "caf\303", "\303\251", "a\302", "ab\341\202", "\365\237", "\373", "\374\200\200", "x\377y", "BB\340", "\177\367",
  "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303",
  "\342\202\254 5", "\001\0335", "\355\240\200", "\360\237\230\200", "\343\207\244", "\302\240", "\342\200\213",
};

static volatile int sink;

__attribute__((noinline)) static int show(unsigned index, const char *text)
{
  if (index == sizeof strings / sizeof *strings) __builtin_trap();
  sink += show(index + 1, strings[index]);
  return sink + text[0];
}

int main(void) { return show(0, ""); }
