#include <string>
#include <vector>
#include <map>
#include <memory>
#include <cstdio>
namespace ns { 
  int nsvar = 11;
  enum class Color : unsigned char { Red, Green = 3 };
  enum Plain { P0, P1 };
  class Base { public: int b; static int st; virtual ~Base() {} virtual int f(int x) { return x + b; } Base() : b(1) {} protected: long prot = 5; private: short priv = 6; };
  int Base::st = 5;
  struct Mid : virtual Base { int m = 2; };
  struct Mid2 : virtual Base { int m2 = 3; };
  class Der final : public Mid, private Mid2 { 
   public: typedef int mytype; using vec = std::vector<int>; enum Inner { I0, I1 }; struct Nested { int n; };
    Der(); explicit Der(int q); int f(int x) override; static int sf(int); int cm() const; void ref(int &a, const std::string &s, int &&r); template <class T> T tm(T t) { return t; } operator int() const { return d; } bool operator==(const Der &o) const { return d == o.d; }
    int d = 4; mytype mt = 8; Nested nest; Inner inn = I1; std::string name = "dername"; const int ci = 3; int arr[3] = {1,2,3}; int Der::*pmem = &Der::d; int (Der::*pmf)(int) = &Der::f; Color col = Color::Green;
   private: static constexpr int cst = 7; 
  };
  Der::Der() { nest.n = 12; } Der::Der(int q) : d(q) { nest.n = q; }
  int Der::sf(int x) { return x; } int Der::cm() const { return d; } void Der::ref(int &a, const std::string &s, int &&r) { a = (int)s.size() + r; }
  template <class T, int N> struct Tmpl { T val[N]; T get(int i) { return val[i]; } };
  namespace inner { struct Deep { double dd; }; static Deep deep = {2.5}; }
  int over(int a) { return a; } double over(double a) { return a; }
  int Der::f(int x) {
    int local = x + d;
    int &ref = local; const std::string cs = "conststr"; std::vector<int> v = {1,2,3}; std::map<std::string,int> mp = {{"k",1}};
    Base *bp = this; Tmpl<int,3> t = {{7,8,9}}; Tmpl<double,2> td = {{1.5,2.5}}; int &&rr = 5; bool bb = true; char16_t c16 = u'y'; 
    auto up = std::make_unique<int>(5); std::shared_ptr<Der> sp; inner::Deep dp = {1.25}; Plain pl = P1; char c = 'c'; decltype(nullptr) np = nullptr; wchar_t wc = L'w';
    auto lam = [local](int q) { return q + local; };
    int *null = nullptr; if (x > 0) *null = lam(local) + ref + (int)v.size() + (int)mp.size() + bp->b + t.val[0] + (int)td.val[0] + rr + bb + c16 + *up + (sp ? 1 : 0) + (int)dp.dd + pl + c + (np == nullptr) + wc;
    return local;
  }
}
using namespace std;
static int fstat_ = 77;
struct POD { int x, y; };
POD pod = {1, 2};
int global = 9;
ns::Der *gder;
typedef ns::Der DerAlias;
unsigned un = 5;
int main(int argc, char **argv) {
  ns::Der d; gder = &d; DerAlias &al = d; POD p2 = {3, 4};
  printf("%d %f %d %d\n", ns::over(1), ns::over(1.5), fstat_, ns::Der::sf(2)); int q; d.ref(q, "x", 3); d.tm(1); d.tm(2.5); ns::Der e(4);
  return d.f(argc) + al.d + p2.x + d.cm() + (d == e) + (int)d + ns::inner::deep.dd + ns::nsvar;
}
