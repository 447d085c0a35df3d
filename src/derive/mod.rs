//! From a program to its derivatives: the reverse sweep over definitions, local problems in the engine, conventions, steps.

mod agreement;
mod along;
mod ask;
mod assemble;
mod below;
mod charts;
mod costs;
mod cut;
mod dependence;
mod derivation;
mod facts;
mod fold;
mod gathering;
mod idiom;
mod indexed;
mod jacobians;
mod linear;
mod local;
mod matrices;
mod naming;
mod options;
mod order;
mod pass;
mod powers;
mod problem;
mod product;
mod pullback;
mod recall;
mod refusal;
mod remarks;
mod renaming;
mod reshape;
mod result;
mod run;
mod sentence;
mod stacks;
mod steps;
mod tangent;
mod target;
mod terms;
mod together;
mod verify;
mod whole;

pub(crate) use ask::{check_order, forms, one_layout, subject, targets};
pub(crate) use below::{Below, below};
pub use charts::Chart;
pub use costs::Flops;
pub(crate) use derivation::derive_last;
pub use derivation::{derive, derive_program};
#[cfg(feature = "graph")]
pub(crate) use indexed::letters_of;
pub use indexed::ranges_of;
pub(crate) use indexed::{
    as_asked, free_letters, in_last_form, in_letters_of, on_charts, same_form, term_over_whole_arrays,
    written_by_entries,
};
pub(crate) use local::Solver;
pub use matrices::MatrixForm;
pub use options::{Form, Options, Product, Sharing};
pub use result::{Derivation, Derivative, ResultKind};
pub use sentence::{Sentence, Word};
pub use steps::{Block, Goal, Step};
pub(crate) use steps::{READ_JACOBIAN, direct_symbol, from_proof};
pub use target::Target;
