// build: g++ -g -O0
struct Shape { virtual double area() const { return 0; } virtual ~Shape() {} };
static double measure(const Shape *shape) { return shape->area(); }
int main() { return (int)measure(nullptr); }
