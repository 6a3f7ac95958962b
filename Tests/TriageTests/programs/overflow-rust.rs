// build: rustc -g -C panic=abort
// class: stack_overflow
// says: a handler of SIGSEGV ended the program: stack overflow
// says: repeat overflow_rust::depth ×
fn depth(n: u64) -> u64 { let pad = [n; 16]; if n == u64::MAX { 0 } else { depth(n + 1) + std::hint::black_box(pad)[3] } }
fn main() { println!("{}", depth(0)); }
