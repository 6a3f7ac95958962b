// One unit of a program with much debug information: compiled once, then copied under other numbers by `run`.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

int enter(int number, int depth, const char *tag);

struct Node_0000 {
  std::map<std::string, std::vector<std::shared_ptr<Node_0000>>> children;
  std::unordered_map<int, std::function<int(Node_0000 *)>> calls;
  int depth = 0;
};

static int step_0000(Node_0000 *node, int depth, const char *tag) { return enter(node->depth, depth, tag); }

int next_0000(Node_0000 *node, int depth, const char *tag) {
  std::regex pattern("[a-z]+");
  std::ostringstream text;
  text << node->depth << std::regex_match(tag, pattern);
  node->children[text.str()].push_back(std::make_shared<Node_0000>());
  node->calls[depth] = [depth, tag](Node_0000 *inner) { return step_0000(inner, depth, tag); };
  return node->calls[depth](node);
}

extern "C" int start_0000(int depth, const char *tag) {
  Node_0000 node;
  return next_0000(&node, depth, tag);
}
