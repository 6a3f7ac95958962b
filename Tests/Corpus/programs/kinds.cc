#include <cstdlib>
#include <cstdio>
#include <string>
#include <cstdint>
#include <initializer_list>
struct A { int a = 1; virtual ~A() {} virtual int f(int x) { return x; } static int count; static const int k = 5; };
int A::count = 3;
struct B { int b = 2; virtual int g() const { return b; } };
struct C : A, B { int c = 3; int f(int x) override { return x + c; } };
struct V { int v = 10; virtual ~V() = default; };
struct L : virtual V { int l = 11; };
struct R : virtual V { int r = 12; };
struct D : L, R { int d = 13; int meth(double) const { return d; } };
struct Empty {};
struct HasEmpty : Empty { int x = 1; };
struct [[gnu::packed]] P { char c; int i; };
namespace ns { namespace { struct Hidden { int h = 4; }; } inline namespace v1 { struct In { int i = 5; enum class E : uint8_t { One = 1, Two } e = E::Two; }; } enum class Mode { off, on }; template <typename T, Mode M, int N = 3> struct Tpl { T t; Mode m = M; static constexpr int n = N; T arr[N]; using value_type = T; template <class U> struct Inner { U u; }; }; }
template <typename... Ts> struct Pack { int n = sizeof...(Ts); };
template <auto X> struct Auto { int v = 0; };
template <template <class> class TT> struct TTP { TT<int> t; };
template <class T> struct Box { T t; };
struct Bits { unsigned a:1, b:2; bool c:1; ns::Mode m:2; };
struct Op { int v; operator bool() const { return v; } Op &operator++() { ++v; return *this; } int operator()(int x) { return v + x; } };
union U { int i; float f; std::string s; U() : i(3) {} ~U() {} };
struct Ref { int &r; const std::string &s; int &&rr; int (&arr)[3]; };
struct Fn { int (*fp)(A &, const char *); int (A::*mf)(int); int A::*md; int (D::*dm)(double) const; };
class Priv { int x = 1; protected: int y = 2; public: int z = 3; friend struct A; Priv() = default; explicit Priv(int q) : x(q) {} void m() &; void m2() const && noexcept; };
struct Cons { constexpr static double pi = 3.5; inline static int inl = 8; mutable int mut = 2; thread_local static int tl; };
thread_local int Cons::tl = 6;
static int fun(A &a, const char *s) { return a.a + (s != nullptr); }
volatile int sink;
struct Abstract { virtual void pure() = 0; virtual ~Abstract() {} int q = 1; };
struct Impl : Abstract { void pure() override; int w = 2; };
__attribute__((noinline)) void Impl::pure() {
  int local = w; auto lam = [this, local, &l2 = local](int x) { sink = x + local + q; abort(); return l2; };
  lam(4);
}
template <typename T, ns::Mode M> __attribute__((noinline)) int go(T t, ns::Tpl<T, M> tp, C &c, const D *d, int &&rv) {
  int arr[3] = {1, 2, 3};
  std::string str = "text";
  Ref ref{c.c, str, std::move(rv), arr};
  Fn fn{fun, &A::f, &A::a, &D::meth};
  Fn none{};
  A *pa = &c; B *pb = &c; V *pv = const_cast<D *>(d); const A &ra = c; B &rb = c;
  Abstract *abs = new Impl;
  L *pl = const_cast<D *>(d);
  HasEmpty he; Empty em; P p{'c', 7}; ns::Hidden hid; ns::In in;
  ns::Tpl<char, ns::Mode::off, 2> tc{'q', ns::Mode::on, {'x', 'y'}};
  typename ns::Tpl<int, ns::Mode::on>::template Inner<long> inner{9};
  Pack<int, char *, ns::In> pack; Auto<5> au; Auto<ns::Mode::on> au2; Auto<&A::count> au3; TTP<Box> ttp{{3}}; Box<Box<int>> bb{{4}};
  Bits bits{1, 2, true, ns::Mode::on}; Op op{5}; U u; Priv pr; Cons cons;
  decltype(nullptr) np = nullptr; char16_t c16 = u'x'; char32_t c32 = U'☺'; char8_t *c8 = nullptr; wchar_t wc = L'é';
  const char16_t *s16 = u"hé"; const char32_t *s32 = U"yo"; const wchar_t *ws = L"w";
  int *const &rp = new int(5); int (&ra3)[3] = arr; int (*pa3)[3] = &arr; int *rpa0[2] = {arr, nullptr}; int *(&rpa)[2] = rpa0;
  std::initializer_list<int> il = {1, 2, 3};
  auto lam = [&, t]() mutable { return t + arr[0]; };
  auto gen = [](auto x) { return x; };
  int (C::*cf)(int) = &C::f; int C::*cm = &C::c; int C::*nullm = nullptr; int (C::*nullf)(int) = nullptr;
  ns::Mode mode = M, badmode = (ns::Mode)7; ns::In::E e = (ns::In::E)9;
  bool b = true; long double ld = 2.5L; unsigned char uc = 'z'; signed char sc = -1;
  volatile int vol = 3; const volatile int *cvp = &vol;
  void *vp = &c; void (*vf)() = (void (*)())fun;
  D dd = *d; C cc = c; C arrc[2]; A *arrp[2] = {&c, nullptr};
  sink = ref.r + fn.fp(c, "") + pa->a + pb->b + pv->v + ra.a + rb.b + he.x + p.i + hid.h + in.i + tc.t + inner.u + pack.n + au.v + au2.v + au3.v + ttp.t.t + bb.t.t + bits.a + op.v + u.i + pr.z + cons.mut + (np == nullptr) + c16 + c32 + (c8 == nullptr) + wc + s16[0] + s32[0] + ws[0] + *rp + ra3[0] + (*pa3)[0] + rpa[0][0] + il.size() + lam() + gen(1) + (c.*cf)(1) + c.*cm + (nullm == nullptr) + (nullf == nullptr) + (int)mode + (int)badmode + (int)e + b + (int)ld + uc + sc + *cvp + (vp != 0) + (vf != 0) + dd.d + cc.c + arrc[0].c + arrp[0]->a + pl->l + tp.t + t + (none.fp == nullptr) + sizeof em + Cons::tl;
  abs->pure();
  return sink;
}
int main() { C c; D d; ns::Tpl<int, ns::Mode::on> tp{1, ns::Mode::on, {2, 3, 4}}; return go<int, ns::Mode::on>(42, tp, c, &d, 7); }
