// build: gcc -g -O0
// class: null_dereference
// says: read of 0x4, near NULL: field 'level' of struct config at offset 4
// says: config is NULL
struct config { int a; int level; };
struct config *config;
int main(void) { return config->level; }
