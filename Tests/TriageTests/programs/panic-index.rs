// build: rustc -g -C panic=abort
// class: panic
// says: panic: index out of bounds: the len is 3 but the index is 7 (likely)
fn pick(list: &[i32], index: usize) -> i32 { list[index] }
fn main() { let list = vec![1, 2, 3]; std::process::exit(pick(&list, std::env::args().count() + 6)); }
