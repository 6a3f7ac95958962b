// build: gcc -g -O0
// class: stack_overflow
// says: stack overflow: frames 
// says: even → odd ×|odd → even ×
static int odd(int n);
static int even(int n) { volatile int k = n; return odd(k + 1) + k; }
static int odd(int n) { volatile int k = n; return even(k + 1) + k; }
int main(void) { return even(0); }
