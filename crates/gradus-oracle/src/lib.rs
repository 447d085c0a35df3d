//! The independent oracle: evaluates expressions over floats and dual numbers, samples points of a program's domain and
//! checks derivatives there. It knows the operators and nothing of the rules that differentiate or simplify them.
//!
//! A part of [gradus](https://docs.rs/gradus), which promises nothing of its own.

mod algebra;
mod arrays;
mod axes;
mod branches;
mod chain;
mod change;
mod check;
mod compare;
mod comparison;
mod datum;
mod difference;
mod doubt;
mod elementwise;
mod evaluate;
mod exact;
mod explore;
mod factor;
mod facts;
mod field;
#[cfg(feature = "json")]
mod json;
mod masks;
mod members;
mod mutants;
mod passage;
mod plan;
mod random;
mod rank;
mod rounding;
mod run;
mod sample;
mod scalar;
mod sizes;
mod slots;
mod solve;
mod stretch;
mod tangent;
mod unroll;
mod value;
mod values;
mod work;

pub use axes::{Axes, into_entries, matrix};
pub use branches::{Branch, Section};
pub use change::check_change;
pub use check::{Candidate, Check, ClaimedForm, TOLERANCE, check};
pub use compare::{Comparison, Difference, Quantity, Region, agree, compare, compare_at, faint, readable};
pub use datum::{Borrowed, Datum};
pub use difference::{central_difference, central_differences};
pub use elementwise::derivative;
pub use evaluate::{Compiled, MAX_ENTRIES, Matrix, evaluate, evaluate_structured, extend};
pub use exact::{Pair, Ruling, rule, without_common};
pub use explore::{Exploration, explore};
#[cfg(feature = "json")]
pub use json::{HOW_TO_MASK, extents, json_with, read_values, to_json};
pub use masks::Masks;
pub use passage::{Move, Passage, check_passages};
pub use random::Random;
pub use sample::{sample, sample_sized};
pub use scalar::Scalar;
pub use tangent::{MAX_PASSES, automatic_change, automatic_derivative, change_of};
pub use unroll::{Places, Unrolled, range_sizes, without_unused};
pub use value::Value;
pub use values::values_of;
pub use work::effort;

use gradus_core::{diag, expr, fuel, program, syntax};

use crate::expr::{Elementwise, Name, Symbol};
use std::collections::BTreeMap;

/// What names stand for: arrays (a scalar is 1 × 1, a vector n × 1), sizes and abstract functions.
#[derive(Clone, Debug)]
pub struct Valuation<T> {
    /// Values of variables and definitions.
    pub arrays: BTreeMap<Symbol, Matrix<T>>,
    /// Values of size names.
    pub sizes: BTreeMap<Name, i64>,
    /// What stands for each abstract function.
    pub functions: BTreeMap<Name, Elementwise>,
    /// Every result of an operator is off by a few roundings, which this number decides: what that changes is not known.
    pub rounding: Option<u64>,
}

/// A point: a value for every input of a program.
pub type Values = Valuation<f64>;

impl<T> Default for Valuation<T> {
    fn default() -> Valuation<T> {
        Valuation { arrays: BTreeMap::new(), sizes: BTreeMap::new(), functions: BTreeMap::new(), rounding: None }
    }
}

impl Values {
    /// The same point in another scalar type, with zero tangents.
    pub fn lift<T: Scalar>(&self) -> Valuation<T> {
        let lifted = |a: &Matrix<f64>| a.mapv(T::from).into_shared();
        Valuation {
            arrays: self.arrays.iter().map(|(name, a)| (name.clone(), lifted(a))).collect(),
            sizes: self.sizes.clone(),
            functions: self.functions.clone(),
            rounding: self.rounding,
        }
    }
}
