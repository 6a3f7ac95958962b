// build: gcc -g -O2
// class: null_dereference
// says: read of 0x18, near NULL: field 'count' of struct pair at offset 24
// says: pair is NULL
struct pair { char name[24]; int count; };
__attribute__((noipa)) int count_of(const struct pair *pair) { return pair->count + 1; }
int main(int argc, char **argv) { (void)argv; return count_of(argc > 5 ? (void *)argv : 0); }
