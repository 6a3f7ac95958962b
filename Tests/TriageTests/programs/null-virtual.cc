// build: g++ -g -O0
// class: null_dereference
// says: read of 0x0, NULL: field '_vptr.Shape' of Shape at offset 0
// says: shape is NULL
struct Shape { virtual double area() const { return 0; } virtual ~Shape() {} };
static double measure(const Shape *shape) { return shape->area(); }
int main() { return (int)measure(nullptr); }
