// build: g++ -g -O2
#include <vector>
int main(int argc, char **) { std::vector<int> list(3); return list.at(argc + 6); }
