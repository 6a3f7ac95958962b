// build: g++ -g -O0
#include <exception>
int main() { std::terminate(); }
