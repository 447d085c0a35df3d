//! Points at which the truth is known: what a correction must be right at.

use super::asked::{Question, with_definition};
use crate::diag::Error;
use crate::eval::{Matrix, Places, Unrolled, Values, agree, evaluate, extend, sample_sized};
use crate::expr::{Expr, Name, Shape};
use crate::program::{Definition, Program};
use std::collections::BTreeMap;

/// Points a correction must be right at.
const POINTS: u64 = 4;

/// Points at which the truth is known.
pub(super) struct Trial<'a> {
    pub shape: Shape,
    pub points: Vec<TrialPoint<'a>>,
}

/// A point, definitions included, and what is right there.
pub(super) struct TrialPoint<'a> {
    pub values: Values,
    pub truth: Matrix<f64>,
    /// Of a document with indices: how long ranges are there, and where letters.
    pub ranges: Option<TrialRanges<'a>>,
}

/// How long the ranges of a document are, and where its letters.
#[derive(Clone)]
pub(super) struct TrialRanges<'a> {
    pub program: &'a Program,
    pub sizes: BTreeMap<Name, i64>,
    pub at: Places,
}

impl TrialPoint<'_> {
    /// The value of a term.
    ///
    /// # Errors
    /// `Domain` where it has none.
    pub fn value(&self, e: &Expr) -> Result<Matrix<f64>, Error> {
        match &self.ranges {
            None => evaluate(e, &self.values),
            Some(r) => evaluate(&Unrolled::declared(r.program, r.sizes.clone()).term(e, &r.at)?, &self.values),
        }
    }
}

/// What is right at a point, given it with and without definitions.
type KnownTruth<'a> = dyn Fn(&Values, &Values) -> Result<Matrix<f64>, Error> + 'a;

/// A point of a document, and what `truth` says is right there, given the point with and without definitions.
///
/// # Errors
/// Those of sampling.
pub(super) fn point(
    [sized, document]: [&Program; 2],
    definitions: &[Definition],
    seed: u64,
    truth: &KnownTruth,
) -> Result<(Values, Matrix<f64>), Error> {
    let look = |values: &Values| {
        let mut environment = values.clone();
        extend(&mut environment, definitions)?;
        let truth = truth(values, &environment)?;
        Ok((environment, truth))
    };
    Ok(sample_sized(sized, document, seed, look)?.1)
}

impl Trial<'static> {
    /// Sampled points with every definition's value, and what is right there.
    ///
    /// # Errors
    /// Those of sampling.
    pub fn new(
        question: &Question,
        claim: &Expr,
        right: Option<&Expr>,
        definitions: &[Definition],
    ) -> Result<Trial<'static>, Error> {
        let truth = |values: &Values, environment: &Values| match right {
            Some(right) => evaluate(right, environment),
            None => question.truth(values),
        };
        let sized = with_definition(&question.program, claim);
        let one = |seed| {
            let (values, truth) = point([&sized, &question.program], definitions, seed, &truth)?;
            Ok(TrialPoint { values, truth, ranges: None })
        };
        Ok(Trial { shape: question.shape.clone(), points: (1..=POINTS).map(one).collect::<Result<_, Error>>()? })
    }
}

impl Trial<'_> {
    /// Whether a correction is right at every point.
    pub fn fits(&self, e: &Expr) -> bool {
        *e.shape() == self.shape && self.points.iter().all(|p| p.value(e).is_ok_and(|v| agree(&v, &p.truth)))
    }

    /// The values of an expression at every point.
    pub fn values(&self, e: &Expr) -> Option<Vec<Matrix<f64>>> {
        self.points.iter().map(|p| p.value(e).ok()).collect()
    }

    /// truth = ratio · claim, one ratio at each point; `None` when there is none.
    pub fn ratios(&self, claim: &Expr) -> Option<Vec<f64>> {
        if *claim.shape() != self.shape {
            return None;
        }
        let values = self.values(claim)?;
        values.iter().zip(&self.points).map(|(v, p)| ratio(v, &p.truth)).collect()
    }
}

fn ratio(value: &Matrix<f64>, truth: &Matrix<f64>) -> Option<f64> {
    if value.dim() != truth.dim() {
        return None;
    }
    let pairs = || value.iter().zip(truth.iter()).filter(|(_, t)| !t.is_nan());
    let (v, t) = pairs().max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))?;
    let ratio = t / v;
    let scaled = value.mapv(|x| x * ratio).into_shared();
    (ratio.is_finite() && ratio != 0.0 && agree(&scaled, truth)).then_some(ratio)
}
