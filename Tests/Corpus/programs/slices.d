// Dynamic arrays, delegates, classes, scoped enumerators.
import core.stdc.stdlib;
enum Color { red, green = 5 } struct Point { int x = 1; double y = 2.5; char[4] tag = "abcd"; } class Base { int b = 1; string name = "base"; } class Derived : Base { double d = 2.5; Point p; } interface I { int f(); } union U { int i; float f; } alias Vec = int[];
int crash(int* p, string s, int[] arr, int[string] map, Point pt, Derived d, ref int r, Color c, int delegate(int) dg, bool b, dchar ch, real re) { int local = cast(int)(s.length + arr.length); ubyte ub = 200; wchar wc = 'w'; int[3] fixed = [1, 2, 3]; string[] strs = ["a", "b"]; U u; u.f = 1; void* vp = p; *p = local + ub + wc + fixed[0] + r + pt.x + d.b + dg(1); return local; }
void main(string[] args) { int k = 3; auto d = new Derived; auto dg = (int x) => x + k; int[string] m = ["k": 1]; crash(null, "text", [1, 2, 3], m, Point(), d, k, Color.green, dg, true, 'é', 1.5); }
