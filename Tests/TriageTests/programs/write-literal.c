// build: gcc -g -O0
static void upper(char *text) { text[0] = 'H'; }
int main(void) { upper((char *)"hello"); return 0; }
