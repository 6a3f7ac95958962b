// Exceptions and their ends: `throw MODE`.
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
struct Guard { const char *name; explicit Guard(const char *n) : name(n) {} ~Guard() noexcept(false) { if (!std::strcmp(name, "throws")) throw 1; } };
struct Base { Base() { call(); } virtual ~Base() = default; void call() { pure(1); } virtual void pure(int) = 0; };
struct Derived : Base { void pure(int) override {} };
struct Early { Early(const char *v) : value(v) { if (std::getenv("DIE_EARLY")) *(volatile int *)nullptr = 1; } ~Early() { if (std::getenv("DIE_LATE")) std::abort(); } const char *value; };
static Early early("static initialiser");
__attribute__((noinline)) static int thrower(int depth, const std::string &why) { Guard g("quiet"); if (depth == 0) throw std::runtime_error(why); return thrower(depth - 1, why) + 1; }
__attribute__((noinline)) static int no_escape(int n) noexcept { return thrower(n, "out of a noexcept function"); }
__attribute__((noinline)) static void rethrow() { try { thrower(1, "first"); } catch (const std::exception &) { throw; } }
static void on_terminate() { *(volatile int *)8 = 1; }
int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "";
  if (!std::strcmp(mode, "uncaught")) return thrower(3, "nobody catches this");
  if (!std::strcmp(mode, "noexcept")) return no_escape(1);
  if (!std::strcmp(mode, "rethrow")) rethrow();
  if (!std::strcmp(mode, "destructor")) { try { Guard g("throws"); thrower(0, "x"); } catch (...) {} }
  if (!std::strcmp(mode, "pure")) { Derived d; }
  if (!std::strcmp(mode, "terminate")) { std::set_terminate(on_terminate); thrower(2, "terminated"); }
  if (!std::strcmp(mode, "at")) { std::vector<int> v(3); return v.at(static_cast<size_t>(argc) + 9); }
  if (!std::strcmp(mode, "string")) { std::string s("abc"); return s.substr(size_t(argc) + 7).size() != 0; }
  if (!std::strcmp(mode, "bad-alloc")) { volatile size_t size = ~size_t(0) / 4; char *p = new char[size]; return p[0]; }
  if (!std::strcmp(mode, "thread")) { std::thread t([](int n) { thrower(n, "in a thread"); }, 2); t.join(); }
  if (!std::strcmp(mode, "joinable")) { std::thread t([] { for (;;) std::this_thread::yield(); }); }
  return 0;
}
