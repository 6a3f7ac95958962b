// build: g++ -g -O0
// class: uncaught_exception
// says: std::terminate was called; no exception in flight was found
#include <exception>
int main() { std::terminate(); }
