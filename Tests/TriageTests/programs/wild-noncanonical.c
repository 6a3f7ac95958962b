// build: gcc -g -O0
// class: non_canonical_pointer
// says: read of 0xdeadbeefdeadbef7, which is no address (not canonical): field 'b' of struct object at offset 8
// says: object is 0xdeadbeefdeadbeef
struct object { long a, b; };
static long read_b(struct object *object) { return object->b; }
int main(void) { return (int)read_b((struct object *)0xdeadbeefdeadbeefUL); }
