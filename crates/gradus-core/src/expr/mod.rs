//! The typed core: expressions over matrices with symbolic sizes.
//!
//! A scalar is 1 × 1, a column vector n × 1. Every node knows its shape. Sums and elementwise products are n-ary and
//! sorted, matrix products are n-ary chains; scalars never stand in a chain but beside it, as factors of an
//! elementwise product (`Had` with scalar factors is scaling).

mod build;
mod builtin;
mod elementwise;
mod field;
mod flops;
mod indexed;
mod name;
mod number;
mod op;
mod products;
mod real;
mod size;
mod symbol;
mod tree;

pub use build::*;
pub use builtin::{
    About, ArrayValue, Axis, Builtin, Caveat, Keyword, Nonnegativity, PROGRAM_LAST_AXIS, PROGRAM_SECOND_AXIS,
    Positivity, Work,
};
pub use elementwise::{AboutMap, Domain, Elementwise};
pub use field::{ArrayFunction, Slope, Space};
pub use flops::{flops, flops_as_written, flops_measured};
pub use indexed::{
    Comparator, Gathering, Index, Indexed, Place, PlaceCondition, bases, of_a_set, stacked_shape, weight,
};
pub use name::Name;
pub use number::Rational;
pub use op::{Constant, Function, Map, Op, Range, Variable, derive_shape, operator_name, triangular};
pub use products::{Amount, Extent, Order};
pub use real::Real;
pub use size::{Atom, Shape, Size};
pub use symbol::{Made, Partial, Purpose, Symbol};
pub use tree::Expr;
