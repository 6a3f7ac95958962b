// build: g++ -g -O0
// class: uncaught_exception
// says: uncaught exception of type std::logic_error: closed twice: xxxx
#include <stdexcept>
#include <string>
static void close() noexcept { throw std::logic_error(std::string("closed twice: ") + std::string(40, 'x')); }
int main() { close(); }
