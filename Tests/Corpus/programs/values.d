// Dynamic arrays, text of every width, classes and enumerations of D.
struct Point { int x; double y; string text; wstring wide; dchar letter; int[3] fixed; }
enum Plain { one, two, three }
enum Flags : ubyte { a = 1, b = 2, c = 4 }
interface Runner { int run(int depth, Point point, string[] names, int[] numbers); }

class Base { int base = 7; }

class Worker : Base, Runner {
  int value;
  string name = "hello";
  int[] numbers = [1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4];
  Point[] points;
  int[string] table;

  this(int value) { this.value = value; points = [Point(1, 2, "x", "y"w, 'z')]; table["k"] = 3; }

  int run(int depth, Point point, string[] names, int[] numbers) {
    char[] text = "text".dup;
    ubyte[] bytes = [1, 2, 255];
    int[] none;
    int[][] nested = [[1], [2, 3]];
    double[] doubles = [1.5, 2.5];
    bool[] bools = [true, false];
    Plain plain = Plain.two;
    Flags flags = cast(Flags) 5;
    auto delegated = (int z) => z + value;
    void* anywhere = &point;
    real extended = 1.5;
    long negative = -5;
    Worker self = this;
    if (depth == 0) return *cast(int*)8;
    return delegated(1) + run(depth - 1, point, names, numbers) + cast(int)nested.length + cast(int)text.length
      + cast(int)bytes.length + cast(int)none.length + cast(int)doubles.length + bools[0] + plain + flags + cast(int)negative + self.value + cast(int) extended;
  }
}

void main() { new Worker(4).run(2, Point(1, 2.5, "abc", "def"w, 'q'), ["a", "bc"], [5, 6]); }
