//! The documents: trees, drawn from a seed, and their texts.

use std::fmt::Write;

/// What an index runs over: `RANGES[r]`.
pub type RangeNumber = usize;

/// n, m, d, n - 1: the places that have a next one, and n + m: the sums of two places.
pub const RANGES: [&str; 5] = ["n", "m", "d", "n-1", "n+m"];

/// A name: the ranges of its indices, then the sides of a member.
#[derive(Clone, Copy)]
pub struct Family {
    pub name: &'static str,
    pub plate: &'static [RangeNumber],
    pub own: &'static [RangeNumber],
}

const fn family(name: &'static str, plate: &'static [RangeNumber], own: &'static [RangeNumber]) -> Family {
    Family { name, plate, own }
}

/// All names the documents have; `z` are samples.
pub const FAMILIES: &[Family] = &[
    family("α", &[], &[]),
    family("β", &[], &[]),
    family("w", &[], &[2]),
    family("v", &[], &[2]),
    family("A", &[], &[2, 2]),
    family("a", &[0], &[]),
    family("c", &[1], &[]),
    family("B", &[0, 1], &[]),
    family("C", &[0, 0], &[]),
    family("h", &[4], &[]),
    family("x", &[0], &[2]),
    family("u", &[1], &[2]),
];

/// A letter and what is added to it.
pub type Step = (char, i64);

#[derive(Clone, Debug)]
pub enum Scalar {
    Number(i64),
    /// `α`, `a_i`, `B_{i+1,j}`.
    Member(&'static str, Vec<Step>),
    /// `h_{i+k}`, or `h_{i-k+m}`.
    Apart(char, char, bool),
    /// `w_k`, `x_i`'s own entries are not written: the entry of a variable.
    Entry(&'static str, char),
    /// `(A e)_k`
    EntryOf(Box<Vector>, char),
    /// A definition, by its number.
    Defined(usize, Vec<Step>),
    Letter(char),
    /// `[i < j]`
    Bracket(Condition),
    Dot(Box<Vector>, Box<Vector>),
    NormSquared(Box<Vector>),
    /// `a^T B c`: families used whole.
    Form(&'static str, Option<&'static str>, &'static str),
    Sum(Vec<Scalar>),
    Product(Vec<Scalar>),
    Square(Box<Scalar>),
    Call(&'static str, Box<Scalar>),
    /// t / (2 + s^2)
    Fraction(Box<Scalar>, Box<Scalar>),
    Gathered(&'static str, Bound, Box<Scalar>),
}

#[derive(Clone, Debug)]
pub enum Vector {
    Name(&'static str),
    Member(&'static str, Step),
    Scaled(Box<Scalar>, Box<Vector>),
    Sum(Vec<Vector>),
    Times(Box<Vector>),
    Gathered(Bound, Box<Vector>),
}

/// `i < j`, `i != j`, …
pub type Condition = (char, &'static str, char);

#[derive(Clone, Debug)]
pub struct Bound {
    pub letter: char,
    pub range: RangeNumber,
    pub when: Option<Condition>,
}

/// A document.
#[derive(Debug)]
pub struct Draft {
    pub text: String,
    /// Letters with their ranges, and the value at them.
    pub definitions: Vec<(Vec<(char, RangeNumber)>, Scalar)>,
    pub value: Scalar,
}

const DEFINED: [&str; 2] = ["q", "p"];

struct Source {
    state: u64,
    /// The free indices of what is defined so far.
    defined: Vec<Vec<RangeNumber>>,
}

type Scope<'a> = &'a [(char, RangeNumber)];

impl Source {
    fn below(&mut self, n: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % n
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A letter at which an index of this range can be: on n - 1 places, also the next one.
    fn step(&mut self, scope: Scope, range: RangeNumber) -> Option<Step> {
        let fits = |(l, r): &(char, RangeNumber)| match (*r, range) {
            (3, 0) => vec![(*l, 0), (*l, 1)],
            (r, s) if r == s => vec![(*l, 0)],
            _ => vec![],
        };
        let steps: Vec<Step> = scope.iter().flat_map(fits).collect();
        (!steps.is_empty()).then(|| self.pick(&steps))
    }

    fn steps(&mut self, scope: Scope, plate: &[RangeNumber]) -> Option<Vec<Step>> {
        plate.iter().map(|r| self.step(scope, *r)).collect()
    }

    fn member(&mut self, scope: Scope) -> Scalar {
        for _ in 0..20 {
            let f = self.pick(FAMILIES);
            let at = if f.own.is_empty() { self.steps(scope, f.plate) } else { None };
            if let Some(at) = at.filter(|at| !at.is_empty() || self.below(3) == 0) {
                return Scalar::Member(f.name, at);
            }
        }
        Scalar::Member("α", vec![])
    }

    fn leaf(&mut self, scope: Scope) -> Scalar {
        match self.below(12) {
            0 => Scalar::Number(2 + self.below(2) as i64),
            1 if !scope.is_empty() => Scalar::Letter(self.pick(scope).0),
            2 | 3 => self.bracket(scope).map_or_else(|| self.member(scope), Scalar::Bracket),
            4 => match self.step(scope, 2) {
                Some((k, _)) => Scalar::Entry(self.pick(&["w", "v"]), k),
                None => self.member(scope),
            },
            7 => self.apart(scope).unwrap_or_else(|| self.member(scope)),
            5 | 6 if !self.defined.is_empty() => {
                let k = self.below(self.defined.len());
                let plate = self.defined[k].clone();
                self.steps(scope, &plate).map_or_else(|| self.member(scope), |at| Scalar::Defined(k, at))
            }
            _ => self.member(scope),
        }
    }

    /// A member where two letters together say.
    fn apart(&mut self, scope: Scope) -> Option<Scalar> {
        let at = |range| scope.iter().rev().find(|(_, r)| *r == range).map(|(l, _)| *l);
        let (i, k) = (at(0)?, at(1)?);
        Some(Scalar::Apart(i, k, self.below(2) == 0))
    }

    /// A condition on two letters of one range.
    fn bracket(&mut self, scope: Scope) -> Option<Condition> {
        let (i, r) = *scope.last()?;
        let others: Vec<char> = scope.iter().filter(|(l, s)| *l != i && *s == r).map(|(l, _)| *l).collect();
        if others.is_empty() {
            return None;
        }
        Some((i, self.pick(&["=", "!=", "<", "<="]), self.pick(&others)))
    }

    fn bound(&mut self, scope: Scope, conditions: bool) -> (Bound, Vec<(char, RangeNumber)>) {
        let range = self.pick(&[0, 0, 0, 1, 1, 2, 3]);
        let taken: Vec<char> = scope.iter().map(|(l, _)| *l).collect();
        let fresh: Vec<char> = "ijklst".chars().filter(|l| !taken.contains(l)).collect();
        // now and then a letter that hides the outer one
        let letter = if !taken.is_empty() && self.below(12) == 0 { self.pick(&taken) } else { fresh[0] };
        let inner: Vec<_> = scope.iter().filter(|(l, _)| *l != letter).copied().chain([(letter, range)]).collect();
        let when = if conditions && self.below(3) == 0 { self.bracket(&inner) } else { None };
        (Bound { letter, range, when: when.filter(|c| c.1 != "=") }, inner)
    }

    fn gathered(&mut self, scope: Scope, depth: u32) -> Scalar {
        let by = self.pick(&["sum", "sum", "sum", "sum", "sum", "mean", "prod", "max", "min"]);
        let (mut bound, mut inner) = self.bound(scope, by == "sum" || by == "prod");
        if !matches!(by, "sum" | "prod") && bound.range == 3 {
            // n - 1 may be nothing: that has no mean and no largest
            bound.range = 0;
            inner.iter_mut().filter(|(l, _)| *l == bound.letter).for_each(|(_, r)| *r = 0);
        }
        let mut body = self.scalar(&inner, depth - 1);
        if matches!(by, "max" | "min") {
            // no two places are equal
            let [a, b] = [self.member(&[(bound.letter, bound.range)]), Scalar::Letter(bound.letter)];
            body = Scalar::Sum(vec![Scalar::Call("tanh", Box::new(body)), a, Scalar::Call("sin", Box::new(b))]);
        }
        Scalar::Gathered(by, bound, Box::new(body))
    }

    fn many(&mut self, scope: Scope, depth: u32) -> Vec<Scalar> {
        (0..2 + self.below(2)).map(|_| self.scalar(scope, depth)).collect()
    }

    fn scalar(&mut self, scope: Scope, depth: u32) -> Scalar {
        if depth == 0 {
            return self.leaf(scope);
        }
        let nest = scope.len() < 4;
        match self.below(16) {
            0 | 1 => Scalar::Sum(self.many(scope, depth - 1)),
            2..=4 => Scalar::Product(self.many(scope, depth - 1)),
            5 => Scalar::Square(Box::new(self.scalar(scope, depth - 1))),
            6 | 7 => {
                let f = self.pick(&["tanh", "sin", "sigmoid", "cos", "exp"]);
                let body = if f == "exp" { self.leaf(scope) } else { self.scalar(scope, depth - 1) };
                Scalar::Call(f, Box::new(body))
            }
            8 => Scalar::Fraction(Box::new(self.leaf(scope)), Box::new(self.scalar(scope, depth - 1))),
            9 => Scalar::Dot(Box::new(self.vector(scope, depth - 1)), Box::new(self.vector(scope, depth - 1))),
            10 => Scalar::NormSquared(Box::new(self.vector(scope, depth - 1))),
            11 => match self.step(scope, 2) {
                Some((k, _)) => Scalar::EntryOf(Box::new(self.vector(scope, 0)), k),
                None => {
                    let (a, m, b) = self.pick(&[("a", None, "a"), ("a", Some("B"), "c"), ("a", Some("C"), "a")]);
                    Scalar::Form(a, m, b)
                }
            },
            _ if nest => self.gathered(scope, depth),
            _ => self.leaf(scope),
        }
    }

    fn vector(&mut self, scope: Scope, depth: u32) -> Vector {
        let leaf = |source: &mut Source| {
            let (name, range) = source.pick(&[("x", 0), ("u", 1)]);
            match source.step(scope, range).filter(|_| source.below(4) > 0) {
                Some(at) => Vector::Member(name, at),
                None => Vector::Name(source.pick(&["w", "v"])),
            }
        };
        if depth == 0 {
            return leaf(self);
        }
        match self.below(8) {
            0 | 1 => Vector::Sum((0..2).map(|_| self.vector(scope, depth - 1)).collect()),
            2 => Vector::Scaled(Box::new(self.scalar(scope, depth - 1)), Box::new(self.vector(scope, depth - 1))),
            3 => Vector::Times(Box::new(self.vector(scope, depth - 1))),
            4 | 5 if scope.len() < 4 => {
                let (bound, inner) = self.bound(scope, true);
                Vector::Gathered(bound, Box::new(self.vector(&inner, depth - 1)))
            }
            _ => leaf(self),
        }
    }
}

impl Draft {
    pub fn drawn(seed: u64) -> Draft {
        let mut source =
            Source { state: seed.wrapping_add(77).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, defined: vec![] };
        let mut definitions = vec![];
        for _ in 0..source.below(3) {
            let plate: Vec<RangeNumber> = source.pick::<&[RangeNumber]>(&[&[0], &[1], &[0, 1], &[0, 0], &[]]).to_vec();
            let letters: Vec<(char, RangeNumber)> = "ij".chars().zip(plate.iter().copied()).collect();
            let own = source.scalar(&letters, 2);
            // a definition has the indices of its left side
            let at = |(l, r): &(char, RangeNumber)| Scalar::Member(if *r == 0 { "a" } else { "c" }, vec![(*l, 0)]);
            let value = Scalar::Sum(letters.iter().map(at).chain([own]).collect());
            source.defined.push(plate);
            definitions.push((letters, value));
        }
        let depth = 2 + source.below(2) as u32;
        let terms = (0..1 + source.below(2)).map(|_| source.gathered(&[], depth));
        let terms = std::iter::once(Scalar::NormSquared(Box::new(Vector::Name("w")))).chain(terms).collect();
        let mut draft = Draft { text: String::new(), definitions, value: Scalar::Sum(terms) };
        draft.text = draft.written();
        draft
    }

    /// Whether the text holds a name.
    pub fn uses(&self, name: &str) -> bool {
        // "x" is in `n x n`, "d" is a size
        let body = self.text.lines().filter(|l| l.contains('='));
        body.flat_map(|l| l.split(|c: char| !c.is_alphabetic())).any(|w| w == name)
    }

    fn written(&mut self) -> String {
        let mut text = String::new();
        for (k, (letters, value)) in self.definitions.iter().enumerate() {
            let at: Vec<Step> = letters.iter().map(|(l, _)| (*l, 0)).collect();
            let _ = writeln!(text, "{}{} = {}", DEFINED[k], subscript(&at), scalar(value));
        }
        let _ = writeln!(text, "s = {}", scalar(&self.value));
        self.text.clone_from(&text);
        let mut head = String::new();
        let used: Vec<&Family> = FAMILIES.iter().filter(|f| self.uses(f.name)).collect();
        for f in used {
            let sides: Vec<&str> = f.plate.iter().chain(f.own).map(|r| RANGES[*r]).collect();
            let _ = match (f.plate, f.own) {
                ([], []) => writeln!(head, "{}: scalar", f.name),
                ([_], [own]) => writeln!(head, "{}_i: {}", f.name, RANGES[*own]),
                _ => writeln!(head, "{}: {}", f.name, sides.join(" x ")),
            };
            if let ([r], [_]) = (f.plate, f.own) {
                // the range of a family is what the text says of it
                let own = Scalar::NormSquared(Box::new(Vector::Member(f.name, ('i', 0))));
                let bound = Bound { letter: 'i', range: *r, when: None };
                let term = Scalar::Gathered("sum", bound, Box::new(own));
                if let Scalar::Sum(terms) = &mut self.value {
                    terms.push(term.clone());
                }
                let _ = write!(text, " + {}", scalar(&term));
                text = text.replace("\n + ", " + ");
            }
        }
        format!("{head}{text}")
    }
}

fn subscript(at: &[Step]) -> String {
    if at.is_empty() {
        return String::new();
    }
    let place = |(l, o): &Step| if *o == 0 { l.to_string() } else { format!("{l}+{o}") };
    format!("_{{{}}}", at.iter().map(place).collect::<Vec<_>>().join(","))
}

fn range(b: &Bound) -> String {
    let when = b.when.map_or(String::new(), |(i, r, j)| format!(", {i} {r} {j}"));
    format!("{} = 1..{}{when}", b.letter, RANGES[b.range])
}

fn list(terms: &[Scalar], between: &str) -> String {
    terms.iter().map(|t| format!("({})", scalar(t))).collect::<Vec<_>>().join(between)
}

fn scalar(s: &Scalar) -> String {
    match s {
        Scalar::Number(n) => n.to_string(),
        Scalar::Member(name, at) => format!("{name}{}", subscript(at)),
        Scalar::Apart(i, k, false) => format!("h_{{{i}+{k}}}"),
        Scalar::Apart(i, k, true) => format!("h_{{{i}-{k}+m}}"),
        Scalar::Entry(name, k) => format!("{name}_{k}"),
        Scalar::EntryOf(v, k) => format!("(A ({}))_{k}", vector(v)),
        Scalar::Defined(k, at) => format!("{}{}", DEFINED[*k], subscript(at)),
        Scalar::Letter(l) => l.to_string(),
        Scalar::Bracket((i, r, j)) => format!("[{i} {r} {j}]"),
        Scalar::Dot(a, b) => format!("({})^T ({})", vector(a), vector(b)),
        Scalar::NormSquared(v) => format!("‖{}‖^2", vector(v)),
        Scalar::Form(a, None, b) => format!("{a}^T {b}"),
        Scalar::Form(a, Some(m), b) => format!("{a}^T {m} {b}"),
        Scalar::Sum(terms) => list(terms, " + "),
        Scalar::Product(factors) => list(factors, " "),
        Scalar::Square(s) => format!("({})^2", scalar(s)),
        Scalar::Call(f, s) => format!("{f}({})", scalar(s)),
        Scalar::Fraction(a, b) => format!("({})/(2 + ({})^2)", scalar(a), scalar(b)),
        Scalar::Gathered(by, bound, body) => format!("{by}({}, {})", range(bound), scalar(body)),
    }
}

fn vector(v: &Vector) -> String {
    match v {
        Vector::Name(name) => (*name).to_owned(),
        Vector::Member(name, at) => format!("{name}{}", subscript(&[*at])),
        Vector::Scaled(s, v) => format!("({}) ({})", scalar(s), vector(v)),
        Vector::Sum(terms) => terms.iter().map(vector).collect::<Vec<_>>().join(" + "),
        Vector::Times(v) => format!("A ({})", vector(v)),
        Vector::Gathered(bound, body) => format!("sum({}, {})", range(bound), vector(body)),
    }
}
