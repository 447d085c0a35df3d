//! What two sides are to each other: exact arithmetic, numbers, a proof, and whether the numbers have seen every part.

use super::answer::Answer;
use super::proof::{prove, value_of};
use crate::diag::Error;
use crate::engine::Facts;
use crate::eval::{
    Check, Comparison, Difference, Exploration, Pair, Quantity, Region, Ruling, Values, compare, explore, faint,
    readable, rule, without_common,
};
use crate::expr::Expr;
use crate::fuel;
use crate::program::Definition;

/// Two sides as expressions and as quantities; for a claim the right one is the derivative by automatic differentiation.
pub struct Sides<'a> {
    pub pair: Pair<'a>,
    pub quantities: [&'a Quantity<'a>; 2],
    /// The right expression as a quantity, where that is another one.
    pub witness: Option<&'a Quantity<'a>>,
    /// Whether a proof in steps is looked for.
    pub proving: bool,
}

/// The same, or not yet known not to be; or a difference.
pub enum Judgement {
    Same(Answer),
    Apart(Box<Difference>),
}

/// Judges two sides; `looked` compares them in numbers.
///
/// # Errors
/// Those of evaluation; `Internal` when a proof disagrees with the numbers.
pub fn judged(
    sides: &Sides,
    facts: &Facts,
    looked: &dyn Fn() -> Result<Comparison, Error>,
) -> Result<Judgement, Error> {
    let ruling = rule(&sides.pair)?;
    let is_entry = |d: &Difference| d.left.is_some() && d.right.is_some();
    let (check, exact) = match (looked()?, ruling) {
        (Comparison::Agree(_), Ruling::Apart(Some(found))) => return Ok(hidden(*found)),
        (Comparison::Agree(check), Ruling::Apart(None)) => return known_apart(sides, check),
        (Comparison::Agree(check), Ruling::Same) => (check, true),
        (Comparison::Agree(check), Ruling::Open) => (check, false),
        // what is equal exactly differs by rounding; a difference of domains is one all the same
        (Comparison::Differ(found), Ruling::Same) if is_entry(&found) => {
            let share = |l: f64, r: f64| (l - r).abs() / l.abs().max(r.abs());
            let error = found.left.zip(found.right).map_or(0.0, |(l, r)| share(l, r));
            (Check { points: 1, max_rel_error: error, not_visited: vec![] }, true)
        }
        (Comparison::Differ(found), Ruling::Same | Ruling::Apart(_) | Ruling::Open) => {
            return Ok(Judgement::Apart(found));
        }
    };
    let Pair { domain, definitions, left, right } = sides.pair;
    let proof = if sides.proving { prove(&domain, definitions, left, right, facts)? } else { None };
    if exact || proof.is_some() {
        return Ok(Judgement::Same(Answer::Yes { check, proof, exact }));
    }
    match without_common(&sides.pair)? {
        Some([left, right]) => rest_seen(sides, [&left, &right], check),
        None => seen(&domain, definitions, [left, right], sides, check),
    }
}

/// A difference where ordinary points show none.
fn hidden(found: Difference) -> Judgement {
    Judgement::Apart(Box::new(Difference { hidden: true, ..found }))
}

/// Two sides that are not the same: where that shows, however faintly.
fn known_apart(sides: &Sides, check: Check) -> Result<Judgement, Error> {
    let Pair { domain, definitions, left, right } = sides.pair;
    let [l, r] = sides.quantities;
    if let Some(found) = faint(&domain, l, r)? {
        return Ok(hidden(found));
    }
    // the verdict is the better for it, but it is one without
    let sought = fuel::spared(|| explore(&domain, definitions, [left, right], sides.quantities, sides.witness));
    Ok(match sought.transpose()? {
        Some(Exploration::Apart(found)) => hidden(*found),
        Some(Exploration::Seen | Exploration::Unseen(_)) | None => {
            Judgement::Same(Answer::Undecided { check, unseen: vec![] })
        }
    })
}

/// Judges by what is left of two sides that agree when the terms both have are taken off: at the points of the whole.
fn rest_seen(sides: &Sides, [left, right]: [&Expr; 2], check: Check) -> Result<Judgement, Error> {
    let Pair { domain, definitions, .. } = sides.pair;
    let rest = |e| {
        let value = value_of(e, definitions);
        move |at: &Values| sides.quantities.iter().try_for_each(|whole| whole(at).map(drop)).and_then(|()| value(at))
    };
    let (l, r) = (rest(left), rest(right));
    let found = match compare(&domain, &l, &r)? {
        Comparison::Differ(found) => readable(&domain, &l, &r, &found)?.map_or(found, Box::new),
        Comparison::Agree(_) => {
            let rest =
                Sides { pair: Pair { left, right, ..sides.pair }, quantities: [&l, &r], witness: None, ..*sides };
            match seen(&domain, definitions, [left, right], &rest, check)? {
                Judgement::Apart(found) => found,
                same @ Judgement::Same(_) => return Ok(same),
            }
        }
    };
    let gap = found.left.zip(found.right).map(|(l, r)| l - r);
    let [left, right] = sides.quantities.map(|side| side(&found.at).map(|value| Some(value[found.entry])));
    Ok(hidden(Difference { left: left?, right: right?, gap, ..*found }))
}

/// Judges a claim of whose derivative there is no expression.
///
/// # Errors
/// Those of evaluation.
pub fn by_numbers_alone(sides: &Sides, looked: &dyn Fn() -> Result<Comparison, Error>) -> Result<Judgement, Error> {
    let Pair { domain, definitions, left, .. } = sides.pair;
    match looked()? {
        Comparison::Differ(found) => Ok(Judgement::Apart(found)),
        Comparison::Agree(check) => seen(&domain, definitions, [left, left], sides, check),
    }
}

/// A yes by numbers, if they have seen every part of both sides.
fn seen(
    domain: &Region,
    definitions: &[Definition],
    expressions: [&Expr; 2],
    sides: &Sides,
    check: Check,
) -> Result<Judgement, Error> {
    Ok(match explore(domain, definitions, expressions, sides.quantities, sides.witness)? {
        Exploration::Apart(found) => hidden(*found),
        Exploration::Seen => Judgement::Same(Answer::Yes { check, proof: None, exact: false }),
        Exploration::Unseen(unseen) => Judgement::Same(Answer::Undecided { check, unseen }),
    })
}
