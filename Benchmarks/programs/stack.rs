// Threads that wait at different depths below generic code, and one that aborts from inside an iterator.
use std::collections::HashMap;
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;

struct Order { id: u64, name: String, lines: Vec<u32> }

fn total(orders: &HashMap<u64, Order>, wanted: &str, limit: usize) -> u32 {
    orders.values().filter(|order| order.name == wanted).take(limit).map(|order| {
        if order.id == 7 { std::process::abort() }
        order.lines.iter().sum::<u32>()
    }).sum()
}

fn wait(pair: &(Mutex<bool>, Condvar), depth: u32, tag: &str) -> u32 {
    if depth > 0 { return wait(pair, depth - 1, tag) + 1; }
    let mut done = pair.0.lock().unwrap();
    while !*done { done = pair.1.wait(done).unwrap(); }
    tag.len() as u32
}

fn main() {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let ready = Arc::new(Barrier::new(4));
    for number in 1..4u32 {
        let (pair, ready) = (pair.clone(), ready.clone());
        thread::spawn(move || { ready.wait(); wait(&pair, number * 3, "waiting") });
    }
    ready.wait();
    thread::sleep(std::time::Duration::from_millis(200));
    let orders: HashMap<u64, Order> =
        [(7, Order { id: 7, name: "bolts".to_string(), lines: vec![1, 2] })].into_iter().collect();
    println!("{}", total(&orders, "bolts", 3));
}
