#pragma once
#include <stddef.h>
enum op { OP_ADD = '+', OP_SUB = '-', OP_MUL = '*', OP_DIV = '/', OP_CALL = 'f' };
struct node { enum op op; double value; const char *name; struct node *left, *right; };
struct lexer { const char *text; size_t at; char current; unsigned eof : 1, bad : 3; };
typedef double (*visitor)(const struct node *, void *);
extern double variables[26];
extern int depth_limit;
struct node *parse(struct lexer *lexer);
double evaluate(const struct node *node, visitor on_call, void *context);
int walk(const struct node *node, int depth, int (*visit)(const struct node *, int));
