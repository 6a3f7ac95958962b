// Values of the C++ library in one frame; at -O2 parts of them are optimized out or synthetic.
#include <any>
#include <array>
#include <atomic>
#include <bitset>
#include <chrono>
#include <complex>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <stack>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <typeindex>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>
#include <condition_variable>
#include <mutex>
#include <future>
#include <csignal>
namespace fs = std::filesystem;
enum class Color : unsigned char { Red = 1, Green, Blue = 200 };
enum Flags { A = 1, B = 2, C = 4 };
struct Base { virtual ~Base() = default; virtual int f() const = 0; int id = 7; };
struct Mixin { virtual void g() {} long m = 3; };
struct Derived final : Base, virtual Mixin { int f() const override { return 1; } std::string name = "derived"; double d = 2.5; };
template <class T, std::size_t N> struct Ring { std::array<T, N> data{}; std::size_t head = 0; T &operator[](std::size_t i) { return data[i % N]; } };
union U { int i; float f; char c[8]; };
struct Bits { unsigned a : 3; signed b : 5; bool c : 1; Color k : 8; };
template <class F> int call(F &&f, int n) { return f(n); }
template <class... Args> int variadic(Args &&...args) { int r = 0; ((r += sizeof(args)), ...); std::raise(SIGSEGV); return r; }
int overloaded(const std::vector<std::pair<int, std::string>> &v, std::string_view sv, std::optional<double> o, std::variant<int, std::string, std::monostate> var) {
  std::map<std::string, std::vector<int>> m{{"a", {1, 2}}, {"b", {}}};
  std::unordered_map<int, std::set<char>> um{{1, {'x', 'y'}}};
  std::multimap<int, const char *> mm{{1, "one"}, {1, "uno"}};
  std::tuple<int, std::string, std::tuple<>> t{1, "two", {}};
  std::any any = std::string("any"); std::any any2 = 42; std::any none;
  std::bitset<70> bits(0x123456789abcdefull);
  std::complex<float> cf{1, -2};
  std::deque<int> dq{1, 2, 3}; std::list<std::string> li{"l1", "l2"}; std::forward_list<int> fl{5, 6};
  std::queue<int> q; q.push(9); std::stack<int> st; st.push(8); std::priority_queue<int> pq; pq.push(3); pq.push(4);
  std::unique_ptr<Base> up = std::make_unique<Derived>(); std::shared_ptr<Base> sp = std::make_shared<Derived>();
  std::weak_ptr<Base> wp = sp;
  std::unique_ptr<int[]> ua(new int[2]{1, 2});
  std::function<int(int)> fn = [&m](int x) { return x + (int)m.size(); };
  std::atomic<int> at{5}; std::atomic<bool> ab{true};
  std::chrono::milliseconds ms{1500}; auto tp = std::chrono::system_clock::time_point(std::chrono::seconds(1000));
  std::chrono::duration<double, std::ratio<60>> mins{1.5};
  fs::path path = "/usr/lib"; std::span<const int> span; std::u16string u16 = u"h\u00e9"; std::u32string u32 = U"x";
  std::wstring ws = L"wide";
  std::vector<bool> vb{true, false, true}; std::vector<std::vector<int>> vv{{1}, {2, 3}};
  std::array<Color, 3> colors{Color::Red, Color::Blue, Color(7)};
  Flags fl2 = Flags(A | C); Flags fl3 = Flags(9); U u{.i = 65}; Bits b{5, -3, true, Color::Green}; Ring<short, 4> ring; ring[1] = 3;
  int Derived::*pm = nullptr; int (Base::*pf)() const = &Base::f; int Base::*pid = &Base::id; Derived d; Base &ref = d;
  Base *bp = &d; Mixin *mp = &d; void *vp = &d;
  int arr[2][3] = {{1, 2, 3}, {4, 5, 6}}; const char *strs[] = {"a", nullptr}; char buf[300] = "hello"; long double ld = 1.25L;
  __int128 big = -5; wchar_t wc = L'\u00e9'; char16_t c16 = u'x'; char8_t c8 = u8'q';
  std::initializer_list<int> il{1, 2}; std::type_index ti = typeid(int); std::thread::id tid; std::mutex mu;
  std::unique_lock<std::mutex> lk(mu); std::pair<int, std::pair<int, int>> pp{1, {2, 3}};
  std::error_code ec = std::make_error_code(std::errc::invalid_argument); std::exception_ptr ep;
  auto lam = [=, &d](auto x) { return x + arr[0][0] + d.id; };
  std::string longs(300, 'z'); std::string embedded("a\0b", 3); std::string_view svs[2] = {"x", "yy"};
  return call([&](int n) { return variadic(n, 2.0, "x", d, v); }, 3) + lam(1);
}
int main() { std::jthread th([] { std::this_thread::sleep_for(std::chrono::seconds(30)); }); return overloaded({{1, "one"}, {2, "two"}}, "view", {}, "str"); }
