// build: gcc -g -O0
struct object { long a, b; };
static long read_b(struct object *object) { return object->b; }
int main(void) { return (int)read_b((struct object *)0xdeadbeefdeadbeefUL); }
