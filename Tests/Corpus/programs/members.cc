// Constructors, destructors, operators, thunks, conversions, member pointers, coroutines: how functions can be named.
#include <coroutine>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>
#define KEEP __attribute__((noinline))
static volatile int *nowhere;
volatile int sink;
namespace a::b { inline namespace c {
enum Plain { one, two = 2, three };
enum class Scoped : short { left = -1, right = 1 };
struct Pod { int x; char c; };
template <Plain P, typename T, T... values> struct Constant { KEEP static int sum(T first) { sink = int(P); return die(first, (values + ... + 0), Scoped::right); } static int die(T first, long total, Scoped side); };
template <Plain P, typename T, T... values> int Constant<P, T, values...>::die(T first, long total, Scoped side) { *nowhere = int(first) + int(total) + int(side); return 0; }
struct Left { virtual ~Left() = default; virtual int left(int n) { return n; } long pad = 1; };
struct Right { virtual ~Right() = default; virtual int right(const char *text, bool flag) { return text[0] + flag; } long pad = 2; };
struct Both final : Left, virtual Right {
  KEEP int right(const char *text, bool flag) override { return (*this)(text[1], flag, 2.5f) + 1; }
  KEEP int operator()(char c, bool flag, float f) const & { sink = c + flag; return int(*this) + int(f); }
  KEEP operator int() const { return Constant<two, int, 1, 2, 3>::sum(pad_of(this)); }
  KEEP static int pad_of(const Both *both) noexcept { return int(both->Left::pad); }
};
class Resource {
public:
  KEEP Resource(Pod pod, Pod &ref, const Pod *pointer, Right &&moved, int (Both::*member)(const char *, bool), int Pod::*field, std::nullptr_t) : value(pod.x + ref.x + pointer->c) { sink = value + (field != nullptr); Both both; (both.*member)("member", true); }
  KEEP ~Resource() { Right *right = &both; value = right->right("text\n\t\"quoted\"", value > 1); }
  KEEP Resource &operator+=(char32_t wide) { value += int(wide); return *this; }
  KEEP friend Resource &operator<<(Resource &r, int8_t n) { r += U'\u00e9' + n; return r; }
  int value;
  Both both;
};
} }
using namespace a::b;
struct Task {
  struct promise_type {
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};
template <class F, class... A> KEEP decltype(auto) forward_to(F &&f, A &&...rest) { return std::invoke(std::forward<F>(f), std::forward<A>(rest)...); }
KEEP static void use(Pod pod, std::tuple<int, const char *> pair, std::unique_ptr<Pod> owned, Plain plain, Scoped scoped, uint64_t bits = 7) {
  Both both;
  pod.x += int(plain) + int(scoped) + int(bits) + std::get<0>(pair);
  Resource resource(pod, *owned, owned.get(), std::move(static_cast<Right &>(both)), nullptr == owned ? nullptr : static_cast<int (Both::*)(const char *, bool)>(&Both::right), &Pod::x, nullptr);
  resource << int8_t(3);
}
KEEP static Task coroutine(int n, const std::string &text) {
  std::vector<int> numbers{3, n, 2};
  std::sort(numbers.begin(), numbers.end(), [](int a, int b) { return a < b; });
  co_await std::suspend_never{};
  forward_to([&](Pod pod, Plain plain) { use(pod, {n, text.c_str()}, std::make_unique<Pod>(pod), plain, Scoped::left); }, Pod{n, 'x'}, three);
}
struct Static { Static() { std::list<int> l{1, 2}; count = l.size(); } size_t count; } instance;
int main(int argc, char **) {
  std::function<void(int)> start = [argc](int n) { Task task = coroutine(n + argc, "a coroutine's text"); task.handle.resume(); };
  start(int(instance.count));
}
