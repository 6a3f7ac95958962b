// build: rustc -g -C panic=abort
// class: panic
// says: panic: null pointer dereference occurred|a panic in null_rust::size
struct Config { level: u64, size: u64 }
fn size(config: *const Config) -> u64 { unsafe { (*config).size } }
fn main() { std::process::exit((size(std::ptr::null()) + unsafe { (*(16 as *const Config)).level }) as i32); }
