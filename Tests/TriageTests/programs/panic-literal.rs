// build: rustc -g -C panic=abort
fn load() { panic!("not implemented on this platform"); }
fn main() { load(); }
