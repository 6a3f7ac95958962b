// build: gcc -m32 -g -O0
// class: null_dereference
// says: write to 0x4, near NULL: field 'next' of struct node at offset 4
// says: p is NULL
struct node { long value; struct node *next; };
static void append(struct node *p) { p->next = 0; }
int main(void) { append(0); return 0; }
