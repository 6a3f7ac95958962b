// build: gcc -g -O0
static int ratio(int total, int count) { return total / count; }
int main(int argc, char **argv) { (void)argv; return ratio(100, argc - 1); }
