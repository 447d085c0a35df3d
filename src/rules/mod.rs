//! The rule book: every fact of the calculus gradus uses, declared once.
//!
//! A rule is a statement in gradus' own notation with the shapes and conditions of its letters. From it come the
//! rewrite of the engine, its numeric test, its page in `gradus rules`, and the caption of every step that uses it.
//!
//! Notation beyond the language: `d(A)` is the differential of A, `ip(G, A)` the inner product ⟨G, A⟩ = tr(Gᵀ A), and `…`
//! stands for the further terms of a sum or factors of an elementwise product, each treated as the one beside it.

mod algebra;
mod book;
mod differential;
mod elementwise;
mod expansion;
mod jacobian;
mod pullback;
mod reason;
mod structure;

pub use book::{Pattern, Rule, RuleLetter, Topic, book, find, pattern, pattern_of, patterns};
pub use reason::{INDICES, Reason, Spoken};

/// What a letter of a rule must be known to be. Unknown is not true: a rule fires on yes alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// Depends on what is differentiated (in the linear phases: holds a differential).
    Varying,
    /// Does not.
    Constant,
    /// A = Aᵀ.
    Symmetric,
    /// Zero off the diagonal.
    Diagonal,
    /// AᵀA = I.
    Orthogonal,
    /// Symmetric with xᵀ A x ≥ 0.
    Semidefinite,
    /// Symmetric with xᵀ A x > 0 for x ≠ 0.
    Definite,
    /// Every entry is above 0.
    Positive,
    /// A column whose entries add up to 1.
    Distribution,
    /// The entries of every row add up to 1.
    StochasticRows,
    /// A column whose entries add up to 0.
    Centred,
    /// Implied by the left side of the rule (`inv(A)`, `logdet(A)`); samples respect it.
    Invertible,
    /// Entries for which the left side of the rule is defined (`log(A)`); samples respect it.
    InDomain,
}

impl Fact {
    /// Whether it is an equation between entries, which ends as soon as one of them moves by itself. What is positive or
    /// definite stays so for a while.
    pub fn is_equation(self) -> bool {
        match self {
            Fact::Symmetric
            | Fact::Diagonal
            | Fact::Orthogonal
            | Fact::Distribution
            | Fact::StochasticRows
            | Fact::Centred => true,
            Fact::Semidefinite
            | Fact::Definite
            | Fact::Positive
            | Fact::Varying
            | Fact::Constant
            | Fact::Invertible
            | Fact::InDomain => false,
        }
    }
}
