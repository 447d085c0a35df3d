//! What a name may be, and what a reading costs.

use crate::expr::{Name, Shape};
use std::ops::Add;

/// Which of the two sizes are 1: all that sums and products ask of a shape before its sizes matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// 1 × 1.
    Scalar,
    /// A column.
    Vector,
    /// 1 × n.
    Row,
    /// Two sizes.
    Matrix,
}

impl Sort {
    /// Every sort, in the order of the tables.
    pub const ALL: [Sort; 4] = [Sort::Scalar, Sort::Vector, Sort::Row, Sort::Matrix];

    /// From which of its sizes are 1.
    pub fn new(one_row: bool, one_column: bool) -> Sort {
        match (one_row, one_column) {
            (true, true) => Sort::Scalar,
            (false, true) => Sort::Vector,
            (true, false) => Sort::Row,
            (false, false) => Sort::Matrix,
        }
    }

    /// Of a shape whose sizes are settled.
    pub fn of(shape: &Shape) -> Sort {
        Sort::new(shape.rows.is_one(), shape.cols.is_one())
    }

    pub fn one_row(self) -> bool {
        matches!(self, Sort::Scalar | Sort::Row)
    }

    pub fn one_column(self) -> bool {
        matches!(self, Sort::Scalar | Sort::Vector)
    }

    pub fn transposed(self) -> Sort {
        Sort::new(self.one_column(), self.one_row())
    }

    /// As a sentence calls it.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Scalar => "a scalar",
            Sort::Vector => "a vector",
            Sort::Row => "a row vector",
            Sort::Matrix => "a matrix",
        }
    }
}

/// A set of sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sorts(u8);

impl Sorts {
    pub const ALL: Sorts = Sorts(0b1111);
    pub const NONE: Sorts = Sorts(0);

    pub fn with(self, sort: Sort) -> Sorts {
        Sorts(self.0 | 1 << sort as u8)
    }

    pub fn without(self, sort: Sort) -> Sorts {
        Sorts(self.0 & !(1 << sort as u8))
    }

    pub fn contains(self, sort: Sort) -> bool {
        self.0 & (1 << sort as u8) != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Sort> {
        Sort::ALL.into_iter().filter(move |s| self.contains(*s))
    }

    pub fn intersection(self, other: Sorts) -> Sorts {
        Sorts(self.0 & other.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a reading costs, the weightiest first: evidence against it, broadcasts, hints against it, letters overruled,
/// and an order among what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost(u128);

/// The bits of one level: no document has so many names.
const LEVEL: u32 = 25;

impl Cost {
    pub const ZERO: Cost = Cost(0);
    /// No reading at all.
    pub const NEVER: Cost = Cost(u128::MAX);
    pub const EVIDENCE: Cost = Cost(1 << (4 * LEVEL));
    pub const BROADCAST: Cost = Cost(1 << (3 * LEVEL));
    pub const HINT: Cost = Cost(1 << (2 * LEVEL));
    pub const OVERRULED: Cost = Cost(1 << LEVEL);

    /// The place among readings that are otherwise as good.
    pub fn order(place: u8) -> Cost {
        Cost(u128::from(place))
    }

    pub fn times(self, count: u32) -> Cost {
        Cost(self.0.saturating_mul(u128::from(count)))
    }

    /// What weighs more than hints and letters: evidence and broadcasts.
    pub fn weight(self) -> Cost {
        Cost(self.0 >> (3 * LEVEL) << (3 * LEVEL))
    }

    /// Without the order.
    pub fn rank(self) -> Cost {
        Cost(self.0 >> LEVEL << LEVEL)
    }
}

impl Add for Cost {
    type Output = Cost;

    fn add(self, other: Cost) -> Cost {
        Cost(self.0.saturating_add(other.0))
    }
}

/// Words of programs for what papers write with a Greek letter.
const GREEK_WORDS: &[&str] = &[
    "lam",
    "lamb",
    "lambd",
    "lamda",
    "lmbda",
    "lmbd",
    "gam",
    "sig",
    "eps",
    "reg",
    "lr",
    "margin",
    "momentum",
    "temperature",
    "learning",
    "decay",
];

/// What the letter of an undeclared name says, and how it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letter {
    /// Lower-case Greek.
    Greek,
    /// Lower-case Latin.
    Latin,
    /// Upper case.
    Capital,
    /// Lower case in bold, or anything under an arrow.
    BoldVector,
    /// Upper case in bold.
    BoldMatrix,
}

impl Letter {
    pub fn of(name: &Name, bold: bool, arrow: bool) -> Letter {
        // `dW` and `ΔW`, changes of W, are what W is
        let changed = name.as_str().strip_prefix('d').filter(|rest| rest.starts_with(char::is_uppercase));
        let changed =
            changed.or_else(|| name.as_str().strip_prefix('Δ').filter(|rest| rest.starts_with(char::is_alphabetic)));
        let first = changed.unwrap_or(name.as_str()).chars().next();
        // ∇²f without an argument
        let capital = first.is_some_and(char::is_uppercase) || name.as_str().starts_with("hess_");
        let word = name.as_str().split('_').next().unwrap_or("");
        match first {
            _ if arrow => Letter::BoldVector,
            _ if capital && bold => Letter::BoldMatrix,
            _ if capital => Letter::Capital,
            _ if bold => Letter::BoldVector,
            _ if GREEK_WORDS.contains(&word) => Letter::Greek,
            Some('α'..='ω' | 'ϑ' | 'ϕ' | 'ϵ' | 'ϱ' | 'ϖ' | 'ϰ' | 'ℓ') => Letter::Greek,
            Some(_) | None => Letter::Latin,
        }
    }

    /// A member of a family is rather a scalar, as a Greek letter is; not where it is bold.
    pub fn of_member(self) -> Letter {
        match self {
            Letter::Greek | Letter::Latin | Letter::Capital => Letter::Greek,
            Letter::BoldVector | Letter::BoldMatrix => self,
        }
    }

    /// What a reader takes it for.
    pub fn sort(self) -> Sort {
        match self {
            Letter::Greek => Sort::Scalar,
            Letter::Latin | Letter::BoldVector => Sort::Vector,
            Letter::Capital | Letter::BoldMatrix => Sort::Matrix,
        }
    }

    /// What it costs to take it for this.
    pub fn cost(self, sort: Sort) -> Cost {
        let overruled = |weight: u32, place: u8| Cost::OVERRULED.times(weight) + Cost::order(place);
        match (self, sort) {
            (letter, sort) if letter.sort() == sort => Cost::ZERO,
            (Letter::BoldVector, _) => Cost::NEVER,
            (Letter::BoldMatrix, sort) => Cost::EVIDENCE + Letter::Capital.cost(sort),
            (Letter::Latin, Sort::Scalar) => overruled(2, 1),
            (Letter::Greek, Sort::Vector) => overruled(2, 2),
            (Letter::Capital, Sort::Scalar) => overruled(2, 3),
            (Letter::Capital, Sort::Vector) => overruled(3, 4),
            (Letter::Greek | Letter::Latin, Sort::Matrix) => overruled(5, 5),
            (Letter::Capital, Sort::Row) => overruled(6, 6),
            (Letter::Greek | Letter::Latin | Letter::Capital, _) => Cost::NEVER,
        }
    }
}
