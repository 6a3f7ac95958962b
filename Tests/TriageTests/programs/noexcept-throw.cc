// build: g++ -g -O0
#include <stdexcept>
#include <string>
static void close() noexcept { throw std::logic_error(std::string("closed twice: ") + std::string(40, 'x')); }
int main() { close(); }
