// Containers that were made and then bent: cycles, ends before beginnings, sizes beyond all memory.
#include <cstdlib>
#include <cstring>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

template <typename T> static long *words(T &object) { return reinterpret_cast<long *>(&object); }

volatile long sink;

__attribute__((noinline)) static void go() {
  std::vector<int> backward{1, 2, 3}, endless{1, 2, 3}, odd{1, 2, 3};
  std::vector<bool> bits(10, true);
  std::vector<std::string> texts{"a", "b"};
  std::list<int> circle{1, 2, 3}, lost{1, 2};
  std::forward_list<int> loop{1, 2};
  std::map<int, int> tree{{1, 2}, {3, 4}, {5, 6}}, many{{1, 2}};
  std::set<int> orphan{1, 2, 3};
  std::unordered_map<int, int> chain{{1, 2}, {3, 4}}, counted{{1, 2}};
  std::deque<int> deck{1, 2, 3}, wide{1, 2};
  std::string huge = "short", negative = "short", nowhere = "a string that is long enough for the heap";
  std::string_view view = "view", far = "far";
  std::span<int> range(backward);
  std::shared_ptr<int> shared = std::make_shared<int>(1);
  std::unique_ptr<int> unique;

  std::swap(words(backward)[0], words(backward)[1]);
  words(endless)[1] += 1L << 60;
  words(odd)[1] -= 1;
  words(bits)[2] += 1L << 50;
  words(texts)[1] += 1L << 40;
  long *node = (long *)words(circle)[0];
  *node = (long)node;
  words(circle)[2] = 1L << 62;
  *(long *)words(lost)[0] = 8;
  long *first = (long *)words(loop)[0];
  *first = (long)first;
  // Header: colour, parent, left, right, count. A node's right child is the node.
  long *root = (long *)words(tree)[2];
  root[3] = (long)root;
  words(many)[5] = 1L << 61;
  ((long *)words(orphan)[2])[2] = 16;
  long *bucket = (long *)words(chain)[2];
  *bucket = (long)bucket;
  words(counted)[3] = -1;
  std::swap(words(deck)[2], words(deck)[6]);
  words(wide)[6] += 1L << 58;
  words(huge)[1] = 1L << 62;
  words(negative)[1] = -1;
  words(nowhere)[0] = 16;
  words(view)[0] = 1L << 61;
  words(far)[1] = 24;
  words(range)[1] = 1L << 61;
  words(shared)[1] = 40;
  words(unique)[0] = 48;
  sink = (long)node + (long)first + (long)root + (long)bucket;
  abort();
}

int main() { go(); }
