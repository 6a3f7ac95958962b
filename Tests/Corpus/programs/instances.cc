// What templates take: types, templates, numbers, functions, members, references; lambdas in each other.
#include <cstdlib>
#include <string>
#include <map>
#include <vector>
#include <functional>
#include <memory>
#include <stdexcept>
#include <type_traits>
volatile int sink; int *volatile nowhere;
namespace { struct AnonNs { int v = 3; enum { inner_a, inner_b } e = inner_b; }; template <class T> T anon_fn(T t) { *nowhere = 1; return t; } int anon_global = 8; }
namespace outer { namespace { namespace deep { struct S { int s = 4; static S make() { return {}; } }; int deep_var = 9; } } struct A { struct B { struct C { int c = 1; static int cs; }; C cc; }; B b; }; int A::B::C::cs = 77; int var = 5; namespace alias_target { int at = 6; } namespace al = alias_target; using alias_target::at; template <class T> int tvar = sizeof(T); inline int inl = 12; typedef std::map<std::string, std::vector<A>> table_t; }
template <template <class...> class C, class... A> struct Wrap { C<A...> c; int n = sizeof...(A); };
template <class T, T... I> struct Seq { T first = (I + ... + 0); };
template <int (*F)(int)> struct FnArg { int operator()(int x) { return F(x); } int z = 1; }; int inc(int x) { return x + 1; }
template <int outer::A::*M> struct PmArg { }; template <class T> using Vec = std::vector<T>; template <bool B, char C, short S, unsigned U, long long L, unsigned long long UL> struct Lits { int v = B + C; };
template <const char *P> struct StrArg { const char *p = P; }; extern const char text_arg[] = "arg"; extern int ext; int ext = 1; template <int *P> struct PtrArg { int v = *P; }; template <int &R> struct RefArg { int v = R; }; enum class Color { red, green }; enum Old { old_a = 3, old_b }; template <Color C, Old O> struct EnumArg { int v = (int)C + O; }; template <std::nullptr_t N> struct NullArg { int v = 2; };
template <class R, class... A> struct Callable { R (*fn)(A...); R (*const *pfn)(A...) = &fn; }; template <class T> struct Trait { using type = T; static constexpr bool value = std::is_integral_v<T>; type member{}; };
template <class T> struct Tree { T value; std::unique_ptr<Tree> left, right; Tree(T v) : value(v) {} void insert(T v) { auto &side = v < value ? left : right; if (side) side->insert(v); else side = std::make_unique<Tree>(v); } int depth() const { return 1 + std::max(left ? left->depth() : 0, right ? right->depth() : 0); } };
template <class F> struct Defer { F f; ~Defer() { f(); } }; template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>> __attribute__((noinline)) T compute(T a, const T &b, T &&c, T *d) { auto l1 = [=](T x) { auto l2 = [&, x](auto y) mutable { auto r = x + y + a; return anon_fn(r); }; return l2(b); }; auto ender = [&] { sink++; }; Defer<decltype(ender)> def{ender}; std::function<T(T)> f = l1; return f(c) + *d; }
struct Err : std::runtime_error { using runtime_error::runtime_error; int code = 5; }; 
int try_it(int n) { try { if (n) throw Err("bad " + std::to_string(n)); } catch (const Err &e) { int caught = e.code; Wrap<std::map, int, std::string> w; w.c[1] = "m"; Wrap<std::vector, AnonNs> w2; w2.c.resize(2); Seq<int, 1, 2, 3> seq; Seq<char, 'a', 'b'> cseq; FnArg<inc> fa; PmArg<nullptr> pm; Vec<int> vec{1}; Lits<true, 'x', -3, 4u, -5ll, 6ull> lits; StrArg<text_arg> sa; PtrArg<&ext> pa; RefArg<ext> ra; EnumArg<Color::green, old_b> ea; NullArg<nullptr> na; Callable<int, const char *, double &> call{nullptr}; Trait<const unsigned long> tr; Tree<std::string> tree("m"); tree.insert("a"); tree.insert("z"); Tree<int> ti(1); outer::A a; outer::deep::S os; outer::table_t table{{"k", {a}}}; AnonNs an; int arr[] = {1, 2}; double d = 4; auto *fnp = &compute<double>; auto mfp = &Tree<int>::insert; outer::A::B::C *pc = &a.b.cc; sink = caught + seq.first + cseq.first + fa(1) + vec[0] + lits.v + pa.v + ra.v + ea.v + na.v + (call.fn == 0) + tr.member + tree.depth() + ti.depth() + a.b.cc.c + os.s + an.v + arr[0] + anon_global + outer::deep::deep_var + outer::var + outer::al::at + outer::tvar<int> + outer::inl + (fnp != 0) + (mfp != 0) + (pc != 0); return compute<double>(1, 2, 3, &d); } return 0; }
int main(int argc, char **) { return try_it(argc); }
