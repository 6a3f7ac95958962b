// A small expression parser and evaluator: static helpers for the compiler to inline, split, clone and tail-call.
#include "calc.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

double variables[26] = {1, 2, 3};
int depth_limit = 100;

static inline void advance(struct lexer *lexer) {
  if (lexer->current) lexer->at++;
  lexer->current = lexer->text[lexer->at];
  lexer->eof = lexer->current == 0;
}
static inline int accept(struct lexer *lexer, char wanted) {
  if (lexer->current != wanted) return 0;
  advance(lexer);
  return 1;
}
static struct node *make(enum op op, double value, const char *name, struct node *left, struct node *right) {
  struct node *node = malloc(sizeof *node);
  *node = (struct node){op, value, name, left, right};
  return node;
}
static struct node *sum(struct lexer *lexer, int level);
static struct node *atom(struct lexer *lexer, int level) {
  if (level > depth_limit) abort();
  if (accept(lexer, '(')) {
    struct node *inner = sum(lexer, level + 1);
    if (!accept(lexer, ')')) lexer->bad = 2;
    return inner;
  }
  if (isdigit((unsigned char)lexer->current)) {
    char *end;
    double value = strtod(lexer->text + lexer->at, &end);
    lexer->at = (size_t)(end - lexer->text);
    lexer->current = lexer->text[lexer->at];
    return make(0, value, "number", 0, 0);
  }
  if (lexer->current == '!') { advance(lexer); return make(OP_CALL, 0, "call", atom(lexer, level + 1), 0); }
  char name = lexer->current;
  advance(lexer);
  return make(0, variables[(name - 'a') % 26], "variable", 0, 0);
}
static struct node *product(struct lexer *lexer, int level) {
  struct node *left = atom(lexer, level);
  for (;;) {
    if (accept(lexer, '*')) left = make(OP_MUL, 0, "*", left, atom(lexer, level));
    else if (accept(lexer, '/')) left = make(OP_DIV, 0, "/", left, atom(lexer, level));
    else return left;
  }
}
static struct node *sum(struct lexer *lexer, int level) {
  struct node *left = product(lexer, level);
  for (;;) {
    if (accept(lexer, '+')) left = make(OP_ADD, 0, "+", left, product(lexer, level));
    else if (accept(lexer, '-')) left = make(OP_SUB, 0, "-", left, product(lexer, level));
    else return left;
  }
}
struct node *parse(struct lexer *lexer) {
  lexer->current = lexer->text[lexer->at];
  return sum(lexer, 0);
}
static double call(const struct node *node, visitor on_call, void *context) { return on_call(node, context); }
double evaluate(const struct node *node, visitor on_call, void *context) {
  switch (node->op) {
  case OP_ADD: return evaluate(node->left, on_call, context) + evaluate(node->right, on_call, context);
  case OP_SUB: return evaluate(node->left, on_call, context) - evaluate(node->right, on_call, context);
  case OP_MUL: { double left = evaluate(node->left, on_call, context); return left == 0 ? 0 : left * evaluate(node->right, on_call, context); }
  case OP_DIV: return evaluate(node->left, on_call, context) / evaluate(node->right, on_call, context);
  case OP_CALL: return call(node, on_call, context);
  default: return node->value;
  }
}
static int each(const struct node *node, int depth, int (*visit)(const struct node *, int), int total) {
  if (!node) return total;
  return each(node->right, depth + 1, visit, each(node->left, depth + 1, visit, total) + visit(node, depth));
}
int walk(const struct node *node, int depth, int (*visit)(const struct node *, int)) { return each(node, depth, visit, 0); }
