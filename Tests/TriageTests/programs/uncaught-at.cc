// build: g++ -g -O2
// class: uncaught_exception
// says: uncaught exception of type std::out_of_range: vector::_M_range_check
#include <vector>
int main(int argc, char **) { std::vector<int> list(3); return list.at(argc + 6); }
