// A transfer that the account does not cover: `expect` panics, and a panic aborts (-C panic=abort).
use std::collections::BTreeMap;
use std::thread;

struct Account {
    name: &'static str,
    balance: i64,
}

struct Ledger {
    accounts: BTreeMap<u32, Account>,
}

impl Ledger {
    fn withdraw(&mut self, id: u32, amount: i64) -> Result<i64, String> {
        let account = self.accounts.get_mut(&id).ok_or("no such account")?;
        if account.balance < amount {
            return Err(format!("{} lacks {}", account.name, amount - account.balance));
        }
        account.balance -= amount;
        Ok(account.balance)
    }

    fn transfer(&mut self, from: u32, to: u32, amount: i64) {
        self.withdraw(from, amount).expect("the sender covers it");
        if let Some(account) = self.accounts.get_mut(&to) {
            account.balance += amount;
        }
    }
}

fn main() {
    let clerk = thread::Builder::new().name("clerk".into()).spawn(|| {
        let accounts = BTreeMap::from([(1, Account { name: "Ada", balance: 30 }), (2, Account { name: "Bob", balance: 5 })]);
        let mut ledger = Ledger { accounts };
        for amount in [10, 15, 20] {
            ledger.transfer(1, 2, amount);
        }
    });
    clerk.unwrap().join().unwrap();
}
