// Values of many kinds, of which an optimizer keeps parts: pieces, constants, enumerations without their discriminant.
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};
trait Speak {
    fn speak(&self, n: i32) -> i32;
}
struct Dog {
    age: u8,
    name: String,
}
impl Speak for Dog {
    fn speak(&self, n: i32) -> i32 {
        let me = self;
        if n > 0 {
            std::process::abort();
        }
        me.age as i32
    }
}
#[derive(Clone, Debug)]
enum Op {
    Nop,
    Add(i32, i32),
    Named { x: f64, y: Option<Box<u8>> },
    Text(String),
}
#[repr(u8)]
#[derive(Clone, Copy)]
enum Small {
    A = 1,
    B = 7,
}
struct Unit;
struct Wrap(u32);
struct Gen<T> {
    v: T,
    n: [T; 3],
}
union Bits {
    f: f32,
    u: u32,
}
#[inline(never)]
fn run(
    d: Box<dyn Speak>,
    r: &dyn Speak,
    rc: Rc<str>,
    s: &str,
    sl: &[u16],
    t: (i32, char, bool),
    u: (),
    o: Option<&u8>,
    res: Result<u32, String>,
    ops: Vec<Op>,
    f: fn(i32) -> i32,
    c: impl Fn(i32) -> i32,
) -> i32 {
    let m: HashMap<String, i32> = {
        let mut h = HashMap::new();
        h.insert("k".to_string(), 1);
        h
    };
    let b: BTreeMap<u8, &str> = {
        let mut h = BTreeMap::new();
        h.insert(1, "one");
        h
    };
    let q: VecDeque<i32> = vec![1, 2, 3].into();
    let hs: HashSet<u8> = {
        let mut h = HashSet::new();
        h.insert(9);
        h
    };
    let cell = Cell::new(5);
    let rf = RefCell::new(vec![1u8]);
    let am = Arc::new(Mutex::new(3i64));
    let rw = RwLock::new("x");
    let g = Gen {
        v: 2.5f32,
        n: [1.0, 2.0, 3.0],
    };
    let bits = Bits { u: 0x3f800000 };
    let i128v: i128 = -5;
    let u128v = u128::MAX;
    let sm = Small::B;
    let un = Unit;
    let w = Wrap(8);
    let range = 1..5;
    let ri = 1..=5;
    let st: &'static [&str] = &["a", "bb"];
    let bx: Box<[i32]> = vec![4, 5].into_boxed_slice();
    let cow: std::borrow::Cow<str> = "cow".into();
    let p: *const i32 = &t.0;
    let ch = 'é';
    let os = std::ffi::OsString::from("os");
    let pb = std::path::PathBuf::from("/p");
    let dur = std::time::Duration::from_millis(1500);
    let bstr = b"bytes";
    let fnp: Box<dyn Fn(i32) -> i32> = Box::new(move |z| z + t.0);
    let x = d.speak(c(1)) + r.speak(0) + f(1) + fnp(2);
    let _ = (
        m, b, q, hs, cell, rf, am, rw, g, i128v, u128v, sm as u8, un, w.0, range, ri, st, bx, cow, p, ch,
        os, pb, dur, bstr, rc, s, sl, u, o, res, ops,
    );
    unsafe { x + bits.u as i32 }
}
fn add(n: i32) -> i32 {
    n + 1
}
fn main() {
    let dog = Dog {
        age: 3,
        name: "Rex".into(),
    };
    let k = 10;
    let byte = 7u8;
    let _a = Small::A;
    let r = run(
        Box::new(Dog {
            age: 4,
            name: "Max".into(),
        }),
        &dog,
        Rc::from("rcstr"),
        "slice",
        &[1, 2],
        (1, 'c', true),
        (),
        Some(&byte),
        Err("bad".into()),
        vec![
            Op::Nop,
            Op::Add(1, 2),
            Op::Named {
                x: 1.5,
                y: Some(Box::new(1)),
            },
            Op::Text("t".into()),
        ],
        add,
        move |z| z + k,
    );
    println!("{} {}", r, dog.name);
}
