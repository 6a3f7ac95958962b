// build: g++ -g -O0 -pthread
// class: uncaught_exception
// says: std::terminate was called; no exception in flight was found
#include <thread>
int main() { std::thread thread([] { for (;;) std::this_thread::sleep_for(std::chrono::seconds(9)); }); }
