// build: g++ -g -O0
#include <string>
struct Account { long id; std::string owner; int balance; void pay(int n) { balance -= n; } };
int main(int argc, char **) { Account *account = argc > 5 ? new Account() : nullptr; account->pay(5); }
