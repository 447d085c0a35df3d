//! Proofs that were checked: every step is compared in numbers before it is given.

use crate::derive::{Step, from_proof};
use crate::diag::{Error, Kind};
use crate::engine::{self, Facts};
use crate::eval::{Comparison, Quantity, Region, Values, compare, evaluate, extend};
use crate::expr::Expr;
use crate::program::Definition;

/// A proof that two terms over a program's names are equal; `None` when none was found.
///
/// # Errors
/// `Internal` when a step of the proof disagrees with the numbers.
pub fn prove(
    domain: &Region,
    definitions: &[Definition],
    left: &Expr,
    right: &Expr,
    facts: &Facts,
) -> Result<Option<Vec<Step>>, Error> {
    let Some(steps) = engine::prove(left, right, definitions, facts) else { return Ok(None) };
    let steps: Vec<Step> = steps.iter().map(|s| from_proof(s, &Expr::clone)).filter(|s| s.before != s.after).collect();
    for step in &steps {
        let (before, after) = (value_of(&step.before, definitions), value_of(&step.after, definitions));
        if let Comparison::Differ(found) = compare(domain, &*before, &*after)? {
            // a step that is undefined on one side somewhere proves less than it says
            let (Some(l), Some(r)) = (found.left, found.right) else { return Ok(None) };
            let message = format!("a proof and its check disagree about the rule {}", step.rule);
            return Err(
                Error::new(Kind::Internal, message).help(format!("an entry is {l:e} before it and {r:e} after"))
            );
        }
    }
    Ok(Some(steps))
}

/// A term as a quantity: definitions are evaluated first.
pub fn value_of<'a>(e: &'a Expr, definitions: &'a [Definition]) -> Box<Quantity<'a>> {
    Box::new(move |values: &Values| {
        let mut environment = values.clone();
        extend(&mut environment, definitions)?;
        evaluate(e, &environment)
    })
}
