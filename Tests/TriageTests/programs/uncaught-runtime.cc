// build: g++ -g -O0
// class: uncaught_exception
// says: uncaught exception of type std::runtime_error: no such table: users
#include <stdexcept>
static void parse() { throw std::runtime_error("no such table: users"); }
int main() { parse(); }
