//! Exact comparison: two expressions at random points modulo a large prime, and at points with short fractions.
//!
//! Where only rational operations stand, equal residues at random points are equality (Schwartz 1980, Zippel 1979): a
//! rational function of degree d that is not 0 is 0 at no more than a share d/p of the points. Other functions stand as
//! names, f(a) being any number that a alone decides; what agrees then agrees whatever the functions are. A difference of
//! residues is a difference of functions wherever it does not depend on what the names stand for.

mod array;
mod common;
mod evaluate;
mod field;
mod points;
mod signs;

use self::array::Array;
pub use self::common::without_common;
use self::evaluate::Exact;
use self::field::{Field, Gap, PRIME, Residue};
use super::compare::{Difference, Region};
use super::random::Random;
use super::{Matrix, Values, sizes};
use crate::diag::Error;
use crate::expr::{Expr, Rational};
use crate::program::Definition;
use ndarray::Array2;

/// Points that have to agree: a wrong yes has a chance of (d/p)³, which for a degree of 2⁴⁰ is 2⁻⁶⁶.
const POINTS: usize = 3;
/// Points that have to agree where roots are taken: of the two square roots of a residue any may be the one, so that √(x²)
/// is x at every other point.
const ROOTED_POINTS: usize = 32;
/// Points tried for that: some are no points of the domain, and at some a root is not a root.
const TRIES: u64 = 160;
/// Multiplications all of them may take.
const MAX_WORK: u64 = 2_000_000;
/// Numbers whose signs are told apart, two to the power of this many patterns.
const MAX_SIGNS: usize = 8;
/// Points with short numbers tried for a counterexample.
const SHORT_TRIES: u64 = 16;

/// What exact arithmetic says of two expressions.
#[derive(Clone, Debug)]
pub enum Ruling {
    /// The same, wherever both are defined.
    Same,
    /// Not the same: the difference does not depend on what any function is. With a point that shows it, where exact
    /// arithmetic reaches.
    Apart(Option<Box<Difference>>),
    /// Not for this arithmetic to say.
    Open,
}

/// Two expressions over the inputs of a program and definitions in order.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    /// The program whose inputs are drawn.
    pub domain: Region<'a>,
    /// What the two may refer to.
    pub definitions: &'a [Definition],
    /// One side.
    pub left: &'a Expr,
    /// The other side.
    pub right: &'a Expr,
}

/// What two expressions are at a point.
struct Residues<F> {
    left: Array<F>,
    right: Array<F>,
    /// A root was taken that is none, or may be the negative one.
    rooted: bool,
    lawless: bool,
    /// Whether signs were asked for, and of how many numbers a pattern told them.
    signed: bool,
    signs: usize,
    work: u64,
}

/// Rules on two expressions of one shape.
///
/// # Errors
/// `Limit` when no sizes suit the document.
pub fn rule(pair: &Pair) -> Result<Ruling, Error> {
    let (mut agreeing, mut work) = (0, 0);
    for seed in 1..=TRIES {
        let sizes = sizes::choose(pair.domain.sized, seed, 0)?;
        let values = Values { sizes, ..Values::default() };
        let sides = match at_residues(pair, &values, seed, 0) {
            Ok(sides) => sides,
            Err(Gap::Undefined) => continue,
            Err(Gap::Beyond) => return Ok(Ruling::Open),
        };
        work += sides.work;
        if work > MAX_WORK {
            break;
        }
        if sides.left == sides.right {
            agreeing += 1;
            if agreeing >= if sides.rooted { ROOTED_POINTS } else { POINTS } {
                return Ok(Ruling::Same);
            }
        } else if !sides.lawless {
            if !sides.rooted && is_certain(pair, &values, seed, &sides) {
                return Ok(Ruling::Apart(shown(pair)?));
            }
            return Ok(if sides.signed && same_for_all_signs(pair)? { Ruling::Same } else { Ruling::Open });
        }
    }
    Ok(Ruling::Open)
}

/// Both sides at a random point; the functions have other values for another number.
fn at_residues(pair: &Pair, values: &Values, seed: u64, functions: u64) -> Result<Residues<Residue>, Gap> {
    at(pair, exact_at(pair, values, seed, functions)?)
}

/// An evaluation at a random point of the inputs.
fn exact_at<'a>(pair: &Pair<'a>, values: &'a Values, seed: u64, functions: u64) -> Result<Exact<'a, Residue>, Gap> {
    let mut random = Random::new(seed.wrapping_mul(0xa076_1d64_78bd_642f));
    let arrays = points::point(pair.domain.program, &values.sizes, &mut || Residue(random.bits() % PRIME))?;
    Ok(Exact::new(arrays, &values.sizes, functions).with_inputs(&pair.domain.program.inputs))
}

fn at<'a, F: Field>(pair: &Pair<'a>, mut exact: Exact<'a, F>) -> Result<Residues<F>, Gap> {
    exact.define(pair.definitions)?;
    let (left, right) = (exact.value(pair.left)?, exact.value(pair.right)?);
    let Exact { rooted, lawless, signed, work, .. } = exact;
    Ok(Residues { left, right, rooted, lawless, signed, signs: exact.signs(), work })
}

/// Whether the sides are the same whatever signs the numbers have of which it is asked: then they are on every side of
/// every kink, although not every choice of signs need belong to a point.
fn same_for_all_signs(pair: &Pair) -> Result<bool, Error> {
    let (mut agreeing, mut work) = (0, 0);
    for seed in 1..=TRIES {
        let sizes = sizes::choose(pair.domain.sized, seed, 0)?;
        let values = Values { sizes, ..Values::default() };
        let (mut pattern, mut patterns) = (0, 1);
        while pattern < patterns {
            let Ok(exact) = exact_at(pair, &values, seed, 0) else { break };
            match at(pair, exact.with_signs(pattern)) {
                Ok(sides) if sides.left == sides.right && !sides.rooted && sides.signs <= MAX_SIGNS => {
                    patterns = patterns.max(1 << sides.signs);
                    work += sides.work;
                }
                Ok(_) | Err(Gap::Beyond) => return Ok(false),
                Err(Gap::Undefined) => break,
            }
            if work > MAX_WORK {
                return Ok(false);
            }
            pattern += 1;
        }
        agreeing += usize::from(pattern == patterns);
        if agreeing == POINTS {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the sides differ whatever the functions are: their difference, or their quotient, does not change with them.
fn is_certain(pair: &Pair, values: &Values, seed: u64, one: &Residues<Residue>) -> bool {
    let others: Result<Vec<Residues<Residue>>, Gap> = (1..=2).map(|f| at_residues(pair, values, seed, f)).collect();
    let Ok(others) = others else { return false };
    let gap = |s: &Residues<Residue>, i: usize| s.left.entries[i].plus(&s.right.entries[i].negated());
    let same_gap = |i: usize| others.iter().all(|o| gap(o, i) == gap(one, i));
    let same_share = |i: usize| {
        let cross = |o: &Residues<Residue>| {
            let (l, r) = (o.left.entries[i], o.right.entries[i]);
            !r.is_zero() && l.times(&one.right.entries[i]) == r.times(&one.left.entries[i])
        };
        !one.right.entries[i].is_zero() && others.iter().all(cross)
    };
    let differ = |i: &usize| one.left.entries[*i] != one.right.entries[*i];
    (0..one.left.entries.len()).filter(differ).any(|i| same_gap(i) || same_share(i))
}

/// The point with short numbers at which the difference is largest beside the sides.
fn shown(pair: &Pair) -> Result<Option<Box<Difference>>, Error> {
    let mut best: Option<Difference> = None;
    for round in 0..SHORT_TRIES {
        let sizes =
            if round % 4 == 3 { sizes::choose(pair.domain.sized, round, 0)? } else { sizes::small(pair.domain.sized)? };
        let mut random = Random::new(round);
        let mut draw = || points::short(random.bits() >> 7, round);
        let Ok(arrays) = points::point(pair.domain.program, &sizes, &mut draw) else { continue };
        let floats =
            |a: &Array<Rational>| Matrix::from(Array2::from_shape_fn((a.rows, a.cols), |(i, j)| a.at(i, j).to_f64()));
        let named = arrays.iter().map(|(n, a)| ((*n).clone(), floats(a))).collect();
        let Ok(sides) = at(pair, Exact::new(arrays, &sizes, 0)) else { continue };
        let Some(found) = widest(&sides) else { continue };
        let at = Values { sizes: sizes.clone(), arrays: named, ..Values::default() };
        let found = Difference { at, ..found };
        if best.as_ref().is_none_or(|b| share(&found) > 2.0 * share(b)) {
            best = Some(found);
        }
    }
    Ok(best.map(Box::new))
}

/// The entry of two exact arrays whose difference is the largest share of it.
fn widest(sides: &Residues<Rational>) -> Option<Difference> {
    let difference = |i: usize| {
        let (l, r) = (&sides.left.entries[i], &sides.right.entries[i]);
        let gap = (l + &-r).to_f64();
        let entry = (i / sides.left.cols, i % sides.left.cols);
        let (left, right) = (Some(l.to_f64()), Some(r.to_f64()));
        Difference { at: Values::default(), entry, left, right, reason: None, gap: Some(gap), hidden: false }
    };
    let all =
        (0..sides.left.entries.len()).filter(|i| sides.left.entries[*i] != sides.right.entries[*i]).map(difference);
    all.reduce(|a, b| if share(&b) > 2.0 * share(&a) { b } else { a })
}

fn share(d: &Difference) -> f64 {
    let size = |x: Option<f64>| x.map_or(0.0, f64::abs);
    d.gap.map_or(0.0, f64::abs) / size(d.left).max(size(d.right)).max(f64::MIN_POSITIVE)
}
