// Objects of the standard library that were never made: what printers do with bytes that mean nothing.
#include <any>
#include <atomic>
#include <bitset>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <stack>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>
#include <cstdlib>
#include <cstring>

static long zeros[64];

static void fill(char *at, size_t size, long value, long step) {
  for (size_t done = 0; done + 8 <= size; done += 8, value += step) memcpy(at + done, &value, 8);
}

// Zeros, ones, small numbers, and pointers to zeros.
#define OBJECTS(NAME, ...) \
  using NAME##_t = __VA_ARGS__; \
  alignas(16) static char NAME##_bytes[4][sizeof(NAME##_t)]; \
  memset(NAME##_bytes[1], 255, sizeof(NAME##_t)); \
  fill(NAME##_bytes[2], sizeof(NAME##_t), 16, 0); \
  fill(NAME##_bytes[3], sizeof(NAME##_t), (long)zeros, 24); \
  NAME##_t &NAME##_zero = *(NAME##_t *)NAME##_bytes[0], &NAME##_ones = *(NAME##_t *)NAME##_bytes[1]; \
  NAME##_t &NAME##_small = *(NAME##_t *)NAME##_bytes[2], &NAME##_pointers = *(NAME##_t *)NAME##_bytes[3];

static void stop() {
  // So that the types of the nodes are described.
  std::map<int, int> map0{{1, 2}};
  std::unordered_map<int, int> table0{{1, 2}};
  std::set<int> set0{1};
  std::unordered_set<int> keys0{1};
  std::list<std::string> list0{"one"};
  std::forward_list<int> chain0{1};
  std::shared_ptr<int> shared0 = std::make_shared<int>(5);
  OBJECTS(string, std::string)
  OBJECTS(wide, std::wstring)
  OBJECTS(view, std::string_view)
  OBJECTS(vector, std::vector<int>)
  OBJECTS(bits, std::vector<bool>)
  OBJECTS(words, std::vector<std::string>)
  OBJECTS(map, std::map<int, int>)
  OBJECTS(set, std::set<int>)
  OBJECTS(table, std::unordered_map<int, int>)
  OBJECTS(keys, std::unordered_set<int>)
  OBJECTS(list, std::list<std::string>)
  OBJECTS(chain, std::forward_list<int>)
  OBJECTS(deque, std::deque<int>)
  OBJECTS(shared, std::shared_ptr<int>)
  OBJECTS(weak, std::weak_ptr<int>)
  OBJECTS(unique, std::unique_ptr<int>)
  OBJECTS(optional, std::optional<std::string>)
  OBJECTS(variant, std::variant<int, std::string>)
  OBJECTS(any, std::any)
  OBJECTS(tuple, std::tuple<int, std::string>)
  OBJECTS(pair, std::pair<int, std::string>)
  OBJECTS(flags, std::bitset<70>)
  OBJECTS(queue, std::queue<int>)
  OBJECTS(stack, std::stack<std::string>)
  OBJECTS(span, std::span<int>)
  OBJECTS(error, std::error_code)
  OBJECTS(atomic, std::atomic<int>)
  OBJECTS(place, std::map<int, int>::iterator)
  OBJECTS(item, std::vector<int>::iterator)
  OBJECTS(path, std::filesystem::path)
  OBJECTS(order, std::strong_ordering)
  abort();
}

int main() { stop(); }
