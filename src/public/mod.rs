//! The face of the library: what its users name, and no more than that. Behind it stand the layers.

mod derivation;
mod document;
mod error;
mod evaluation;
mod reading;
mod step;
mod underline;
mod verdict;
mod words;

pub use derivation::{Derivation, Derivative};
pub use document::{Document, check, derive, equal, equal_given, simplify};
pub use error::Error;
pub use evaluation::{Bindings, Dense, Evaluation};
pub use reading::{Reading, targets};
pub use step::Step;
pub use verdict::{Equality, Simplification, Verdict};
