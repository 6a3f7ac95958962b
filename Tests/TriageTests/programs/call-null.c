// build: gcc -g -O0
// class: jump_to_null
// says: shut called NULL
struct operations { void (*open)(void); void (*close)(void); };
static struct operations operations;
static void shut(struct operations *o) { o->close(); }
int main(void) { shut(&operations); return 0; }
