// build: gcc -g -O0
// class: deliberate_trap
// says: ud2 in check: a trap
static void check(int x) { if (x > 0) __builtin_trap(); }
int main(int argc, char **argv) { (void)argv; check(argc); return 0; }
