// build: gcc -g -O0
// class: division_by_zero
// says: integer division by zero in ratio
// says: divisor -0x8(%rbp) = 0x0
static int ratio(int total, int count) { return total / count; }
int main(int argc, char **argv) { (void)argv; return ratio(100, argc - 1); }
