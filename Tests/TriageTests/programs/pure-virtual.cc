// build: g++ -g -O0
// class: uncaught_exception
// says: a pure virtual function was called
struct Base { Base() { start(); } void start() { run(); } virtual void run() = 0; virtual ~Base() {} };
struct Derived : Base { void run() override {} };
int main() { Derived derived; }
