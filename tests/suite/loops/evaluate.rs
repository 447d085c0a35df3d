//! What a document is at a point, by loops over numbers that carry two directions: first and second derivatives.

use super::source::{Bound, Condition, Draft, FAMILIES, RangeNumber, Scalar, Step, Vector};
use std::collections::BTreeMap;

/// x + a ε₁ + b ε₂ + c ε₁ε₂, with ε₁² = ε₂² = 0.
#[derive(Clone, Copy, Debug)]
pub struct Hyperdual {
    x: f64,
    a: f64,
    b: f64,
    c: f64,
}

impl Hyperdual {
    fn constant(x: f64) -> Hyperdual {
        Hyperdual { x, a: 0.0, b: 0.0, c: 0.0 }
    }

    fn plus(self, o: Hyperdual) -> Hyperdual {
        Hyperdual { x: self.x + o.x, a: self.a + o.a, b: self.b + o.b, c: self.c + o.c }
    }

    fn times(self, o: Hyperdual) -> Hyperdual {
        Hyperdual {
            x: self.x * o.x,
            a: self.a * o.x + self.x * o.a,
            b: self.b * o.x + self.x * o.b,
            c: self.c * o.x + self.a * o.b + self.b * o.a + self.x * o.c,
        }
    }

    /// f, from its value and its first two derivatives.
    fn through(self, [f, g, h]: [f64; 3]) -> Hyperdual {
        Hyperdual { x: f, a: g * self.a, b: g * self.b, c: g * self.c + h * self.a * self.b }
    }

    fn call(self, name: &str) -> Hyperdual {
        let x = self.x;
        let (t, s) = (x.tanh(), 1.0 / (1.0 + (-x).exp()));
        self.through(match name {
            "tanh" => [t, 1.0 - t * t, -2.0 * t * (1.0 - t * t)],
            "sigmoid" => [s, s * (1.0 - s), s * (1.0 - s) * (1.0 - 2.0 * s)],
            "sin" => [x.sin(), x.cos(), -x.sin()],
            "cos" => [x.cos(), -x.sin(), -x.cos()],
            "exp" => [x.exp(), x.exp(), x.exp()],
            "reciprocal" => [1.0 / x, -1.0 / (x * x), 2.0 / (x * x * x)],
            other => panic!("no function {other}"),
        })
    }
}

/// The entry that moves.
pub type Direction = Option<(&'static str, usize)>;

/// A point: the sizes n, m, d, n - 1, n + m, and the entries of every family, the first side slowest.
pub struct Arrays {
    pub sizes: [usize; 5],
    entries: BTreeMap<&'static str, Vec<f64>>,
}

/// Small sizes, 1 among them.
pub fn sizes_of(seed: u64) -> [usize; 5] {
    let n = [3, 2, 4, 3, 1][seed as usize % 5];
    let m = [2, 3, 1][seed as usize % 3];
    [n, m, [2, 1, 3, 2][seed as usize % 4], n - 1, n + m]
}

impl Arrays {
    pub fn drawn(seed: u64, sizes: [usize; 5]) -> Arrays {
        let mut state = seed.wrapping_mul(0xD134_2543_DE82_EF95) | 1;
        let mut number = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as f64 / f64::from(1 << 30) - 1.0) * 0.9
        };
        let mut entries = BTreeMap::new();
        for f in FAMILIES {
            let count: usize = f.plate.iter().chain(f.own).map(|r| sizes[*r]).product();
            entries.insert(f.name, (0..count).map(|_| number()).collect());
        }
        Arrays { sizes, entries }
    }

    pub fn of(&self, name: &str) -> &[f64] {
        &self.entries[name]
    }
}

/// The derivative along one or two directions.
pub fn derivative(draft: &Draft, arrays: &Arrays, first: Direction, second: Direction) -> f64 {
    let loops = Loops { draft, arrays, first, second };
    let value = loops.scalar(&draft.value, &Letters::new());
    if second.is_some() { value.c } else { value.a }
}

type Letters = BTreeMap<char, i64>;

struct Loops<'a> {
    draft: &'a Draft,
    arrays: &'a Arrays,
    first: Direction,
    second: Direction,
}

impl Loops<'_> {
    fn entry(&self, name: &'static str, at: &[usize]) -> Hyperdual {
        let f = FAMILIES.iter().find(|f| f.name == name).expect("a family");
        let sides: Vec<usize> = f.plate.iter().chain(f.own).map(|r| self.arrays.sizes[*r]).collect();
        let place = at.iter().zip(&sides).fold(0, |k, (p, side)| {
            assert!((1..=*side).contains(p), "{name} at {at:?}");
            k * side + p - 1
        });
        let moves = |d: Direction| if d == Some((name, place)) { 1.0 } else { 0.0 };
        Hyperdual { x: self.arrays.of(name)[place], a: moves(self.first), b: moves(self.second), c: 0.0 }
    }

    fn size(&self, r: RangeNumber) -> usize {
        self.arrays.sizes[r]
    }

    fn inside(&self, bound: &Bound, at: &Letters) -> Vec<Letters> {
        let with = |n: usize| at.iter().map(|(l, k)| (*l, *k)).chain([(bound.letter, n as i64)]).collect::<Letters>();
        (1..=self.size(bound.range)).map(with).filter(|at| bound.when.is_none_or(|c| holds(c, at))).collect()
    }

    fn scalar(&self, s: &Scalar, at: &Letters) -> Hyperdual {
        let constant = |x: f64| Hyperdual::constant(x);
        match s {
            Scalar::Number(n) => constant(*n as f64),
            Scalar::Member(name, places) => self.entry(name, &numbers(places, at)),
            Scalar::Apart(i, k, false) => self.entry("h", &[(at[i] + at[k]) as usize]),
            Scalar::Apart(i, k, true) => self.entry("h", &[(at[i] - at[k] + self.size(1) as i64) as usize]),
            Scalar::Entry(name, k) => self.entry(name, &[at[k] as usize]),
            Scalar::EntryOf(v, k) => self.times(&self.vector(v, at))[at[k] as usize - 1],
            Scalar::Defined(k, places) => {
                let (letters, value) = &self.draft.definitions[*k];
                let numbers = numbers(places, at);
                self.scalar(value, &letters.iter().zip(numbers).map(|((l, _), n)| (*l, n as i64)).collect())
            }
            Scalar::Letter(l) => constant(at[l] as f64),
            Scalar::Bracket(c) => constant(f64::from(u8::from(holds(*c, at)))),
            Scalar::Dot(a, b) => dot(&self.vector(a, at), &self.vector(b, at)),
            Scalar::NormSquared(v) => dot(&self.vector(v, at), &self.vector(v, at)),
            Scalar::Form(a, m, b) => self.form(a, *m, b),
            Scalar::Sum(terms) => total(terms.iter().map(|t| self.scalar(t, at))),
            Scalar::Product(factors) => product(factors.iter().map(|f| self.scalar(f, at))),
            Scalar::Square(s) => product([self.scalar(s, at), self.scalar(s, at)].into_iter()),
            Scalar::Call(f, s) => self.scalar(s, at).call(f),
            Scalar::Fraction(a, b) => {
                let b = self.scalar(b, at);
                self.scalar(a, at).times(constant(2.0).plus(b.times(b)).call("reciprocal"))
            }
            Scalar::Gathered(by, bound, body) => {
                let parts: Vec<Hyperdual> = self.inside(bound, at).iter().map(|at| self.scalar(body, at)).collect();
                gathered(by, &parts)
            }
        }
    }

    fn form(&self, a: &'static str, m: Option<&'static str>, b: &'static str) -> Hyperdual {
        let column = |name| (1..=self.arrays.of(name).len()).map(move |k| self.entry(name, &[k]));
        match m {
            None => total(column(a).zip(column(b)).map(|(x, y)| x.times(y))),
            Some(m) => total(column(a).enumerate().flat_map(|(i, x)| {
                column(b).enumerate().map(move |(j, y)| x.times(self.entry(m, &[i + 1, j + 1])).times(y))
            })),
        }
    }

    /// A times a column.
    fn times(&self, v: &[Hyperdual]) -> Vec<Hyperdual> {
        let row = |k: usize| v.iter().enumerate().map(move |(l, x)| self.entry("A", &[k, l + 1]).times(*x));
        (1..=v.len()).map(|k| total(row(k))).collect()
    }

    fn vector(&self, v: &Vector, at: &Letters) -> Vec<Hyperdual> {
        let d = self.size(2);
        let sum = |parts: Vec<Vec<Hyperdual>>| (0..d).map(|k| total(parts.iter().map(|p| p[k]))).collect();
        match v {
            Vector::Name(name) => (1..=d).map(|k| self.entry(name, &[k])).collect(),
            Vector::Member(name, place) => {
                let own = numbers(&[*place], at)[0];
                (1..=d).map(|k| self.entry(name, &[own, k])).collect()
            }
            Vector::Scaled(s, v) => {
                let s = self.scalar(s, at);
                self.vector(v, at).into_iter().map(|x| s.times(x)).collect()
            }
            Vector::Sum(terms) => sum(terms.iter().map(|t| self.vector(t, at)).collect()),
            Vector::Times(v) => self.times(&self.vector(v, at)),
            Vector::Gathered(bound, body) => {
                sum(self.inside(bound, at).iter().map(|at| self.vector(body, at)).collect())
            }
        }
    }
}

fn numbers(places: &[Step], at: &Letters) -> Vec<usize> {
    places.iter().map(|(l, o)| (at[l] + o) as usize).collect()
}

fn holds((i, relation, j): Condition, at: &Letters) -> bool {
    match relation {
        "=" => at[&i] == at[&j],
        "!=" => at[&i] != at[&j],
        "<" => at[&i] < at[&j],
        _ => at[&i] <= at[&j],
    }
}

fn total(parts: impl Iterator<Item = Hyperdual>) -> Hyperdual {
    parts.fold(Hyperdual::constant(0.0), Hyperdual::plus)
}

fn product(parts: impl Iterator<Item = Hyperdual>) -> Hyperdual {
    parts.fold(Hyperdual::constant(1.0), Hyperdual::times)
}

fn dot(a: &[Hyperdual], b: &[Hyperdual]) -> Hyperdual {
    total(a.iter().zip(b).map(|(x, y)| x.times(*y)))
}

fn gathered(by: &str, parts: &[Hyperdual]) -> Hyperdual {
    let chosen = |best: fn(f64, f64) -> bool| {
        parts.iter().copied().reduce(|p, q| if best(q.x, p.x) { q } else { p }).unwrap_or(Hyperdual::constant(f64::NAN))
    };
    match by {
        "sum" => total(parts.iter().copied()),
        "prod" => product(parts.iter().copied()),
        "mean" => total(parts.iter().copied()).times(Hyperdual::constant(1.0 / parts.len() as f64)),
        "max" => chosen(|q, p| q > p),
        _ => chosen(|q, p| q < p),
    }
}
