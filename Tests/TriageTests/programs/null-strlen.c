// build: gcc -g -O0 -fno-builtin
// class: null_dereference
// says: read of 0x0, NULL
#include <string.h>
int main(int argc, char **argv) { (void)argv; return (int)strlen(argc > 5 ? "x" : (char *)0); }
