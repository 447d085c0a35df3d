//! The slip that explains a wrong claim, found by trying: a correction that is right at every point is what was missed.

use super::asked::Question;
use super::edits::edits;
use super::material::Material;
use super::occurrences;
use super::rivals;
use super::slip::{Edit, Slip, SlipKind};
use super::trial::{Trial, TrialPoint};
use crate::derive::Form;
use crate::diag::{Error, Kind};
use crate::eval::{self, Matrix, agree};
use crate::expr::{Builtin, Expr, Op, Rational, as_number, build, builtin, had, neg, number, pow, transpose};
use crate::program::Definition;

/// Corrections tried, at most.
const MAX_EDITS: usize = 6_000;
/// Constants a whole claim may be off by have numerators and denominators up to this.
const MAX_CONSTANT: i64 = 12;

/// The slip that explains a wrong claim, the simplest first; `None` when nothing usual does.
///
/// # Errors
/// Those of sampling, `Domain` aside.
pub(super) fn find(
    question: &Question,
    claim: &Expr,
    right: Option<&Expr>,
    definitions: &[Definition],
) -> Result<Option<Slip>, Error> {
    let trial = match Trial::new(question, claim, right, definitions) {
        Ok(trial) => trial,
        Err(e) if matches!(e.kind, Kind::Domain | Kind::Limit) => return Ok(None),
        Err(e) => return Err(e),
    };
    let material = Material::new(right, claim, definitions, &question.program);
    let elsewhere =
        || Ok(occurrences::find(question, &trial, claim)?.or_else(|| rivals::find(question, &trial, claim, &material)));
    let slip = explained(&trial, question.form, claim, &material, &elsewhere)?;
    Ok(slip.or_else(|| rivals::last(question, &trial, claim)))
}

/// The slip, where `occurrences` looks for places that were not counted.
pub(super) fn explained(
    trial: &Trial,
    form: Form,
    claim: &Expr,
    material: &Material,
    occurrences: &dyn Fn() -> Result<Option<Slip>, Error>,
) -> Result<Option<Slip>, Error> {
    // what is wrong elsewhere alone is not explained by what is right here
    if trial.fits(claim) {
        return Ok(None);
    }
    if let Some(slip) = whole(form, trial, claim).or_else(|| layout(form, trial, claim)) {
        return Ok(Some(slip));
    }
    let local = first_edit(trial, claim, material);
    if let Some(slip) = local.as_ref().filter(|s| s.kind < SlipKind::Occurrences) {
        return Ok(Some(slip.clone()));
    }
    if let Some(slip) = occurrences()? {
        return Ok(Some(slip));
    }
    Ok(local.or_else(|| diagonal_only(trial, claim)).or_else(|| scalar_factor(trial, claim, material)))
}

/// Slips of the whole claim.
fn whole(form: Form, trial: &Trial, claim: &Expr) -> Option<Slip> {
    let turned = transpose(claim.clone());
    if trial.fits(&turned) {
        return Some(Slip::new(turned_kind(form, claim), Some(turned)));
    }
    let ratios = trial.ratios(claim)?;
    let constant = constant(&ratios)?;
    let minus_one = constant == Rational::from(-1);
    let corrected = if minus_one { neg(claim.clone()) } else { had(vec![number(constant.clone()), claim.clone()]) };
    let kind = if minus_one { SlipKind::Sign } else { SlipKind::Factor };
    let fits = trial.fits(&corrected);
    fits.then(|| Slip { after: Some(number(constant)), ..Slip::new(kind, Some(corrected)) })
}

/// What a transposed claim is: a row for a column and a transposed Jacobian are the other convention.
fn turned_kind(form: Form, claim: &Expr) -> SlipKind {
    let flat = claim.shape().rows.is_one() || claim.shape().cols.is_one();
    match form {
        _ if flat => SlipKind::OtherForm,
        Form::Jacobian => SlipKind::OtherLayout,
        Form::Shape | Form::Both | Form::Differential if is_outer_product(claim) => SlipKind::OuterProduct,
        Form::Shape | Form::Both | Form::Differential => SlipKind::Transposed,
    }
}

/// Columns times rows, scaled or not.
fn is_outer_product(e: &Expr) -> bool {
    match e.op() {
        Op::Had => e.args().iter().any(is_outer_product),
        Op::Mul => e.args().iter().skip(1).any(|f| f.shape().rows.is_one()) && !e.is_scalar(),
        Op::Transpose => is_outer_product(&e.args()[0]),
        _ => false,
    }
}

/// The fraction with small terms that all the ratios are.
fn constant(ratios: &[f64]) -> Option<Rational> {
    let first = *ratios.first()?;
    let near = |x: f64, y: f64| (x - y).abs() <= eval::TOLERANCE * x.abs();
    if !ratios.iter().all(|r| near(first, *r)) {
        return None;
    }
    let fraction = |q: i64| {
        let p = (first * q as f64).round();
        let other = p != q as f64;
        (p != 0.0 && other && p.abs() <= MAX_CONSTANT as f64 && near(first, p / q as f64))
            .then(|| Rational::new(p as i64, q))
    };
    (1..=MAX_CONSTANT).find_map(fraction)
}

/// Right in another layout.
fn layout(form: Form, trial: &Trial, claim: &Expr) -> Option<Slip> {
    let (p, q) = (claim.shape().rows.clone(), claim.shape().cols.clone());
    match form {
        // the gradient, where the row was asked for; a transposed Jacobian fits as `Transposed`
        Form::Jacobian => {
            let row = transpose(builtin(Builtin::Vec, claim.clone()));
            let matrix = !p.is_one() && !q.is_one();
            (matrix && trial.fits(&row)).then(|| Slip::new(SlipKind::OtherForm, Some(row)))
        }
        Form::Shape | Form::Both | Form::Differential => {
            let flat = if p.is_one() { transpose(claim.clone()) } else { claim.clone() };
            let (rows, cols) = (trial.shape.rows.clone(), trial.shape.cols.clone());
            let fits = flat.shape().cols.is_one() && flat.shape().rows == rows.times(&cols);
            let folded = fits.then(|| build(Op::Unvec(rows, cols), vec![flat]))?;
            trial.fits(&folded).then(|| Slip::new(SlipKind::OtherForm, Some(folded)))
        }
    }
}

/// The first local correction that is right.
fn first_edit(trial: &Trial, claim: &Expr, material: &Material) -> Option<Slip> {
    let mut candidates = edits(claim, material);
    candidates.sort_by_key(|e| e.kind);
    let right = candidates.into_iter().take(MAX_EDITS).find(|e: &Edit| trial.fits(&e.whole))?;
    Some(Slip { before: right.before, after: right.after, ..Slip::new(right.kind, Some(right.whole)) })
}

/// Everything off the diagonal is missing.
fn diagonal_only(trial: &Trial, claim: &Expr) -> Option<Slip> {
    let square = trial.shape.is_square() && !trial.shape.is_scalar() && *claim.shape() == trial.shape;
    let is = |(value, TrialPoint { truth, .. }): (&Matrix<f64>, &TrialPoint)| {
        let kept = truth.indexed_iter().map(|((i, j), x)| if i == j { *x } else { 0.0 }).collect();
        Matrix::from_shape_vec(truth.dim(), kept).is_ok_and(|kept| agree(value, &kept))
    };
    let values = trial.values(claim).filter(|_| square)?;
    values.iter().zip(&trial.points).all(is).then(|| Slip::new(SlipKind::DiagonalOnly, None))
}

/// right = scalar · claim, for a scalar that occurs in the document or in the right result, or its reciprocal.
fn scalar_factor(trial: &Trial, claim: &Expr, material: &Material) -> Option<Slip> {
    let ratios = trial.ratios(claim)?;
    let inverse = |s: &Expr| pow(s.clone(), number((-1).into()));
    let candidates = material.scalars.iter().filter(|s| as_number(s).is_none());
    candidates.flat_map(|s| [s.clone(), inverse(s)]).find_map(|s| {
        let values = trial.values(&s)?;
        let rest: Vec<f64> = ratios.iter().zip(&values).map(|(r, v)| r / v[(0, 0)]).collect();
        let factor = had(vec![number(constant(&rest)?), s]);
        let corrected = had(vec![factor.clone(), claim.clone()]);
        trial
            .fits(&corrected)
            .then(|| Slip { after: Some(factor), ..Slip::new(SlipKind::ScalarFactor, Some(corrected)) })
    })
}
