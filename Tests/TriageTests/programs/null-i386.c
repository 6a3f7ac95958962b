// build: gcc -m32 -g -O0
struct node { long value; struct node *next; };
static void append(struct node *p) { p->next = 0; }
int main(void) { append(0); return 0; }
