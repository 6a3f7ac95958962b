// `panic MODE`
use std::collections::HashMap;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
struct Account { id: u32, name: String, balance: i64 }
trait Ledger { fn charge(&mut self, amount: i64) -> Result<i64, String>; }
impl Ledger for Account { #[inline(never)] fn charge(&mut self, amount: i64) -> Result<i64, String> { if amount > self.balance { return Err(format!("{} ({}) lacks {}", self.name, self.id, amount - self.balance)); } self.balance -= amount; Ok(self.balance) } }
#[inline(never)] fn settle(book: &mut HashMap<u32, Account>, id: u32, amount: i64) -> i64 { book.get_mut(&id).unwrap().charge(amount).expect("the account covers it") }
#[inline(never)] fn index(values: &[i32], at: usize) -> i32 { values[at] }
#[inline(never)] fn divide(a: i32, b: i32) -> i32 { a / b }
#[inline(never)] fn write(address: *mut i32, value: i32) { unsafe { std::ptr::write_volatile(address, value) } }
fn generic<T: Copy, F: Fn(T) -> i32>(value: T, f: F) -> i32 { f(value) + 1 }
#[inline(never)] fn recurse(n: u64) -> u64 { let pad = [n; 16]; if n == u64::MAX { 0 } else { recurse(n + 1) + std::hint::black_box(pad)[3] } }
fn main() {
    let mode = std::env::args().nth(1).unwrap_or_default();
    match mode.as_str() {
        "unwrap" => { let mut book = HashMap::new(); book.insert(7, Account { id: 7, name: "Ada".into(), balance: 5 }); println!("{}", settle(&mut book, 7, 90)); }
        "index" => { println!("{}", index(&[1, 2, 3], mode.len() + 5)); }
        "divide" => { println!("{}", divide(5, mode.len() as i32 - 6)); }
        "null" => { println!("{}", generic(5, |x| { write((x - 5) as usize as *mut i32, x); x })); }
        "abort" => { let text = Some("text"); if text.is_some() { std::process::abort() } }
        "overflow" => { println!("{}", recurse(1)); }
        "threads" => {
            let total = Arc::new(Mutex::new(0u64));
            let (ready, wait) = mpsc::channel();
            let guard = total.lock().unwrap();
            for n in 0..4u64 { let (total, ready) = (total.clone(), ready.clone()); thread::Builder::new().name(format!("worker {n}")).spawn(move || { ready.send(n).unwrap(); *total.lock().unwrap() += n; }).unwrap(); }
            for _ in 0..4 { wait.recv().unwrap(); }
            thread::sleep(std::time::Duration::from_millis(60));
            if *guard == 0 { std::process::abort() }
        }
        _ => panic!("no such mode: {mode}"),
    }
}
