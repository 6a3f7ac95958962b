// build: g++ -g -O0
// class: null_dereference
// says: read of 0x28, near NULL: field 'balance' of Account at offset 40
// says: this is NULL
#include <string>
struct Account { long id; std::string owner; int balance; void pay(int n) { balance -= n; } };
int main(int argc, char **) { Account *account = argc > 5 ? new Account() : nullptr; account->pay(5); }
