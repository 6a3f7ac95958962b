#include "calc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile int *nowhere;
struct context { const char *label; long count; double history[4]; };

static double on_call(const struct node *node, void *data) {
  struct context *context = data;
  double value = evaluate(node->left, on_call, context);
  context->history[context->count++ & 3] = value;
  if (value > 41) *nowhere = (int)value;
  return value;
}
static int visit(const struct node *node, int depth) {
  if (depth > 4 && node->left == 0) { *nowhere = depth; }
  return depth;
}
__attribute__((noinline)) static double run(const char *label, const char *text) {
  struct lexer lexer = {text, 0, 0, 0, 0};
  struct context context = {label, 0, {0}};
  struct node *tree = parse(&lexer);
  if (lexer.bad) fprintf(stderr, "bad %u at %zu\n", lexer.bad, lexer.at);
  if (!strcmp(label, "deep")) return walk(tree, 0, visit);
  return evaluate(tree, on_call, &context);
}
int main(int argc, char **argv) {
  const char *label = argc > 1 ? argv[1] : "fault";
  printf("%g\n", run(label, "1+2*(3-!(a+!(b*(7*!(2+1))))/4)-(((((1-2)*3)+4)*5)+6)"));
  return 0;
}
