// Names: templates, namespaces, lambdas, members, references, virtual calls; dies in the innermost.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

volatile int *nowhere;
namespace shapes {
enum class Kind : unsigned char { circle, square };
struct Point { int x, y; };
template <typename T> struct Box {
  T value;
  explicit Box(T v) : value(v) {}
  template <int N> T scaled(const T &by) const { return value * by * N; }
  T &operator[](int) { return value; }
  bool operator<(const Box &other) const { return value < other.value; }
};
class Shape {
public:
  virtual ~Shape() { weight = 0; }
  virtual double area(double scale) const = 0;
  int weight = 3;
};
class Circle : public Shape {
public:
  explicit Circle(double r) : radius(r) {}
  ~Circle() override { if (radius > 100) std::abort(); }
  double area(double scale) const override { return scale * radius * third(Kind::square, {1, 2}); }
  static int third(Kind kind, Point point);
private:
  double radius;
};
namespace { struct Hidden { int run(int depth, const std::string &text, Point &&p); }; }
inline namespace v2 { template <typename... A> int variadic(A &&...args) { return Hidden().run(int(sizeof...(args)), "hidden", Point{1, 2}); } }
int Circle::third(Kind kind, Point point) { Box<int> box(point.x); box[0] = int(kind); return variadic(1, 2.5, "three", point, box); }
int Hidden::run(int depth, const std::string &text, Point &&p) {
  struct Local { int go(int n) { *nowhere = n; return n; } } local;
  auto lambda = [&, depth](int k) mutable { depth += k; return local.go(depth) + int(text.size()) + p.y; };
  auto generic = [&](auto x) { return lambda(int(x)); };
  std::function<int(double)> wrapped = generic;
  return wrapped(2.5);
}
} // namespace shapes
template <typename T, typename U = int> auto apply(T &&f, U u) -> decltype(f(u)) { return f(u); }
template <typename It> static int walk(It first, It last) {
  int total = 0;
  std::for_each(first, last, [&total](const shapes::Shape *s) { total += int(s->area(1.5)); });
  return total;
}
int main(int argc, char **) {
  shapes::Circle circle(argc);
  std::vector<shapes::Shape *> all{&circle};
  int total = apply([&](int n) { return n + walk(all.begin(), all.end()); }, argc);
  return total;
}
