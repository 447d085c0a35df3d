//! Shapes of drawn expressions: sizes a document can write.

use std::collections::BTreeMap;
use std::fmt;

/// A size.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dim {
    Int(usize),
    Name(&'static str),
    Product(Box<Dim>, Box<Dim>),
    Sum(Box<Dim>, Box<Dim>),
}

pub const ONE: Dim = Dim::Int(1);

/// Numbers of size names.
pub type Sizes = BTreeMap<String, usize>;

impl Dim {
    pub fn times(&self, other: &Dim) -> Dim {
        match (self, other) {
            (Dim::Int(1), d) | (d, Dim::Int(1)) => d.clone(),
            (Dim::Int(a), Dim::Int(b)) => Dim::Int(a * b),
            (a, b) => Dim::Product(Box::new(a.clone()), Box::new(b.clone())),
        }
    }

    pub fn plus(&self, other: &Dim) -> Dim {
        match (self, other) {
            (Dim::Int(a), Dim::Int(b)) => Dim::Int(a + b),
            (a, b) => Dim::Sum(Box::new(a.clone()), Box::new(b.clone())),
        }
    }

    pub fn value(&self, sizes: &Sizes) -> usize {
        match self {
            Dim::Int(n) => *n,
            Dim::Name(name) => sizes[*name],
            Dim::Product(a, b) => a.value(sizes) * b.value(sizes),
            Dim::Sum(a, b) => a.value(sizes) + b.value(sizes),
        }
    }

    /// The two sizes this is the product of, itself and 1 where it is written as none.
    pub fn factors(&self) -> (Dim, Dim) {
        match self {
            Dim::Product(a, b) => ((**a).clone(), (**b).clone()),
            Dim::Int(_) | Dim::Name(_) | Dim::Sum(..) => (self.clone(), ONE),
        }
    }

    pub fn is_simple(&self) -> bool {
        matches!(self, Dim::Int(_) | Dim::Name(_))
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let factor = |d: &Dim| if matches!(d, Dim::Sum(..)) { format!("({d})") } else { d.to_string() };
        match self {
            Dim::Int(n) => write!(f, "{n}"),
            Dim::Name(name) => write!(f, "{name}"),
            Dim::Product(a, b) if matches!((&**a, &**b), (Dim::Name(_), Dim::Name(_))) => write!(f, "{a} {b}"),
            Dim::Product(a, b) => write!(f, "{}*{}", factor(a), factor(b)),
            Dim::Sum(a, b) => write!(f, "{a} + {b}"),
        }
    }
}

/// Rows and columns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    pub rows: Dim,
    pub cols: Dim,
}

impl Shape {
    pub fn new(rows: &Dim, cols: &Dim) -> Shape {
        Shape { rows: rows.clone(), cols: cols.clone() }
    }

    pub fn scalar() -> Shape {
        Shape::new(&ONE, &ONE)
    }

    pub fn column(rows: &Dim) -> Shape {
        Shape::new(rows, &ONE)
    }

    pub fn is_scalar(&self) -> bool {
        self.rows == ONE && self.cols == ONE
    }

    pub fn is_column(&self) -> bool {
        self.rows != ONE && self.cols == ONE
    }

    pub fn is_row(&self) -> bool {
        self.rows == ONE && self.cols != ONE
    }

    /// Neither a scalar, nor a column, nor a row.
    pub fn is_matrix(&self) -> bool {
        self.rows != ONE && self.cols != ONE
    }

    /// Whether a variable can be declared so.
    pub fn is_simple(&self) -> bool {
        self.rows.is_simple() && self.cols.is_simple()
    }

    pub fn is_square(&self) -> bool {
        self.is_matrix() && self.rows == self.cols
    }

    pub fn transposed(&self) -> Shape {
        Shape::new(&self.cols, &self.rows)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let side = |d: &Dim| if d.is_simple() { d.to_string() } else { format!("({d})") };
        match (&self.rows, &self.cols) {
            (&ONE, &ONE) => write!(f, "scalar"),
            (rows, &ONE) => write!(f, "{}", side(rows)),
            (rows, cols) => write!(f, "{} x {}", side(rows), side(cols)),
        }
    }
}
