#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>
using namespace std;

struct P {
  int a;
  string s;
};

int f(const vector<int> &v, const string &s, string &&r, const map<string, int> &m, vector<int> &nv, string &ns,
      map<string, int> &nm, shared_ptr<int> &sp, shared_ptr<int> &nsp, P &p, P &np, vector<P> *pv,
      const pair<int, string> &pr, int &i, int &ni) {
  abort();
}

int main() {
  vector<int> v{1, 2};
  string s = "x";
  map<string, int> m{{"a", 1}};
  auto sp = make_shared<int>(3);
  P p{1, "q"};
  vector<P> pv{p};
  pair<int, string> pr{1, "z"};
  int i = 3;
  return f(v, s, string("r"), m, *(vector<int> *)0, *(string *)0, *(map<string, int> *)0, sp, *(shared_ptr<int> *)0,
           p, *(P *)0, &pv, pr, i, *(int *)0);
}
