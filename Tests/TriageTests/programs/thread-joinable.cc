// build: g++ -g -O0 -pthread
#include <thread>
int main() { std::thread thread([] { for (;;) std::this_thread::sleep_for(std::chrono::seconds(9)); }); }
