// build: gcc -g -O0
// class: read_only_memory
// says: in read-only memory: 
// says: write-literal (r--)
// says: write to 0x
static void upper(char *text) { text[0] = 'H'; }
int main(void) { upper((char *)"hello"); return 0; }
