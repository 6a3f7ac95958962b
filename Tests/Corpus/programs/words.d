import core.stdc.stdlib;

class Deep { int go(int n, bool b, char c) { if (n == 0) abort(); return go(n - 1, b, c) + 1; } }
template Twice(T) { T twice(T value) { return cast(T)(new Deep).go(value, true, 'c'); } }
void main() { Twice!int.twice(3); }
