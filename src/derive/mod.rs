//! From a program to its derivatives: the reverse sweep over definitions, local problems in the engine, conventions, steps.

mod along;
mod charts;
mod costs;
mod cut;
mod dependence;
mod derivation;
mod facts;
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
mod steps;
mod sweep;
mod tangent;
mod target;
mod terms;
mod verify;

pub use charts::Chart;
pub use costs::Cost;
pub use derivation::{Derivation, Derivative, Quantity, derive, derive_program};
pub(crate) use derivation::{forms, subject, targets};
pub(crate) use local::Solver;
pub use options::{Form, Options, Sharing};
pub use product::Product;
pub use steps::{Block, Goal, Step};
pub(crate) use steps::{direct_symbol, from_proof, symbol};
pub use target::Target;
