//! From a program to its derivatives: the reverse sweep over definitions, local problems in the engine, conventions, steps.

mod along;
mod charts;
mod costs;
mod cut;
mod dependence;
mod derivation;
mod facts;
mod indexed;
mod jacobians;
mod linear;
mod local;
mod naming;
mod options;
mod order;
mod problem;
mod product;
mod recall;
mod refusal;
mod remarks;
mod renaming;
mod reshape;
mod sentence;
mod steps;
mod sweep;
mod tangent;
mod target;
mod terms;
mod verify;

pub use charts::Chart;
pub use costs::Flops;
pub use derivation::{Derivation, Derivative, ResultKind, derive, derive_program};
pub(crate) use derivation::{check_order, forms, subject, targets};
pub use indexed::MatrixForm;
#[cfg(feature = "json")]
pub(crate) use indexed::ranges_of;
pub(crate) use local::Solver;
pub use options::{Form, Options, Sharing};
pub(crate) use order::{Below, below};
pub use product::Product;
pub use sentence::{Sentence, Word};
pub use steps::{Block, Goal, Step};
pub(crate) use steps::{direct_symbol, from_proof};
pub use target::Target;
