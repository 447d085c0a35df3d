//! Why a term was not differentiated: nobody knows how, or it took more than the engine's budget.

use crate::diag::{Error, Kind, Span};
use crate::expr::{Expr, operator_name};
use crate::program::Definition;

/// What kept a local problem from its solution.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// No rule knows the differential of this term.
    NoRule(Expr),
    /// The rules had more to say of this term than the engine's budget allows.
    Budget(Expr),
}

impl Refusal {
    /// The same of another term.
    pub fn map(&self, f: impl Fn(&Expr) -> Expr) -> Refusal {
        match self {
            Refusal::NoRule(e) => Refusal::NoRule(f(e)),
            Refusal::Budget(e) => Refusal::Budget(f(e)),
        }
    }

    /// The error, at the definition whose derivative was asked for.
    pub fn of(self, d: &Definition) -> Error {
        let error = match self {
            Refusal::NoRule(e) => {
                let message = format!("there is no rule yet for the differential of {}", operator_name(e.op()));
                Error::new(Kind::Unsupported, message).help("`gradus rules` lists what there are rules for")
            }
            Refusal::Budget(e) => {
                let message = format!("the differential of {} takes more than one term may", operator_name(e.op()));
                Error::new(Kind::Limit, message).help("give names to parts of the formula")
            }
        };
        if d.span == Span::default() { error } else { error.at(d.span, "in this definition") }
    }
}
