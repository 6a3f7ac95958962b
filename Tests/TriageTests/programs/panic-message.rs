// build: rustc -g -C panic=abort
fn load(name: &str) { panic!("cannot load {}: {} tries", name, 3); }
fn main() { load("settings"); }
