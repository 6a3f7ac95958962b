// build: g++ -g -O0
#include <stdexcept>
static void parse() { throw std::runtime_error("no such table: users"); }
int main() { parse(); }
