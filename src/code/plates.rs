//! Operations on plates: the leading sides of an array are indices, the last two the rows and columns of what stands at each
//! place. An array that does not move with an index has a side of 1 there, or no such side where none before it is left.

use super::plan::Id;
use crate::expr::{Axis, Comparator, Gathering, Index, Range, Size};

/// What is done at every place of a plate at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PlateOperation {
    /// The places of an index as whole numbers along a side of their own, so many indices behind it.
    Letter(Index, usize),
    /// Indices, each so many times, and what is added: a whole number at every place.
    Place(Vec<(i64, Id)>, Size),
    /// The same as an entry.
    Number(Id),
    /// Members of a family, at places counted from 0.
    Member(Id, Vec<Id>),
    /// The entry in this row and column, counted from 0.
    Entry(Id, [Id; 2]),
    /// Whether all of these hold.
    Conditions(Vec<(Id, Comparator, Id)>),
    /// What is made of the values over the last indices, so many places each, where a condition holds.
    Gathered(Gathering, Id, Vec<Size>, Option<Id>),
    /// The last indices become sides of what stands at a place.
    Stacked(Id, Vec<Size>),
    /// The entries in another shape.
    Shaped(Id),
    /// The axes in another order.
    Permuted(Id, Vec<usize>),
    /// With so many indices more, with which it does not move.
    Raised(Id, usize),
    /// Written out at every place.
    Spread(Id),
    /// A function of the matrix at every place.
    Each(PerPlace, Id),
    /// A B at every place.
    Product(Id, Id),
    /// A ⊗ B at every place.
    Kron(Id, Id),
}

/// A function of the matrix at a place. What is summed up keeps its side.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PerPlace {
    Transpose,
    Inverse,
    LogAbsDet,
    Det,
    Trace,
    DiagonalOf,
    Diagonal,
    Vec,
    Unvec,
    Sum(Axis),
    Largest(Axis),
    Product(Axis),
    ProdOthers(Axis),
    CumSum,
    Power(i64),
    Slice(Range, Range),
}

impl PlateOperation {
    /// What it is made of.
    pub fn arguments(&self) -> Vec<Id> {
        match self {
            PlateOperation::Letter(..) => vec![],
            PlateOperation::Place(terms, _) => terms.iter().map(|(_, id)| *id).collect(),
            PlateOperation::Conditions(all) => all.iter().flat_map(|(a, _, b)| [*a, *b]).collect(),
            PlateOperation::Number(a)
            | PlateOperation::Stacked(a, _)
            | PlateOperation::Shaped(a)
            | PlateOperation::Permuted(a, _)
            | PlateOperation::Raised(a, _)
            | PlateOperation::Spread(a)
            | PlateOperation::Each(_, a) => vec![*a],
            PlateOperation::Member(a, at) => std::iter::once(*a).chain(at.iter().copied()).collect(),
            PlateOperation::Entry(a, [row, col]) => vec![*a, *row, *col],
            PlateOperation::Gathered(_, a, _, when) => std::iter::once(*a).chain(*when).collect(),
            PlateOperation::Product(a, b) | PlateOperation::Kron(a, b) => vec![*a, *b],
        }
    }

    /// The sizes it speaks of.
    pub fn sizes(&self) -> Vec<&Size> {
        match self {
            PlateOperation::Letter(index, _) => vec![&index.first, &index.last],
            PlateOperation::Place(_, offset) => vec![offset],
            PlateOperation::Gathered(_, _, over, _) | PlateOperation::Stacked(_, over) => over.iter().collect(),
            PlateOperation::Each(PerPlace::Slice(rows, cols), _) => {
                vec![&rows.first, &rows.last, &cols.first, &cols.last]
            }
            PlateOperation::Number(_)
            | PlateOperation::Member(..)
            | PlateOperation::Entry(..)
            | PlateOperation::Conditions(_)
            | PlateOperation::Shaped(_)
            | PlateOperation::Permuted(..)
            | PlateOperation::Raised(..)
            | PlateOperation::Spread(_)
            | PlateOperation::Each(..)
            | PlateOperation::Product(..)
            | PlateOperation::Kron(..) => vec![],
        }
    }
}
