// Classes: virtual and private bases, static and volatile members, member pointers, unions, nested templates.
#include <cstdlib>
#include <cstdio>
#include <string>
#include <vector>
#include <memory>
#include <typeinfo>
#include <exception>
volatile int sink; int *volatile nowhere;
namespace shapes { inline namespace v2 {
class Shape { static int count; protected: const char *label; public: explicit Shape(const char *l) : label(l) { ++count; } virtual double area() const = 0; virtual ~Shape() { --count; } static Shape *last; enum Kind { flat, solid } kind = flat; typedef double unit_t; unit_t scale = 1.0; mutable int uses = 0; volatile bool dirty = false; };
int Shape::count; Shape *Shape::last;
class Circle : public Shape { double r; public: Circle(double r) : Shape("circle"), r(r) { last = this; } double area() const override; };
class Square : public Shape { protected: int side; public: Square(int s) : Shape("square"), side(s) {} double area() const override { return side * side; } };
double Circle::area() const { *nowhere = (int)r; return r * r * 3; }
} }
struct Animal { virtual ~Animal() {} virtual const char *noise() { return "?"; } int legs = 4; char initial = 'a'; };
struct Swimmer : virtual Animal { int fins = 2; virtual int swim(int d) { return d; } }; struct Flyer : virtual Animal { int wings = 2; virtual int fly() { return 1; } }; struct Duck : Swimmer, Flyer { std::string name = "donald"; const char *noise() override { return "quack"; } int swim(int d) override { return d * 2; } }; struct Rubber final : private Duck, public virtual Animal { int hollow = 1; using Duck::name; };
struct EmptyA {}; struct EmptyB : EmptyA {}; struct Ebo : EmptyA, EmptyB { int v = 1; }; struct OnlyStatic { static inline int s = 3; static const char *t; }; const char *OnlyStatic::t = "static"; struct Conv { operator int() const { return 5; } explicit operator bool() const { return true; } Conv &operator=(const Conv &) = default; Conv() = default; Conv(const Conv &) = delete; int operator[](int i) const { return i; } Conv *operator->() { return this; } void *operator new(size_t n) { return malloc(n); } friend bool operator==(const Conv &, const Conv &) { return true; } bool operator!() const; Conv operator++(int); template <class T> T as() const; int x = 4; };
template <class T, int N = 4> class Stack { T items[N]; int top = 0; public: struct Node { T value; Node *next; }; Node *head = nullptr; void push(T t) { items[top++] = t; head = new Node{t, head}; } T &operator[](int i) { return items[i]; } template <class F> int each(F f) { int r = 0; for (int i = 0; i < top; i++) r += f(items[i]); return r; } static T def; }; template <class T, int N> T Stack<T, N>::def = T(); template <> class Stack<bool> { unsigned bits : 4; public: Stack() : bits(9) {} };
template <class Derived> struct Crtp { int go() { return static_cast<Derived *>(this)->impl(); } }; struct User : Crtp<User> { int v = 6; int impl() { return v; } }; template <class... Ts> struct Variad; template <> struct Variad<> {}; template <class H, class... T> struct Variad<H, T...> : Variad<T...> { H head{}; }; union Manual { int i; double d; struct { short lo, hi; } parts; ~Manual() {} Manual() : d(1.5) {} }; struct WithUnion { int tag; union { int i; const char *s; }; struct Inner { int z = 9; } inner; Inner many[2]; }; 
struct Refs { const int &cr; int &&rr; int (&fn)(int); Animal &an; int *const &pr; }; static int plain(int x) { return x + 1; }
template <typename T> __attribute__((noinline)) int visit(const shapes::Shape &s, Animal *an, Stack<T> &st, int (Duck::*mem)(int), int Animal::*field, T &&t, int (&arr)[3], std::initializer_list<int> il) {
  Duck *duck = dynamic_cast<Duck *>(an); Animal &ref = *an; Swimmer *sw = duck; Flyer *fl = duck; Animal copy = *an; Duck dcopy = *duck; Rubber rub; Ebo ebo; OnlyStatic os; Conv conv; Stack<bool> sb; Stack<Stack<int, 2>, 2> nest; User user; Variad<int, char, double> var; Variad<> var0; Manual man; WithUnion wu{1, {5}}; wu.s = "in union"; int five = 5, *pf = &five; Refs refs{five, std::move(five), plain, ref, pf}; const std::type_info &ti = typeid(*an); EmptyA ea; EmptyB eb; void *vp = duck; const void *cvp = an; Animal **pp = &an; Animal *arr2[3] = {an, nullptr, &copy}; Duck ducks[2]; std::unique_ptr<Animal> up(new Duck); int Duck::*np = nullptr; int (Animal::*pmf2)() const = nullptr; const char *(Animal::*noise)() = &Animal::noise; auto this_lambda = [&](int k) -> double { return s.area() + k; }; struct Local { int q; int m() { return q; } } local{3}; typename Stack<T>::Node *head = st.head; shapes::Shape::Kind kind = shapes::Shape::solid; shapes::Shape::unit_t unit = 2.5; std::string sref = duck->name;
  sink = ref.legs + sw->fins + fl->wings + copy.legs + dcopy.legs + rub.hollow + ebo.v + os.s + conv.x + user.v + var.head + wu.tag + refs.cr + (vp == cvp) + (pp != 0) + (arr2[1] == 0) + ducks[0].wings + (np == nullptr) + (pmf2 == nullptr) + (noise != nullptr) + local.q + (head != nullptr) + kind + unit + arr[0] + il.size() + (duck->*mem)(2) + an->*field + (int)t;
  return this_lambda(4);
}
int main() { shapes::Circle c(2.5); Duck d; Stack<long> st; st.push(5); st.push(6); int arr[3] = {1, 2, 3}; return visit<long>(c, &d, st, &Duck::swim, &Animal::legs, 7L, arr, {1, 2}); }
