// build: rustc -g -C panic=abort
// class: panic
// says: panic: cannot load settings: 3 tries (likely)
fn load(name: &str) { panic!("cannot load {}: {} tries", name, 3); }
fn main() { load("settings"); }
