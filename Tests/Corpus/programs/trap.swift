// `trap MODE`
struct Account { var id: Int; var name: String; var balance: Int }
enum Failure: Error { case lacking(Int) }
protocol Ledger { mutating func charge(_ amount: Int) throws -> Int }
extension Account: Ledger {
  @inline(never) mutating func charge(_ amount: Int) throws -> Int {
    guard amount <= balance else { throw Failure.lacking(amount - balance) }
    balance -= amount
    return balance
  }
}
final class Book<Key: Hashable> {
  var accounts: [Key: Account] = [:]
  @inline(never) func settle(_ key: Key, _ amount: Int) -> Int { try! accounts[key]!.charge(amount) }
}
@inline(never) func at(_ values: [Int], _ index: Int) -> Int { values[index] }
@inline(never) func add(_ a: Int8, _ b: Int8) -> Int8 { a + b }
@inline(never) func poke(_ address: Int, _ value: Int32) {
  UnsafeMutablePointer<Int32>(bitPattern: address)!.pointee = value
}
let mode = CommandLine.arguments.dropFirst().first ?? ""
switch mode {
case "fatal": fatalError("this is the end of \(mode)")
case "index": print(at([1, 2, 3], mode.count + 3))
case "overflow": print(add(Int8(mode.count) + 110, 120))
case "try":
  let book = Book<Int>(); book.accounts[1] = Account(id: 1, name: "Ada", balance: 2);
  print(book.settle(1, 99))
case "nil": let book = Book<String>(); print(book.settle("nobody", 1))
case "poke":
  print(
    [1, 2].map { n -> Int in
      poke(16, Int32(n)); return n
    })
default: preconditionFailure("no such mode")
}
