// Enums with and without niches, trait objects, closures, cells, counted pointers, collections.
use std::cell::{Cell, RefCell, UnsafeCell, OnceCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, RwLock, atomic::{AtomicU32, AtomicBool, AtomicPtr}};
use std::num::NonZeroU32;
use std::borrow::Cow;
use std::fmt::Debug;
use std::marker::PhantomData;
#[derive(Debug, Clone, Copy, PartialEq)] enum Plain { A, B = 5, C }
#[derive(Debug, Clone)] enum Data { Unit, Tuple(i32, String), Struct { x: f64, y: Option<Box<Data>> }, Nested(Result<u8, String>) }
#[derive(Debug, Clone, Copy)] #[repr(u8)] enum Repr { X = 1, Y = 200 }
#[derive(Debug)] #[repr(C)] enum ReprC { P(u8), Q(u64) }
#[derive(Debug, Clone)] struct Unit; #[derive(Debug, Clone)] struct New(u32); #[derive(Debug, Clone)] struct Pair(i8, &'static str);
#[derive(Debug, Clone)] struct Gen<T, const N: usize> { items: [T; N], len: usize, marker: PhantomData<T> }
union Un { i: u32, f: f32 }
trait Shape { fn area(&self) -> f64; fn name(&self) -> String { "shape".to_string() } }
struct Circle { r: f64 } struct Sq { s: i32, tag: char }
impl Shape for Circle { fn area(&self) -> f64 { self.r * self.r } } impl Shape for Sq { fn area(&self) -> f64 { (self.s * self.s) as f64 } }
struct Node { value: i32, next: Option<Box<Node>>, parent: Weak<RefCell<i32>> }
mod inner { pub mod deep { #[derive(Debug, Clone)] pub struct S { pub a: u16, pub(crate) b: bool, pub c: () } pub static COUNT: u32 = 17; pub const K: &str = "const"; pub fn make() -> S { S { a: 3, b: true, c: () } } } }
static mut GLOBAL: i64 = -9; static TABLE: [&str; 3] = ["x", "y", "z"]; thread_local! { static TL: Cell<u32> = Cell::new(4); }
#[inline(never)] fn crash(p: *mut i32, shape: &dyn Shape, s: &str, slice: &[u16], boxed: Box<dyn Fn(i32) -> i32>, tup: (i32, f32, &str), arr: [u8; 4], opt: Option<&str>, gen: impl Debug, never: Option<NonZeroU32>) -> i32 {
  let a = shape.area(); let c = boxed(3);
  unsafe { *p = c + a as i32 + s.len() as i32 + slice.len() as i32 + tup.0 + arr[0] as i32 + opt.map_or(0, |x| x.len() as i32) + never.map_or(1, |n| n.get() as i32); }
  println!("{:?}", gen); 0
}
fn work<T: Debug + Clone>(t: T, n: usize) -> i32 {
  let plain = [Plain::A, Plain::B, Plain::C]; let d0 = Data::Unit; let d1 = Data::Tuple(7, "seven".into()); let d2 = Data::Struct { x: 1.5, y: Some(Box::new(Data::Tuple(1, "in".into()))) }; let d3 = Data::Nested(Err("bad".into())); let d4 = Data::Nested(Ok(3)); let rp = [Repr::X, Repr::Y]; let rc1 = ReprC::P(3); let rc2 = ReprC::Q(9); 
  let unit = Unit; let new = New(5); let pair = Pair(-3, "pair"); let g = Gen::<u8, 3> { items: [1, 2, 3], len: 3, marker: PhantomData }; let un = Un { f: 1.0 }; let empty = (); let tup1 = (1u8,); let tup = (1, 2.5, 'c', "str", (true, [1i16, 2])); 
  let i8_ = -1i8; let u8_ = 255u8; let i128_ = -170141183460469231731687303715884105728i128; let u128_ = u128::MAX; let us = usize::MAX; let is = isize::MIN; let f32_ = 0.1f32; let f64_ = f64::NAN; let ch = 'é'; let ch2 = '\n'; let ch3 = '😀'; let b = true; let ch0 = '\0'; let byte = b'x'; let bytes = b"by\x00tes\xff"; let cstr = c"cstr";
  let s = String::from("héllo \"q\" \n"); let st = "static"; let es = String::new(); let sl = &s[0..3]; let bx = Box::new(5i32); let bs: Box<str> = "boxstr".into(); let bsl: Box<[i32]> = vec![1, 2].into(); let dynb: Box<dyn Shape> = Box::new(Sq { s: 4, tag: 't' }); let dynr: &dyn Debug = &new; let vec = vec![1, 2, 3]; let ve: Vec<String> = vec![]; let vs = vec!["a".to_string(), "b".to_string()]; let vv = vec![vec![1u8], vec![]]; let vo = vec![Some(1), None]; let vd: Vec<Box<dyn Shape>> = vec![Box::new(Circle { r: 1.0 })]; let arr2 = [[1, 2], [3, 4]]; let arr0: [i32; 0] = []; let sarr = ["x", "y"]; let slice = &vec[1..]; let big = [7u8; 300]; let mixed = [0u32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5];
  let on: Option<u32> = None; let os = Some(5u8); let ob = Some(Box::new(3)); let obn: Option<Box<i32>> = None; let or: Option<&i32> = Some(&7); let ostr: Option<String> = Some("opt".into()); let ostrn: Option<String> = None; let oo: Option<Option<bool>> = Some(None); let och: Option<char> = Some('z'); let ochn: Option<char> = None; let res: Result<i32, String> = Ok(1); let rese: Result<i32, String> = Err("err".into()); let resu: Result<(), std::num::ParseIntError> = "x".parse::<i32>().map(|_| ()); let nz = NonZeroU32::new(5); let cow: Cow<str> = Cow::Borrowed("cow"); let cowo: Cow<str> = Cow::Owned("owned".into()); let ofn: Option<fn(i32) -> i32> = None; let ord = std::cmp::Ordering::Less; let unitres: Result<(), ()> = Ok(());
  let rc = Rc::new(RefCell::new(5)); let weak = Rc::downgrade(&rc); let arc = Arc::new(Mutex::new(vec![1])); let rw = RwLock::new(3u8); let cell = Cell::new(4); let oc: OnceCell<String> = OnceCell::new(); let uc = UnsafeCell::new(1u8); let at = AtomicU32::new(6); let ab = AtomicBool::new(true); let node = Node { value: 1, next: Some(Box::new(Node { value: 2, next: None, parent: Weak::new() })), parent: Weak::new() }; let ap: AtomicPtr<i32> = AtomicPtr::new(std::ptr::null_mut()); let refc = rc.borrow();
  let mut hm = HashMap::new(); hm.insert("k".to_string(), 1); let hs: HashSet<i32> = [1].into(); let bm: BTreeMap<i32, &str> = [(1, "one"), (2, "two")].into(); let bset: BTreeSet<char> = ['a', 'b'].into(); let vdq: VecDeque<i32> = [1, 2].into(); let ll: LinkedList<u8> = [1, 2].into(); let bh: BinaryHeap<i32> = [3, 1].into(); 
  let add = move |x: i32| x + n as i32; let mv = { let s = s.clone(); move || s.len() }; let fp: fn(usize) -> Option<usize> = Some; let fnr = work::<u8>; let rp_: *const i32 = &5; let np: *mut u8 = std::ptr::null_mut(); let rr = &&vec; let mr = &mut { 5 }; let range = 1..5; let ri = 1..=3; let it = vec.iter(); let chars = st.chars(); let dur = std::time::Duration::from_millis(1500); let path = std::path::PathBuf::from("/tmp"); let os_ = std::ffi::OsString::from("os"); let deep = inner::deep::make(); let lay = std::alloc::Layout::new::<u64>(); let ph: PhantomData<i32> = PhantomData; let tid = std::any::TypeId::of::<i32>(); let mu = std::mem::MaybeUninit::<u32>::uninit(); let wr = std::num::Wrapping(3u8); let pin = Box::pin(4); let ioe = std::io::Error::new(std::io::ErrorKind::Other, "io"); let boxe: Box<dyn std::error::Error> = "boxed".into(); let strs: &[&str] = &["p", "q"]; let refstr: &String = &s; let boolarr = [true, false];
  let r = unsafe { GLOBAL += 1; crash(n as *mut i32, &*dynb, sl, &[1, 2, 3], Box::new(move |y| y + add(y)), (1, 2.5, "tup"), [1, 2, 3, 4], Some("opt"), t.clone(), nz) };
  println!("{:?}", (plain.len(), d0, d1, d2, d3, d4, rp)); println!("{:?}", (rc1, rc2, unit, pair, g, empty));
  println!("{:?}", (tup1, tup, i8_, u8_, i128_, u128_, us, is, f32_, f64_, ch)); println!("{:?}", (ch2, ch3, b, ch0, byte, bytes, cstr, es, bx, bs, bsl)); println!("{:?}", (ve, vs, vv, vo, arr2, arr0, sarr, slice, big.len(), mixed, on)); println!("{:?}", (os, ob, obn, or, ostr, ostrn, oo, och, ochn, res, rese)); println!("{:?}", (resu, cow, cowo, ofn.is_some(), ord, unitres, weak.upgrade())); println!("{:?}", (arc, rw, cell, oc, uc.get(), at, ab, node.value, ap, refc)); println!("{:?}", (hm, hs, bm, bset, vdq, ll, bh, mv(), fp(1), rp_, np)); println!("{:?}", (rr, mr, range, ri, it, chars, dur, path, os_, deep, lay)); println!("{:?}", (ph, tid, wr, pin, ioe, boxe, strs, refstr, boolarr, st, dynr)); println!("{:?}", unsafe { (un.i, mu.as_ptr(), vd.len(), fnr as usize, inner::deep::COUNT, inner::deep::K, TABLE[0], node.next.is_some(), TL.with(|t| t.get())) }); let _ = (Plain::A, ReprC::P(1)); r
}
fn main() { work("generic", std::env::args().count() + 7); }
