// build: g++ -g -O0
static void parse() { throw 42; }
int main() { parse(); }
