//! Derivations as code: one plan over typed arrays, and a file a target.

mod arrays;
mod assemble;
mod batches;
mod builder;
mod c;
mod chain;
mod dialect;
mod differences;
mod exponents;
mod identifiers;
mod jax;
mod loops;
mod lower;
mod matlab;
mod members;
mod numpy;
mod operations;
mod plan;
mod plates;
mod python;
mod rust;
mod sizes;
mod stable;
mod term;
mod torch;
mod whole;
mod words;

use crate::derive::Derivation;
use crate::diag::Error;

/// What code is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CodeTarget {
    /// Python with NumPy, and SciPy where a matrix is factored.
    NumPy,
    /// Python with JAX: to be compiled, and differentiated by its own rule.
    Jax,
    /// Python with PyTorch: an `autograd.Function`.
    Torch,
    /// Rust with its standard library.
    Rust,
    /// C with its standard library.
    C,
    /// MATLAB and Octave.
    Matlab,
}

/// The file of a derivation for a target.
///
/// # Errors
/// `Unsupported` names what has no code, or none for this target.
pub fn code(derivation: &Derivation, target: CodeTarget) -> Result<String, Error> {
    let source = whole::over_arrays(derivation)?;
    let file = assemble::file(&source)?;
    if let Some(name) = target.of_two_sides().filter(|_| file.plan.has_plates()) {
        return Err(whole::without_plates(derivation, name));
    }
    match target {
        CodeTarget::NumPy => numpy::file(&file),
        CodeTarget::Jax => jax::file(&file),
        CodeTarget::Torch => torch::file(&file),
        CodeTarget::Rust => rust::file(&file),
        CodeTarget::C => c::file(&file),
        CodeTarget::Matlab => matlab::file(&file),
    }
}

impl CodeTarget {
    /// The name of a target whose arrays are matrices at most.
    fn of_two_sides(self) -> Option<&'static str> {
        match self {
            CodeTarget::NumPy | CodeTarget::Jax | CodeTarget::Torch => None,
            CodeTarget::Rust => Some("rust"),
            CodeTarget::C => Some("c"),
            CodeTarget::Matlab => Some("matlab"),
        }
    }

    /// What its files end in.
    pub fn ending(self) -> &'static str {
        match self {
            CodeTarget::NumPy | CodeTarget::Jax | CodeTarget::Torch => "py",
            CodeTarget::Rust => "rs",
            CodeTarget::C => "c",
            CodeTarget::Matlab => "m",
        }
    }
}
