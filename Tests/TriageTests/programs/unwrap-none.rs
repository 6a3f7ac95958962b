// build: rustc -g -C panic=abort
// class: panic
// says: panic: called `Option::unwrap()` on a `None` value|a panic in unwrap_none::first
fn first(list: &[i32]) -> i32 { *list.first().unwrap() }
fn main() { std::process::exit(first(&[])); }
