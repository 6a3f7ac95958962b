use std::collections::HashMap;
#[derive(Debug)] enum Shape { Circle(f64), Rect { w: i32, h: i32 }, Unit }
struct Point { x: i32, y: i32 } struct Tup(i32, u8);
static GLOBAL: i32 = 42; static mut COUNTER: u64 = 7;
trait Tr { fn go(&self) -> i32; } impl Tr for Point { fn go(&self) -> i32 { self.x } }
fn crash(n: i32, p: &Point, s: &str, v: &[i32]) -> i32 {
  let local = n * 2; let sh = Shape::Circle(1.5); let sr = Shape::Rect{w:1,h:2}; let su = Shape::Unit; let t = Tup(1,2); let tup = (1i32, 2.5f64);
  let arr = [1u8,2,3]; let opt: Option<i32> = Some(4); let none: Option<&str> = None; let b = Box::new(5); let st = String::from("owned"); let vc = vec![1,2,3]; let ch = 'x'; let bo = true; let u: u64 = 9; let f = 1.25f32;
  let dy: &dyn Tr = p; let mut hm = HashMap::new(); hm.insert(1, 2);
  println!("{:?} {:?} {:?} {} {:?} {:?} {:?} {} {} {:?} {} {} {} {} {} {} {} {}", sh, sr, su, t.0, tup, arr, opt, none.is_none(), b, vc, st, ch, bo, u, f, dy.go(), s, v.len() + hm.len());
  let z: *const i32 = std::ptr::null(); unsafe { COUNTER += 1; *z + local + p.y + t.1 as i32 }
}
fn main() { let p = Point{x:3,y:4}; println!("{}", crash(5 + GLOBAL, &p, "slice", &[1,2,3])); }
