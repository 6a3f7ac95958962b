// build: gcc -g -O0
// class: null_dereference
// says: read of 0x8, near NULL: field 'c' of struct leaf at offset 8
// says: o->in->leaf is NULL
struct leaf { int a, b, c; };
struct inner { long pad; struct leaf *leaf; };
struct outer { char tag[16]; struct inner *in; };
static int get(struct outer *o) { return o->in->leaf->c; }
int main(void) {
  struct inner in = {1, 0};
  struct outer o = {"x", &in};
  return get(&o);
}
