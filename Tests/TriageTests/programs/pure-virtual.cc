// build: g++ -g -O0
struct Base { Base() { start(); } void start() { run(); } virtual void run() = 0; virtual ~Base() {} };
struct Derived : Base { void run() override {} };
int main() { Derived derived; }
