//! Yes, no or not decided, and what goes with each.

use super::fact::Condition;
use super::slip::Slip;
use crate::derive::Step;
use crate::eval::{Check, Difference};
use crate::expr::{Expr, Shape};

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
        /// Whether exact arithmetic says so too: modulo a large prime, whatever the functions are that are not rational.
        exact: bool,
    },
    /// They are not.
    No {
        /// Where they differ.
        wrong: Wrong,
        /// What explains it, when something usual does.
        slip: Option<Slip>,
        /// What nobody declared and would make them the same.
        holds_if: Vec<Condition>,
        /// Whether an explanation was looked for.
        sought: bool,
    },
    /// They agree wherever gradus looked, and that is not everywhere it would have to look.
    Undecided {
        /// At how many points, and how closely.
        check: Check,
        /// The parts whose change no point shows.
        unseen: Vec<Expr>,
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
            Answer::No { .. } | Answer::Undecided { .. } => false,
        }
    }

    /// Whether it is a no.
    pub fn is_no(&self) -> bool {
        match self {
            Answer::No { .. } => true,
            Answer::Yes { .. } | Answer::Undecided { .. } => false,
        }
    }

    /// `yes`, `no` or `not decided`.
    pub fn word(&self) -> &'static str {
        match self {
            Answer::Yes { .. } => "yes",
            Answer::No { .. } => "no",
            Answer::Undecided { .. } => "not decided",
        }
    }

    /// The exit code that goes with it: 0, 1 or 3.
    pub fn exit_code(&self) -> i32 {
        match self {
            Answer::Yes { .. } => 0,
            Answer::No { .. } => 1,
            Answer::Undecided { .. } => 3,
        }
    }

    /// The proof of a yes, when there is one.
    pub fn proof(&self) -> Option<&[Step]> {
        match self {
            Answer::Yes { proof, .. } => proof.as_deref(),
            Answer::No { .. } | Answer::Undecided { .. } => None,
        }
    }
}
