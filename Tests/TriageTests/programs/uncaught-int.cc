// build: g++ -g -O0
// class: uncaught_exception
// says: uncaught exception of type int
static void parse() { throw 42; }
int main() { parse(); }
