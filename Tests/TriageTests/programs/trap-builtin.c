// build: gcc -g -O0
static void check(int x) { if (x > 0) __builtin_trap(); }
int main(int argc, char **argv) { (void)argv; check(argc); return 0; }
