// Reads KEY=VALUE lines and dies of the first one without a value. Built with -O2 and stripped, and once more for i386.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __clang__
#define KEEP __attribute__((noinline))
#else
#define KEEP __attribute__((noinline, noclone))
#endif
enum kind { NUMBER = 1, WORD };
struct setting { const char *key; enum kind kind; long value; };
KEEP static long number(const char *text) { return strtol(text, 0, 10); }
KEEP static int parse_line(char *line, struct setting *out) {
  char *equals = strchr(line, '=');
  if (equals) *equals++ = 0;
  out->key = line;
  out->value = number(equals);
  out->kind = out->value ? NUMBER : WORD;
  return 1;
}
KEEP static int parse(const char *text) {
  char *copy = strdup(text), *save = 0;
  struct setting setting;
  int count = 0;
  for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(0, "\n", &save)) count += parse_line(line, &setting);
  free(copy);
  return count;
}
int main(void) {
  printf("%d\n", parse("width=80\nheight=25\ncolour\n"));
}
