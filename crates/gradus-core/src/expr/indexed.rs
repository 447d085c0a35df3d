//! What stands at an index: members of families, entries of arrays, sums over indices. To everything else it is a variable:
//! the rule book, the engine and the printers see a symbol of a shape, and what it holds is looked at by `index` alone.

use super::{Elementwise, Expr, Function, Name, Op, Shape, Size, Symbol};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A letter with the places it runs over, ends included: i = 1, …, n. Empty where the last is below the first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Index {
    /// What the author calls it.
    pub letter: Name,
    /// The first place.
    pub first: Size,
    /// The last place, included.
    pub last: Size,
}

/// A place: `i`, `t - 1`, `3`, `n`, `i + k`, `n - i`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The index it moves with, of several the one that is written first; `None` where no index is added.
    pub letter: Option<Name>,
    /// What other indices add, each as often as said: the -1 of k in `t - k`. None is 0.
    pub others: BTreeMap<Name, i64>,
    /// What is added to the indices, or the fixed place itself.
    pub offset: Size,
}

/// How two places compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `≠`
    Different,
    /// `<`
    Less,
    /// `≤`
    AtMost,
}

/// A statement about places: `i ≠ j`, `t > 1` (as `1 < t`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceCondition {
    /// One place.
    pub left: Place,
    /// How it compares.
    pub relation: Comparator,
    /// The other.
    pub right: Place,
}

/// What is made of the values of a body over all places of its indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gathering {
    /// Σ: 0 over nothing. Without an index it is the body where the conditions hold, and 0 elsewhere.
    Sum,
    /// Π: 1 over nothing.
    Product,
    /// The largest.
    Maximum,
    /// The smallest.
    Minimum,
    /// The sum, divided by how many there are.
    Mean,
    /// E: the mean over samples; its one index is that of the samples, and is not written.
    Expectation,
}

/// What a symbol stands for that depends on indices. Letters that nothing here binds are free: those of the plate it stands on.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Indexed {
    /// `x_i`, `y_{ij}`, `x_{t-1}`: a member of a family, or of a definition that has free indices. As many places as the
    /// family has indices. A family as a whole is its own symbol: of scalars a vector or a matrix; of vectors (columns) the
    /// matrix whose rows are the members; of matrices their stack, one below the other.
    Member {
        /// The family.
        family: Symbol,
        /// Which member.
        at: Vec<Place>,
    },
    /// `(A x)_i`, `(A B)_{ij}`: an entry of an array; of a vector one place, of a matrix two.
    Entry {
        /// The array.
        of: Expr,
        /// Which entry.
        at: Vec<Place>,
    },
    /// The array whose entries (scalars, one or two indices) or rows (columns, one index) the body gives: what `K_{ij} = …` makes of K.
    Stack {
        /// One or two.
        over: Vec<Index>,
        /// Scalar, or a column under one index.
        body: Expr,
    },
    /// `Σ_{i<j} …`.
    Gathered {
        /// What is made of the values.
        by: Gathering,
        /// Over what.
        over: Vec<Index>,
        /// Only where all of these hold; elsewhere the body need not even have a meaning (`x_{i-1}` at i = 1).
        when: Vec<PlaceCondition>,
        /// The value at each place.
        body: Expr,
    },
    /// An index as a number: the `i` of `Σ_i i x_i`.
    Number(Place),
}

/// The shape of a family as a whole: the indices of scalar members are its sides, columns are its rows. `None` where that
/// would take more than two sides.
pub fn stacked_shape(plate: &[Index], member: &Shape) -> Option<Shape> {
    let sides: Vec<Size> = plate.iter().map(Index::count).collect();
    match (sides.as_slice(), member.is_scalar(), member.cols.is_one()) {
        ([n], true, _) => Some(Shape::vector(n.clone())),
        ([n, m], true, _) => Some(Shape::new(n.clone(), m.clone())),
        ([n], false, true) => Some(Shape::new(n.clone(), member.rows.clone())),
        _ => None,
    }
}

impl Index {
    /// An index from 1 to the size.
    pub fn to(letter: Name, last: Size) -> Index {
        Index { letter, first: Size::one(), last }
    }

    /// How many places it has, where the range is not empty.
    pub fn count(&self) -> Size {
        self.last.minus(&self.first).plus(&Size::one())
    }

    /// The place it is at.
    pub fn place(&self) -> Place {
        Place::at(&self.letter)
    }
}

/// Of several letters the one that runs over time or data is written first, as is customary: t + k, n + m, i + a.
fn rank(letter: &Name) -> (usize, &Name) {
    const FIRST: [&str; 4] = ["t", "n", "i", "j"];
    (FIRST.iter().position(|l| *l == letter.as_str()).unwrap_or(FIRST.len()), letter)
}

impl Place {
    /// Where the index is.
    pub fn at(letter: &Name) -> Place {
        Place { letter: Some(letter.clone()), others: BTreeMap::new(), offset: Size::constant(0) }
    }

    /// A fixed place.
    pub fn fixed(place: Size) -> Place {
        Place { letter: None, others: BTreeMap::new(), offset: place }
    }

    /// Indices, each so many times, and what is added: equal places are written one way.
    pub fn of(mut letters: BTreeMap<Name, i64>, offset: Size) -> Place {
        letters.retain(|_, times| *times != 0);
        let letter = letters.iter().filter(|(_, times)| **times == 1).map(|(l, _)| l).min_by_key(|l| rank(l)).cloned();
        letters.retain(|l, _| Some(l) != letter.as_ref());
        Place { letter, others: letters, offset }
    }

    /// All indices, each with how often it counts.
    pub fn terms(&self) -> BTreeMap<Name, i64> {
        self.letter.iter().map(|l| (l.clone(), 1)).chain(self.others.clone()).collect()
    }

    /// The indices it moves with.
    pub fn letters(&self) -> impl Iterator<Item = &Name> {
        self.letter.iter().chain(self.others.keys())
    }

    /// Whether it moves with no index.
    pub fn is_fixed(&self) -> bool {
        self.letter.is_none() && self.others.is_empty()
    }

    /// The index where this is, neither moved nor one of several.
    pub fn at_rest(&self) -> Option<&Name> {
        self.letter.as_ref().filter(|_| self.others.is_empty() && self.offset == Size::constant(0))
    }

    /// So much further on.
    pub fn shifted(&self, by: &Size) -> Place {
        Place { offset: self.offset.plus(by), ..self.clone() }
    }

    /// The places added, the other one so many times.
    pub fn plus(&self, times: i64, other: &Place) -> Place {
        let mut letters = self.terms();
        other.terms().into_iter().for_each(|(l, n)| *letters.entry(l).or_default() += times * n);
        Place::of(letters, self.offset.plus(&other.offset.times(&Size::constant(times))))
    }
}

impl Indexed {
    /// The symbol that stands for it.
    pub fn symbol(self) -> Symbol {
        Symbol::Indexed(Arc::new(self))
    }

    /// The term that stands inside, and the indices that are bound there.
    pub fn inside(&self) -> Option<(&Expr, &[Index])> {
        match self {
            Indexed::Gathered { over, body, .. } | Indexed::Stack { over, body } => Some((body, over)),
            Indexed::Entry { of, .. } => Some((of, &[])),
            Indexed::Member { .. } | Indexed::Number(_) => None,
        }
    }

    /// The same around what is made of the term inside, of which it gets the indices that are bound there.
    pub fn around(&self, inner: &mut dyn FnMut(&Expr, &[Index]) -> Expr) -> Indexed {
        match self {
            Indexed::Gathered { by, over, when, body } => {
                Indexed::Gathered { by: *by, over: over.clone(), when: when.clone(), body: inner(body, over) }
            }
            Indexed::Stack { over, body } => Indexed::Stack { over: over.clone(), body: inner(body, over) },
            Indexed::Entry { of, at } => Indexed::Entry { of: inner(of, &[]), at: at.clone() },
            Indexed::Member { .. } | Indexed::Number(_) => self.clone(),
        }
    }
}

/// What the largest or the smallest of a set is taken of, and the mask that is 1 in the set: values outside are
/// at -∞ or at ∞, `f + log(1 - iszero(mask))`.
pub fn of_a_set(by: Gathering, body: &Expr) -> Option<(Expr, Expr)> {
    let terms = if *body.op() == Op::Add { body.args() } else { std::slice::from_ref(body) };
    let (at, mask) = terms.iter().enumerate().find_map(|(k, t)| Some((k, masked(by, t)?)))?;
    let rest = terms.iter().enumerate().filter(|(k, _)| *k != at).map(|(_, t)| t.clone());
    Some((super::add(rest.chain([super::zeros(body.shape())]).collect()), mask))
}

/// The mask of `log(1 - iszero(mask))`, taken away of a smallest one.
fn masked(by: Gathering, term: &Expr) -> Option<Expr> {
    let function = |e: &Expr, f: Elementwise| match e.op() {
        Op::Map(m) if m.function == Function::Builtin(f) && m.order == 0 => e.args().first().cloned(),
        _ => None,
    };
    let term = match by {
        Gathering::Maximum => term.clone(),
        Gathering::Minimum => super::had(vec![super::integer(-1), term.clone()]),
        Gathering::Sum | Gathering::Product | Gathering::Mean | Gathering::Expectation => return None,
    };
    let inside = function(&term, Elementwise::Log)?;
    let [a, b] = inside.args() else { return None };
    let outside = if super::is_one(a) { b } else { a };
    let [minus, zero] = outside.args() else { return None };
    let is_one = *inside.op() == Op::Add && (super::is_one(a) || super::is_one(b));
    let taken = *outside.op() == Op::Had && super::as_number(minus).is_some_and(|n| n.is_negative());
    function(zero, Elementwise::IsZero).filter(|_| is_one && taken)
}

/// The families and variables a term is made of, whatever it is gathered or stacked in.
pub fn bases(e: &Expr) -> BTreeSet<Symbol> {
    let of = |v: Symbol| match v.as_indexed() {
        None => BTreeSet::from([v]),
        Some(Indexed::Member { family, .. }) => BTreeSet::from([family.clone()]),
        Some(other) => other.inside().map(|(inner, _)| bases(inner)).unwrap_or_default(),
    };
    e.variables().into_iter().flat_map(of).collect()
}

/// How many nodes a term has, those within what stands at an index too.
pub fn weight(e: &Expr) -> u64 {
    let inner = match e.as_variable().and_then(|v| v.name.as_indexed()) {
        None | Some(Indexed::Member { .. } | Indexed::Number(_)) => 0,
        Some(Indexed::Entry { of, at }) => weight(of) + at.len() as u64,
        Some(Indexed::Stack { over, body }) => weight(body) + over.len() as u64,
        Some(Indexed::Gathered { over, when, body, .. }) => weight(body) + (over.len() + 2 * when.len()) as u64,
    };
    1 + inner + e.args().iter().map(weight).sum::<u64>()
}

impl fmt::Display for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Comparator::Equal => "=",
            Comparator::Different => "≠",
            Comparator::Less => "<",
            Comparator::AtMost => "≤",
        })
    }
}

/// For messages; `render` spells places in each notation.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others = self.others.iter().map(|(l, n)| match n {
            1 => format!("+{l}"),
            -1 => format!("-{l}"),
            n => format!("{n:+}{l}"),
        });
        let others: String = others.collect();
        match (&self.letter, self.offset.as_constant()) {
            (Some(letter), Some(0)) => write!(f, "{letter}{others}"),
            (Some(letter), Some(n)) if n < 0 => write!(f, "{letter}{others}-{}", -n),
            (Some(letter), _) => write!(f, "{letter}{others}+{}", self.offset),
            (None, _) => write!(f, "{}{others}", self.offset),
        }
    }
}

/// For messages and for looking on.
impl fmt::Display for Indexed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = |at: &[Place]| at.iter().map(Place::to_string).collect::<Vec<_>>().join(",");
        let letters = |over: &[Index]| over.iter().map(|i| i.letter.to_string()).collect::<Vec<_>>().join(",");
        match self {
            Indexed::Member { family, at } => write!(f, "{family}_{{{}}}", places(at)),
            Indexed::Entry { of, at } => write!(f, "({of:?})_{{{}}}", places(at)),
            Indexed::Stack { over, body } => write!(f, "[{body:?}]_{{{}}}", letters(over)),
            Indexed::Gathered { by, over, when, body } => {
                let when: String = when.iter().map(|c| format!(", {} {} {}", c.left, c.relation, c.right)).collect();
                write!(f, "{by:?}_{{{}{when}}} {body:?}", letters(over))
            }
            Indexed::Number(place) => write!(f, "{place}"),
        }
    }
}
