// build: gcc -g -O0
// class: null_dereference
// says: write to 0x1c, near NULL: field 'frame.corner[2].y' of struct window at offset 28
// says: w is NULL
struct point { int x, y; };
struct box { struct point corner[4]; char *label; };
struct window { long id; struct box frame; };
static void move(struct window *w) { w->frame.corner[2].y = 7; }
int main(void) { move(0); return 0; }
