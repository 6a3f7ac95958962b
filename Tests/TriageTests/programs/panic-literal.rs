// build: rustc -g -C panic=abort
// class: panic
// says: panic: not implemented on this platform|a panic in panic_literal::load
fn load() { panic!("not implemented on this platform"); }
fn main() { load(); }
