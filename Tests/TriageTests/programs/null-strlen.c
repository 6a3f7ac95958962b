// build: gcc -g -O0 -fno-builtin
#include <string.h>
int main(int argc, char **argv) { (void)argv; return (int)strlen(argc > 5 ? "x" : (char *)0); }
