//! Yes or no, and what goes with each.

use super::fact::Condition;
use super::slip::Slip;
use crate::derive::Step;
use crate::eval::{Check, Difference};
use crate::expr::Shape;

/// The answer to "are these two the same?".
#[derive(Clone, Debug)]
pub enum Answer {
    /// They are the same.
    Yes {
        /// At how many points, and how closely.
        check: Check,
        /// From the one to the other, one rule a step (none when they are the same expression); `None` when they agree at
        /// every point but no proof was found.
        proof: Option<Vec<Step>>,
    },
    /// They are not.
    No {
        /// Where they differ.
        wrong: Wrong,
        /// What explains it, when something usual does.
        slip: Option<Slip>,
        /// What nobody declared and would make them the same.
        holds_if: Vec<Condition>,
    },
}

/// How two things that should be the same are not.
#[derive(Clone, Debug)]
pub enum Wrong {
    /// They do not even have one shape.
    Shape {
        /// The shape that was claimed.
        found: Shape,
        /// The shape it would need.
        expected: Shape,
    },
    /// An entry differs.
    Entry(Box<Difference>),
}

impl Answer {
    /// Whether it is a yes.
    pub fn is_yes(&self) -> bool {
        match self {
            Answer::Yes { .. } => true,
            Answer::No { .. } => false,
        }
    }

    /// The proof of a yes, when there is one.
    pub fn proof(&self) -> Option<&[Step]> {
        match self {
            Answer::Yes { proof, .. } => proof.as_deref(),
            Answer::No { .. } => None,
        }
    }
}
