//! The parts of the window classifier: readers, windows, the derived network, its numeric check, training, scores.

pub mod check;
pub mod conll;
pub mod network;
pub mod optimizer;
pub mod options;
pub mod report;
pub mod score;
pub mod source;
pub mod split;
pub mod train;
pub mod vectors;
pub mod windows;

pub use options::Options;
pub use report::run;

/// Whatever goes wrong is told to the user and ends the run.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
