//! Symbolic sizes and shapes.

use super::Name;
use rustc_hash::FxHasher;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

/// What a size is made of.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Atom {
    /// One that unification is looking for.
    Unknown(u32),
    /// One of a problem up to renaming, by its number.
    Slot(u32),
    /// One with a name: the author's, or a letter gradus chose where no author uses it.
    Name(Name),
}

/// A size: a polynomial in size names, `5`, `n`, `5 d`, `n k + 1`, over a number where it is whole all the same, as
/// n (n + 1)/2 is. Every term has two of them and most are the same few: clones share.
#[derive(Clone)]
pub struct Size(Arc<SizeNode>);

/// Coefficients, none of them 0, by monomial.
type Polynomial = BTreeMap<Vec<Atom>, i64>;

/// A size, and what is asked of every one.
struct SizeNode {
    terms: Polynomial,
    over: i64,
    /// Its value, when it is fixed.
    constant: Option<i64>,
    hash: u64,
}

impl Atom {
    /// Its name, if it has one.
    pub fn name(&self) -> Option<&Name> {
        if let Atom::Name(name) = self { Some(name) } else { None }
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Atom::Unknown(_) => f.write_str("?"),
            Atom::Slot(i) => write!(f, "_{i}"),
            Atom::Name(name) => write!(f, "{name}"),
        }
    }
}

impl fmt::Debug for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Size {
    /// A fixed size.
    pub fn constant(n: i64) -> Size {
        Size::from(if n == 0 { BTreeMap::new() } else { BTreeMap::from([(Vec::new(), n)]) })
    }

    /// The size of this name.
    pub fn name(name: Name) -> Size {
        Size::atom(Atom::Name(name))
    }

    /// A lone atom.
    pub fn atom(atom: Atom) -> Size {
        Size::from(BTreeMap::from([(vec![atom], 1)]))
    }

    /// 1.
    pub fn one() -> Size {
        static ONE: OnceLock<Size> = OnceLock::new();
        ONE.get_or_init(|| Size::constant(1)).clone()
    }

    /// Whether it is 1.
    pub fn is_one(&self) -> bool {
        self.as_constant() == Some(1)
    }

    /// Its value, when it is fixed.
    pub fn as_constant(&self) -> Option<i64> {
        self.0.constant
    }

    /// The name, when the size is a lone name.
    pub fn as_name(&self) -> Option<&Name> {
        self.as_atom().and_then(Atom::name)
    }

    /// The atom, when the size is a lone atom.
    pub fn as_atom(&self) -> Option<&Atom> {
        match self.0.terms.iter().next() {
            Some((monomial, 1)) if self.0.terms.len() == 1 && monomial.len() == 1 && self.over() == 1 => {
                Some(&monomial[0])
            }
            _ => None,
        }
    }

    /// Whether it is not below 0, whatever its names, each at least 1.
    pub fn is_nonnegative(&self) -> bool {
        self.terms().all(|(m, c)| m.is_empty() || c > 0) && self.terms().map(|(_, c)| c).sum::<i64>() >= 0
    }

    /// Monomials with their coefficients, to be divided by `over`: `([n, k], 2)` for 2 n k.
    pub fn terms(&self) -> impl Iterator<Item = (&[Atom], i64)> {
        self.0.terms.iter().map(|(m, c)| (m.as_slice(), *c))
    }

    /// What the terms are divided by: 1 but for sizes such as n (n + 1)/2.
    pub fn over(&self) -> i64 {
        self.0.over
    }

    /// The sum of the terms, not divided.
    pub fn numerator(&self) -> Size {
        if self.over() == 1 { self.clone() } else { Size::of(self.0.terms.clone(), 1) }
    }

    /// As text, every monomial as `letters` writes it.
    pub fn written(&self, letters: &dyn Fn(&[Atom]) -> String) -> String {
        if self.over() != 1 {
            return format!("({})/{}", self.numerator().written(letters), self.over());
        }
        let mut text = String::new();
        for (i, (monomial, c)) in self.0.terms.iter().rev().enumerate() {
            text += match (i, *c < 0) {
                (0, true) => "-",
                (0, false) => "",
                (_, true) => " - ",
                (_, false) => " + ",
            };
            if c.abs() != 1 || monomial.is_empty() {
                text += &c.abs().to_string();
            }
            text += &letters(monomial);
        }
        if text.is_empty() { "0".to_owned() } else { text }
    }

    /// The sum.
    pub fn plus(&self, other: &Size) -> Size {
        if self.over() != other.over() {
            let scaled = |a: &Size, by: i64| a.numerator().times(&Size::constant(by));
            let over = self.over().saturating_mul(other.over());
            return scaled(self, other.over()).plus(&scaled(other, self.over())).reduced(over);
        }
        let mut sum = self.0.terms.clone();
        for (monomial, c) in &other.0.terms {
            let total = sum.entry(monomial.clone()).or_insert(0);
            *total = total.saturating_add(*c);
        }
        sum.retain(|_, c| *c != 0);
        Size::of(sum, 1).reduced(self.over())
    }

    /// The product.
    pub fn times(&self, other: &Size) -> Size {
        if self.is_one() {
            return other.clone();
        }
        if other.is_one() {
            return self.clone();
        }
        let mut product = BTreeMap::new();
        for (m, c) in &self.0.terms {
            for (n, d) in &other.0.terms {
                let mut monomial = [m.as_slice(), n.as_slice()].concat();
                monomial.sort();
                let total: &mut i64 = product.entry(monomial).or_insert(0);
                *total = total.saturating_add(c.saturating_mul(*d));
            }
        }
        product.retain(|_, c| *c != 0);
        Size::of(product, 1).reduced(self.over().saturating_mul(other.over()))
    }

    /// The difference.
    pub fn minus(&self, other: &Size) -> Size {
        self.plus(&other.times(&Size::constant(-1)))
    }

    /// The size divided by an integer, when it divides every coefficient.
    pub fn divided(&self, divisor: i64) -> Option<Size> {
        let mut quotient = BTreeMap::new();
        for (monomial, c) in &self.0.terms {
            if c.checked_rem(divisor)? != 0 {
                return None;
            }
            quotient.insert(monomial.clone(), c.checked_div(divisor)?);
        }
        Some(Size::of(quotient, 1).reduced(self.over()))
    }

    /// The size over an integer, when that is whole whatever the names are: n (n + 1)/2, not n/2.
    pub fn halved(&self, divisor: i64) -> Option<Size> {
        let quotient = self.numerator().reduced(self.over().checked_mul(divisor).filter(|d| *d > 0)?);
        quotient.is_whole().then_some(quotient)
    }

    /// Whether it is an integer for all integers: it is enough to try those below the divisor.
    fn is_whole(&self) -> bool {
        let atoms: Vec<&Atom> = self.atoms().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let tries =
            u32::try_from(atoms.len()).ok().and_then(|k| self.over().checked_pow(k)).filter(|t| *t <= MAX_TRIES);
        let place = |atom: &Atom| atoms.iter().position(|a| *a == atom);
        let residue = |i: i64, atom: &Atom| Some(i / self.over().pow(place(atom)? as u32) % self.over());
        tries.is_some_and(|tries| (0..tries).all(|i| self.value_with(&|atom| residue(i, atom)).is_some()))
    }

    fn of(terms: Polynomial, over: i64) -> Size {
        let constant = match terms.len() {
            0 => Some(0),
            1 if over == 1 => terms.get(&Vec::new()).copied(),
            _ => None,
        };
        let mut hasher = FxHasher::default();
        (&terms, over).hash(&mut hasher);
        Size(Arc::new(SizeNode { terms, over, constant, hash: hasher.finish() }))
    }

    /// A whole size over a number, in lowest terms.
    fn reduced(self, over: i64) -> Size {
        let common = self.0.terms.values().fold(over, |a, b| gcd(a, *b)).max(1);
        if common == 1 && over == 1 {
            return self;
        }
        Size::of(self.0.terms.iter().map(|(m, c)| (m.clone(), c / common)).collect(), over / common)
    }

    /// Every size name that occurs.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.atoms().filter_map(Atom::name)
    }

    /// Every atom that occurs.
    pub fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.0.terms.keys().flatten()
    }

    /// Replaces atoms by sizes; those the map does not know stay.
    pub fn substitute(&self, map: &dyn Fn(&Atom) -> Option<Size>) -> Size {
        if let Some(atom) = self.as_atom() {
            return map(atom).unwrap_or_else(|| self.clone());
        }
        if self.as_constant().is_some() {
            return self.clone();
        }
        let mut total = Size::constant(0);
        for (monomial, c) in &self.0.terms {
            let mut term = Size::constant(*c);
            for atom in monomial {
                term = term.times(&map(atom).unwrap_or_else(|| Size::atom(atom.clone())));
            }
            total = total.plus(&term);
        }
        let over = total.over().saturating_mul(self.over());
        total.numerator().reduced(over)
    }

    /// The value when every name has one.
    pub fn value(&self, sizes: &BTreeMap<Name, i64>) -> Option<i64> {
        if let Some(name) = self.as_name() {
            return sizes.get(name).copied();
        }
        self.value_with(&|atom| sizes.get(atom.name()?).copied())
    }

    fn value_with(&self, value: &dyn Fn(&Atom) -> Option<i64>) -> Option<i64> {
        let sum = self.0.terms.iter().try_fold(0i64, |sum, (monomial, c)| {
            let product = monomial.iter().try_fold(*c, |p, atom| p.checked_mul(value(atom)?))?;
            sum.checked_add(product)
        })?;
        (sum % self.over() == 0).then_some(sum / self.over())
    }
}

impl From<Polynomial> for Size {
    fn from(polynomial: Polynomial) -> Size {
        Size::of(polynomial, 1)
    }
}

impl PartialEq for Size {
    fn eq(&self, other: &Size) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.hash == other.0.hash && self.0.over == other.0.over && self.0.terms == other.0.terms)
    }
}

impl Eq for Size {}

impl Hash for Size {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl PartialOrd for Size {
    fn partial_cmp(&self, other: &Size) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Size {
    fn cmp(&self, other: &Size) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        self.0.terms.cmp(&other.0.terms).then(self.0.over.cmp(&other.0.over))
    }
}

/// A size over a number is read when so many choices of its names show that it is whole.
const MAX_TRIES: i64 = 4096;

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.saturating_abs() } else { gcd(b, a.checked_rem(b).unwrap_or(0)) }
}

impl fmt::Display for Size {
    /// `2 n k + 1`; a lone coefficient is written against its name, `5d`, as documents declare it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = |monomial: &[Atom]| monomial.iter().map(Atom::to_string).collect::<Vec<_>>().join(" ");
        f.write_str(&self.written(&letters))
    }
}

impl fmt::Debug for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Rows and columns. A scalar is 1 × 1, a column vector n × 1, a row 1 × n.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shape {
    /// How many rows.
    pub rows: Size,
    /// How many columns.
    pub cols: Size,
}

impl Shape {
    /// `rows` × `cols`.
    pub fn new(rows: Size, cols: Size) -> Shape {
        Shape { rows, cols }
    }

    /// 1 × 1.
    pub fn scalar() -> Shape {
        Shape::new(Size::one(), Size::one())
    }

    /// A column.
    pub fn vector(rows: Size) -> Shape {
        Shape::new(rows, Size::one())
    }

    /// Whether it is 1 × 1.
    pub fn is_scalar(&self) -> bool {
        self.rows.is_one() && self.cols.is_one()
    }

    /// A column of more than one entry.
    pub fn is_vector(&self) -> bool {
        self.cols.is_one() && !self.rows.is_one()
    }

    /// Whether it has one row and more columns.
    pub fn is_row(&self) -> bool {
        self.rows.is_one() && !self.cols.is_one()
    }

    /// Whether it has as many rows as columns.
    pub fn is_square(&self) -> bool {
        self.rows == self.cols
    }

    /// Rows and columns exchanged.
    pub fn transposed(&self) -> Shape {
        Shape::new(self.cols.clone(), self.rows.clone())
    }

    /// The number of entries.
    pub fn count(&self) -> Size {
        self.rows.times(&self.cols)
    }

    /// Sizes put in for size names.
    pub fn substitute(&self, map: &dyn Fn(&Atom) -> Option<Size>) -> Shape {
        Shape::new(self.rows.substitute(map), self.cols.substitute(map))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_scalar() {
            f.write_str("scalar")
        } else if self.cols.is_one() {
            write!(f, "{}", self.rows)
        } else {
            write!(f, "{}×{}", factor(&self.rows), factor(&self.cols))
        }
    }
}

/// A size as one side of `n×m`: a sum needs parentheses, letters of a product stand close (`1×mn`).
fn factor(size: &Size) -> String {
    let text = size.to_string();
    let letters = text.split(' ').all(|word| word.chars().count() == 1);
    match size.0.terms.len() {
        1 if letters => text.replace(' ', ""),
        1 => text,
        _ => format!("({text})"),
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.rows, self.cols)
    }
}
