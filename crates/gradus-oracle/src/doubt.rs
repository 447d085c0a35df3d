//! Whether a disagreement is beyond doubt, and how it is told.

use super::Values;
use super::comparison::Discrepancy;
use super::sample::moved;
use crate::diag::{Error, Kind};

/// How many points beside a point confirm a disagreement about a vanishing derivative, and how far they are from it.
const NEIGHBOURS: u64 = 6;
const NEARBY: f64 = 1e-3;
/// So often results are off by other roundings.
const ROUNDINGS: u64 = 4;

/// What is wrong at a point is as wrong beside it. Rounding errors of a saturated function, in σ(z) (1 − σ(z)) for a
/// large z, are other ones there, though a nudge may not change them.
pub fn is_wrong_nearby(
    values: &Values,
    here: &Discrepancy,
    seed: u64,
    at: &dyn Fn(&Values) -> Result<Discrepancy, Error>,
) -> Result<bool, Error> {
    if is_rounding(values, here, at)? {
        return Ok(false);
    }
    for neighbour in 1..=NEIGHBOURS {
        match at(&moved(values, NEARBY, seed.wrapping_add(neighbour))) {
            Ok(there) if here.differs_alike(&there) => {}
            Ok(_) | Err(Error { kind: Kind::Domain, .. }) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Whether roundings that results are off by change about as much as every disagreement is large: of layer norms of two
/// entries, which are ±1 at every point, derivatives are made of nothing else.
fn is_rounding(
    values: &Values,
    here: &Discrepancy,
    at: &dyn Fn(&Values) -> Result<Discrepancy, Error>,
) -> Result<bool, Error> {
    let off = |seed| at(&Values { rounding: Some(seed), ..values.clone() });
    match (1..=ROUNDINGS).map(off).collect::<Result<Vec<_>, _>>() {
        Ok(off) => Ok(here.is_rounding(&off)),
        Err(Error { kind: Kind::Domain, .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

pub fn rounding() -> Error {
    Error::new(Kind::Domain, "the derivatives there are mostly rounding error")
}

pub fn disagreement(what: &str, comparison: &Discrepancy, point: u64) -> Error {
    let (got, expected) = comparison.worst();
    let message = format!("the derivation and its check disagree about {what}");
    Error::new(Kind::Internal, message).help(format!(
        "in a random direction at point {point} the derivation gives {got:e}, automatic differentiation {expected:e}"
    ))
}
