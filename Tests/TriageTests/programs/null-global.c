// build: gcc -g -O0
struct config { int a; int level; };
struct config *config;
int main(void) { return config->level; }
