//! The checker of changes: what a value changes by as names move along a direction.

use super::check::{Check, POINTS};
use super::comparison::{Discrepancy, Sum};
use super::doubt::{disagreement, is_wrong_nearby, rounding};
use super::random::Random;
use super::run::perturb;
use super::sample::sample_where;
use super::tangent::{perturbed, plan_of};
use super::{Valuation, Values, evaluate, extend};
use crate::diag::Error;
use crate::expr::{Expr, Symbol};
use crate::program::{Definition, Program};
use ndarray::Array1;
use num_dual::Dual64;
use rustc_hash::FxHashMap as HashMap;

/// Checks the claimed change of the definition `of` as the names in `moving` move along a direction: the value of
/// `direction` (of one name), or random ones, which `d(name)` in the claim then stands for.
///
/// # Errors
/// `Internal` with a report when the claim disagrees; `Domain` when no point of the domain is found.
pub fn check_change(
    program: &Program,
    of: &Symbol,
    extra: &[Definition],
    moving: &[&Symbol],
    direction: Option<&Expr>,
    claim: &Expr,
) -> Result<Check, Error> {
    let mut max_rel_error = 0.0f64;
    for point in 0..POINTS {
        let seed = point as u64 + 1;
        let at = |values: &Values| change(program, values, of, extra, moving, direction, claim, seed);
        let look = |values: &Values| {
            let here = at(values)?;
            if here.is_wrong() && !is_wrong_nearby(values, &here, seed, &at)? {
                return Err(rounding());
            }
            Ok(here)
        };
        let (_, comparison) = sample_where(program, seed, look)?;
        let error = comparison.error();
        if comparison.is_wrong() {
            return Err(disagreement(&format!("the change of {of}"), &comparison, seed));
        }
        max_rel_error = max_rel_error.max(error);
    }
    Ok(Check { points: POINTS, max_rel_error, not_visited: vec![] })
}

/// The claimed change at a point, beside the value with its tangent.
#[allow(clippy::too_many_arguments)]
fn change(
    program: &Program,
    values: &Values,
    of: &Symbol,
    extra: &[Definition],
    moving: &[&Symbol],
    direction: Option<&Expr>,
    claim: &Expr,
    seed: u64,
) -> Result<Discrepancy, Error> {
    let mut here = values.clone();
    extend(&mut here, &program.definitions)?;
    let mut random = Random::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let mut directions = HashMap::default();
    for name in moving {
        let extent = here.arrays.get(*name).map_or((1, 1), |a| a.dim());
        let along = match direction {
            Some(e) => evaluate(e, &here)?.to_owned(),
            None => random.direction(extent),
        };
        directions.insert((*name).clone(), along);
    }
    extend(&mut here, extra)?;
    let mut moved: Valuation<Dual64> = here.lift();
    for (name, array) in &mut moved.arrays {
        perturb(array, directions.get(name));
    }
    let total: Array1<f64> = evaluate(claim, &moved)?.t().iter().map(|x| x.re).collect();
    let magnitude = total.mapv(f64::abs);
    let plan = plan_of(program, of)?;
    let value = perturbed(&plan, plan.roots.len() - 1, values, &directions)?;
    Ok(Discrepancy { expected: Sum { total, magnitude }, value })
}
