// build: gcc -g -O0
struct operations { void (*open)(void); void (*close)(void); };
static struct operations operations;
static void shut(struct operations *o) { o->close(); }
int main(void) { shut(&operations); return 0; }
