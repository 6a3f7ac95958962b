// build: rustc -g -C panic=abort
fn first(list: &[i32]) -> i32 { *list.first().unwrap() }
fn main() { std::process::exit(first(&[])); }
