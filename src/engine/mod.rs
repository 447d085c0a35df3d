//! Many small fresh e-graphs: a phase takes one term, rewrites it by the rules of its topics, extracts the best form and
//! proves it. The only module that names egg.

mod analysis;
mod blocks;
mod cost;
mod entries;
mod extract;
mod facts;
mod fraction;
mod indexed_term;
mod language;
mod learning;
mod moves;
mod normal;
mod pattern;
mod polynomial;
mod prove;
mod recognise;
mod rows;
mod run;
mod scalars;
mod site;
mod structural;
mod view;

pub use analysis::{Context, Varying};
pub use cost::{compact, frugal, is_awkward_below, taste, textbook_size};
pub use entries::listed;
pub use extract::Measure;
pub use facts::{declared as facts, known, may_centre};
pub use fraction::cancelled;
pub use moves::{coefficient, like_terms};
pub use normal::{Normal, normal_form};
pub use prove::{Facts, prove, prove_by_form};
pub use recognise::{roots_as_norms, sigmoids_recognised, softmax_recognised, squares_beside_norms, sums_apart};
pub use run::{Budget, DETOUR, DIRECTED, Outcome, Phase, ProofStep, TIDY, run};
pub use scalars::turned;
