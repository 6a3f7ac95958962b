// build: gcc -g -O0
// class: null_dereference
// says: SIGSEGV: write to 0x8, near NULL: field 'next' of struct node at offset 8
// says: p is NULL
struct node { long value; struct node *next; };
static void append(struct node *p) { p->next = 0; }
int main(void) { append(0); return 0; }
