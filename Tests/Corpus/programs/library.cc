// What C++17 has in its library, whole and empty, in each other: what gdb's printers make of it.
#include <any>
#include <array>
#include <bitset>
#include <chrono>
#include <complex>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <functional>
#include <future>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <ratio>
#include <regex>
#include <set>
#include <sstream>
#include <stack>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <typeindex>
#include <unordered_map>
#include <unordered_set>
#include <valarray>
#include <variant>
#include <vector>
#include <atomic>
#include <exception>
#include <system_error>
#include <initializer_list>
#include <cstdlib>
#include <cstring>
using namespace std::literals;
enum class Level : unsigned char { low = 1, high = 200 };
struct Key { int a; std::string b; bool operator<(const Key &o) const { return a < o.a; } bool operator==(const Key &o) const { return a == o.a; } };
struct Hash { size_t operator()(const Key &k) const { return k.a; } };
struct Base { virtual ~Base() = default; int b = 1; }; struct Derived : Base { std::string name = "derived"; std::vector<int> v{1, 2}; };
volatile int sink; int *volatile nowhere;
__attribute__((noinline)) int deep(std::optional<int> oi, std::variant<int, std::string, std::vector<double>> var, const std::tuple<int, std::string, Level> &tup, std::string_view sv, std::any any) { *nowhere = sink = oi.value_or(3) + var.index() + std::get<0>(tup) + sv.size() + any.has_value(); return sink; }
__attribute__((noinline)) int work(int argc) {
  std::optional<std::string> os = "opt", none; std::optional<std::optional<int>> oo = std::optional<int>(5); std::optional<Key> ok = Key{1, "k"}; std::optional<std::vector<int>> ov = std::vector{1, 2};
  std::variant<int, std::string> v1 = 5, v2 = "str"s; std::variant<std::monostate, Key, double> v3, v4 = 2.5; std::variant<std::unique_ptr<int>, std::map<int, int>> v5 = std::map<int, int>{{1, 2}};
  std::any a1, a2 = 5, a3 = "text"s, a4 = std::vector<int>{1}, a5 = Key{3, "any"}; std::tuple<> t0; std::tuple<int> t1{1}; std::tuple<int, std::string, std::tuple<char, double>> t3{1, "x", {'c', 2.5}}; std::pair<const int, std::pair<std::string, int *>> pr{1, {"p", &argc}};
  std::array<int, 3> arr{1, 2, 3}; std::array<std::string, 2> sarr{"a", "b"}; std::array<int, 0> arr0; std::array<std::array<int, 2>, 2> aa{{{1, 2}, {3, 4}}}; std::vector<std::vector<std::string>> vv{{"a"}, {}, {"b", "c"}}; std::vector<bool> vb{true, false, true}; std::vector<Key> vk{{1, "one"}, {2, "two"}}; std::vector<std::pair<int, std::string>> vp{{1, "z"}}; std::vector<std::unique_ptr<Base>> vu; vu.push_back(std::make_unique<Derived>()); vu.emplace_back(); std::vector<char> vc{'a', 'b', 0}; std::vector<Level> vl{Level::low, Level::high, (Level)7}; std::vector<int> vempty, vlong(300, 7); std::vector<double> vd{1.5, -0.0}; std::vector<const char *> vcs{"c", nullptr}; std::vector<std::any> va{1, "x"s}; std::vector<std::optional<int>> voi{1, {}};
  std::deque<int> dq; for (int i = 0; i < 400; i++) dq.push_back(i); std::deque<std::string> ds{"a", "b"}; std::list<Key> lk{{1, "l"}}; std::list<int> le; std::forward_list<std::string> fl{"f", "g"}; std::map<std::string, std::vector<int>> msv{{"a", {1}}, {"b", {}}}; std::map<Key, Level> mk{{{1, "k"}, Level::high}}; std::multimap<int, int> mm{{1, 2}, {1, 3}}; std::set<std::string> ss{"x", "y"}; std::multiset<int> ms{1, 1, 2}; std::unordered_map<std::string, int> um{{"k", 1}}; std::unordered_map<Key, std::string, Hash> umk{{{5, "five"}, "v"}}; std::unordered_set<int> us{42}; std::unordered_multimap<int, int> umm{{1, 1}, {1, 2}}; std::unordered_multiset<std::string> ums{"q"}; std::map<int, std::map<int, std::string>> mmm{{1, {{2, "n"}}}}; std::map<int, int> me; std::map<const char *, void *> mp{{"k", nullptr}};
  std::stack<int> st; st.push(1); st.push(2); std::queue<std::string> qu; qu.push("q"); std::priority_queue<int> pq; pq.push(3); pq.push(1); std::stack<int, std::vector<int>> sv; sv.push(4); std::bitset<5> bs(21); std::bitset<100> bl; bl[70] = 1; bl[3] = 1; std::complex<double> cd(1, -2); std::complex<float> cf(0.5f); std::valarray<int> val{1, 2, 3};
  auto up = std::make_unique<Key>(Key{1, "up"}); std::unique_ptr<int[]> ua(new int[3]{1, 2, 3}); std::unique_ptr<FILE, int (*)(FILE *)> uf(stdout, fclose); std::unique_ptr<Base> ub = std::make_unique<Derived>(); std::unique_ptr<int> un; auto sp = std::make_shared<Key>(Key{2, "sp"}); std::shared_ptr<Base> sb = std::make_shared<Derived>(); std::weak_ptr<Key> wp = sp, wexp; { auto tmp = std::make_shared<Key>(Key{3, "gone"}); wexp = tmp; } std::shared_ptr<int> sn; std::shared_ptr<void> svoid = sp; std::shared_ptr<int[]> sarr2(new int[2]{1, 2}); std::weak_ptr<int> wn;
  std::chrono::seconds sec = 5s; std::chrono::milliseconds msx = 1500ms; std::chrono::nanoseconds ns = 3ns; std::chrono::hours h = 2h; std::chrono::duration<double> dd = 2.5s; std::chrono::duration<int, std::ratio<1, 3>> dr(7); std::chrono::system_clock::time_point tp(1700000000s); std::chrono::steady_clock::time_point stp(5s);
  std::filesystem::path path = "/usr/lib/../bin/x.tar.gz", rel = "a/b", pempty; std::filesystem::path pdir = "/"; std::regex re("a+(b|c)*"); std::smatch sm; std::string subject = "aabc"; std::regex_match(subject, sm, re); std::string empty, shorts = "short", longs(300, 'L'), nulls("a\0b", 3), utf = "h\u00e9llo \u263a", esc = "tab\there \"q\" \x01"; std::wstring ws = L"wide\u00e9"; std::u16string u16 = u"u16"; std::u32string u32 = U"u32"; std::string_view view = shorts, vempty2, vsub = view.substr(1, 2); std::string *ps = &shorts; const std::string &rs = longs; std::string sarr3[2] = {"x", "y"};
  auto it = msv.begin(); auto vit = vk.begin(); auto cvit = vk.cbegin(); auto lit = lk.begin(); auto sit = ss.begin(); auto dit = dq.begin() + 130; auto umit = um.begin(); auto flit = fl.begin(); auto bit = vb.begin(); auto rit = vk.rbegin(); auto strit = shorts.begin(); auto endit = msv.end(); std::move_iterator mit(vk.begin());
  std::function<int(int)> fn = [argc](int x) { return x + argc; }, fnull; std::function<void()> fbind = std::bind(std::printf, "%d", 5); auto lam = [&, argc, name = std::string("cap")](auto x) mutable { return x + argc + name.size(); }; int (*fptr)(const char *, ...) = std::printf; std::reference_wrapper<int> rw(argc); std::hash<std::string> hasher; std::less<> less; std::atomic<int> at{5}; std::atomic<Level> al{Level::low}; std::atomic<bool> ab{true}; std::atomic<int *> ap{&argc}; std::atomic_flag af = ATOMIC_FLAG_INIT; std::mutex mtx; std::recursive_mutex rmtx; std::unique_lock<std::mutex> ul(mtx); std::thread th; std::thread::id tid; std::promise<int> prom; std::future<int> fut = prom.get_future(); std::exception_ptr ep = std::make_exception_ptr(std::runtime_error("boom")); std::runtime_error rte("message"); std::error_code ec = std::make_error_code(std::errc::invalid_argument), ec0; std::error_condition econd = std::make_error_condition(std::errc::timed_out); std::type_index ti = typeid(Key); const std::type_info &tinfo = typeid(int); std::mt19937 rng(5); std::stringstream sstr("in"); std::ostringstream oss; oss << "out"; std::initializer_list<std::string> il = {"i", "l"}; std::byte by{65}; std::byte bya[3] = {std::byte(1), std::byte(2), std::byte(255)}; std::nullptr_t np = nullptr; std::allocator<int> alloc; std::plus<int> plus; std::integral_constant<int, 5> ic; std::true_type tt; std::monostate mono; std::in_place_t ip;
  deep(5, "deep"s, {1, "tup", Level::high}, "view", Key{9, "a"});
  return sink;
}
int main(int argc, char **) { return work(argc); }
