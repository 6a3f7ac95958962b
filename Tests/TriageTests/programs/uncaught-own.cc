// build: g++ -g -O0
// class: uncaught_exception
// says: uncaught exception of type net::Timeout
namespace net { struct Timeout { int seconds; }; }
static void wait() { throw net::Timeout{30}; }
int main() { wait(); }
