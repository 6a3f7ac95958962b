// Values of the standard library in one frame, some of them three times.
use std::borrow::Cow;
use std::cell::*;
use std::collections::*;
use std::rc::Rc;
use std::sync::*;
#[derive(Debug, Clone)]
enum Shape {
    Circle(f64),
    Rect { w: f32, h: f32 },
    Unit,
    Named(String),
}
#[derive(Debug)]
struct P<T> {
    x: T,
    y: Option<Box<T>>,
}
#[repr(u8)]
#[derive(Debug, Clone, Copy)]
enum C {
    A = 1,
    B = 7,
}
trait Tr {
    fn go(&self, n: u32) -> u32;
}
struct S(u32, &'static str);
impl Tr for S {
    #[inline(never)]
    fn go(&self, n: u32) -> u32 {
        deep(n, &[1, 2, 3], "hi", self.0 as u64)
    }
}
#[inline(never)]
fn deep(n: u32, sl: &[i16], st: &str, k: u64) -> u32 {
    let v = vec![Shape::Circle(1.5), Shape::Rect { w: 1.0, h: 2.0 }, Shape::Unit, Shape::Named("nm".into())];
    let mut hm = HashMap::new();
    hm.insert("k", 1);
    let bt: BTreeMap<i32, &str> = [(1, "one"), (2, "two")].into();
    let hs: HashSet<u8> = [1].into();
    let vd: VecDeque<i32> = (1..4).collect();
    let rc = Rc::new(RefCell::new(5));
    let arc = Arc::new(Mutex::new(String::from("m")));
    let w = Rc::downgrade(&rc);
    let cell = Cell::new(3u8);
    let rw = RwLock::new(1i64);
    let o1: Option<u32> = Some(4);
    let o2: Option<&str> = None;
    let o3: Option<Box<i32>> = Some(Box::new(1));
    let r1: Result<u8, String> = Err("bad".into());
    let r2: Result<(), i32> = Ok(());
    let t = (1u8, 'x', "s", 2.5f32, true);
    let a = [[1i32; 2]; 2];
    let c = C::B;
    let cow: Cow<str> = Cow::Borrowed("cow");
    let p = P { x: 3i128, y: Some(Box::new(4)) };
    let bx: Box<dyn Tr> = Box::new(S(1, "q"));
    let f = |z: u32| z + n;
    let fp: fn(u32) -> u32 = idf;
    let ch = '\u{e9}';
    let us = "h\u{e9}llo";
    let e: [u8; 0] = [];
    let ph = std::marker::PhantomData::<u8>;
    let nz = std::num::NonZeroU32::new(3);
    let rng = 1..=5;
    let rng2 = 0..n;
    let os = std::ffi::OsString::from("os");
    let dur = std::time::Duration::from_millis(1500);
    let ptr = &k as *const u64;
    let unit = ();
    let it = v.iter();
    let big = u128::MAX;
    if n == 0 {
        std::process::abort();
        let z: Vec<u32> = vec![];
        return z[sl.len()] + f(1) + fp(2) + hm.len() as u32;
    }
    let r = deep(n - 1, &sl[1..], &st[..1], k + 1);
    let _ = it.len();
    drop((v, hm, bt, hs, vd, rc, arc, w, cell));
    drop((rw, o1, o2, o3, r1, r2, t, a, c, cow, p, bx));
    let _ = (ch, us, e, ph, nz, rng, rng2, os, dur, ptr, unit, big);
    r
}
fn idf(x: u32) -> u32 {
    x
}
fn main() {
    let s: Box<dyn Tr> = Box::new(S(9, "static"));
    println!("{}", s.go(2));
}
