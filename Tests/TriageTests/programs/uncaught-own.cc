// build: g++ -g -O0
namespace net { struct Timeout { int seconds; }; }
static void wait() { throw net::Timeout{30}; }
int main() { wait(); }
