// A tree with a cycle, walked without a guard: the stack ends before the tree does.
#include <stdio.h>
struct node { const char *name; struct node *left, *right; };
static struct node leaf = {"leaf", 0, 0};
static struct node branch = {"branch", &leaf, 0};
static struct node root = {"root", &branch, &leaf};
static int depth_of(const struct node *node, int level) {
  char trail[48];
  if (node == 0) return level;
  snprintf(trail, sizeof trail, "%d:%s", level, node->name);
  int left = depth_of(node->left, level + 1), right = depth_of(node->right, level + 1);
  return left > right ? left : right;
}
int main(void) {
  branch.right = &root;
  printf("%d\n", depth_of(&root, 0));
}
