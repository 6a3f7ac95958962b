// build: gcc -g -O2
// class: division_by_zero
// says: integer division by zero in ratio
volatile int counts[4];
__attribute__((noipa)) unsigned ratio(unsigned total, int i) { return total % (unsigned)counts[i]; }
int main(void) { return (int)ratio(100, 2); }
