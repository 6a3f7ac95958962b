#include <string>
#include <vector>
#include <map>
#include <list>
#include <memory>
#include <set>
#include <functional>
#include <stdlib.h>
#include <signal.h>
struct Item { int id; std::string name; std::vector<int> tags; };
static int total; 
__attribute__((noinline)) void sink(const void *p) { asm volatile("" : : "r"(p) : "memory"); total++; }
__attribute__((noinline)) int work(const std::string &key, std::vector<Item> items, std::map<std::string, int> &index, std::shared_ptr<Item> sp, std::unique_ptr<Item> up, int depth) {
  std::string local = key + "-" + std::to_string(depth); std::vector<int> v(depth, 3); std::list<std::string> l; std::set<int> s; sink(&local); sink(&v);
  for (auto &i : items) { l.push_back(i.name); s.insert(i.id); index[i.name] += i.id; sink(&i); }
  auto lam = [&](int x) { return x + items.size(); }; std::function<int(int)> f = lam; sink(&f); sink(&l); sink(&s);
  if (depth > 2) { abort(); }
  int r = work(local, items, index, sp, std::move(up), depth + 1); 
  return r + f(r);
}
int main() { std::map<std::string, int> idx; std::vector<Item> it{{1, "one", {1}}, {2, "two", {}}}; return work("k", it, idx, std::make_shared<Item>(it[0]), std::make_unique<Item>(it[1]), 1); }
