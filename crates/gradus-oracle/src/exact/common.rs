//! What two sums have in common, taken off both: what is left of them shows differences that would be lost beside it.

use super::array::Array;
use super::field::Residue;
use super::{Gap, Pair, Values, exact_at};
use crate::diag::Error;
use crate::expr::{Expr, Op, Rational, add, as_number, had, number, zeros};
use crate::program::Inliner;
use crate::sizes;

/// Points at which terms have to be the same number.
const POINTS: usize = 2;
/// Points tried for that.
const TRIES: u64 = 12;
/// Sums with more terms are left as they are.
const MAX_TERMS: usize = 64;

/// What a term is at some points; nothing where exact arithmetic does not reach.
type TermResidues = Option<Vec<Array<Residue>>>;

/// A term without its number, and how often either side has it.
struct CommonTerm {
    rest: Expr,
    /// Without one, equality is that of the expressions.
    residues: TermResidues,
    counts: [Rational; 2],
}

/// What is left of the two sides when the terms both have are taken off; `None` when there are none.
///
/// # Errors
/// `Limit` when no sizes suit the document.
pub fn without_common(pair: &Pair) -> Result<Option<[Expr; 2]>, Error> {
    let inliner = Inliner::new(pair.definitions.iter());
    let mut terms: Vec<(usize, Rational, Expr)> = vec![];
    for (side, e) in [pair.left, pair.right].into_iter().enumerate() {
        let Some(e) = inliner.inline(e) else { return Ok(None) };
        collect(&e, &Rational::one(), &mut |k, rest| terms.push((side, k, rest)));
    }
    if terms.len() > MAX_TERMS {
        return Ok(None);
    }
    let residues = residues(pair, terms.iter().map(|(_, _, rest)| rest))?;
    let mut groups: Vec<CommonTerm> = vec![];
    for ((side, k, rest), residues) in terms.into_iter().zip(residues) {
        let same = |g: &&mut CommonTerm| g.rest == rest || (residues.is_some() && g.residues == residues);
        match groups.iter_mut().find(same) {
            Some(group) => group.counts[side] = &group.counts[side] + &k,
            None => {
                let mut counts = [Rational::zero(), Rational::zero()];
                counts[side] = k;
                groups.push(CommonTerm { rest, residues, counts });
            }
        }
    }
    if !groups.iter().any(|g| g.counts.iter().all(|k| !k.is_zero())) {
        return Ok(None);
    }
    let rests = groups.iter().map(|g| (g.side(), &g.counts[0] + &-&g.counts[1], &g.rest));
    let rests: Vec<(usize, Rational, &Expr)> = rests.filter(|(_, k, _)| !k.is_zero()).collect();
    let scale = scale(rests.iter().map(|(_, k, _)| k.to_f64().abs()).fold(0.0, f64::max));
    Ok(Some([0, 1].map(|side| {
        let sign = if side == 0 { scale.clone() } else { -&scale };
        let own = rests.iter().filter(|(s, _, _)| *s == side);
        let terms = own.map(|(_, k, rest)| had(vec![number(k * &sign), (*rest).clone()]));
        add(terms.chain([zeros(pair.left.shape())]).collect())
    })))
}

/// The power of ten that makes a number about 1: beside 0 it does not matter how small what is left is.
fn scale(largest: f64) -> Rational {
    let exponent = -largest.log10().round();
    let power = exponent.is_finite().then(|| Rational::from(10).pow(exponent as i64)).flatten();
    power.unwrap_or_else(Rational::one)
}

impl CommonTerm {
    /// The side that keeps what is left of it.
    fn side(&self) -> usize {
        usize::from(self.counts[0].is_zero())
    }
}

/// The terms of a sum without their numbers, through numbers before brackets.
fn collect(e: &Expr, factor: &Rational, found: &mut dyn FnMut(Rational, Expr)) {
    match e.op() {
        Op::Add => e.args().iter().for_each(|a| collect(a, factor, found)),
        Op::Number(n) => found(factor * n, number(Rational::one())),
        Op::Had => {
            let (numbers, rest): (Vec<&Expr>, Vec<&Expr>) = e.args().iter().partition(|a| as_number(a).is_some());
            let factor = numbers.into_iter().filter_map(as_number).fold(factor.clone(), |p, n| &p * n);
            match rest.as_slice() {
                [sum] if *sum.op() == Op::Add => collect(sum, &factor, found),
                _ => found(factor, had(rest.into_iter().cloned().collect())),
            }
        }
        _ => found(factor.clone(), e.clone()),
    }
}

/// The residues of terms at some points; of a root any may be the one, so that those of a term with roots say nothing.
fn residues<'a>(pair: &Pair, terms: impl Iterator<Item = &'a Expr> + Clone) -> Result<Vec<TermResidues>, Error> {
    let mut all: Vec<TermResidues> = terms.clone().map(|_| Some(vec![])).collect();
    let mut points = 0;
    for seed in 1..=TRIES {
        let sizes = sizes::choose(pair.domain.sized, seed, 0)?;
        let values = Values { sizes, ..Values::default() };
        let value = |term: &'a Expr| {
            let mut exact = exact_at(pair, &values, seed, 0)?;
            let value = exact.value(term)?;
            if exact.rooted { Err(Gap::Beyond) } else { Ok(value) }
        };
        let here: Vec<Result<Array<Residue>, Gap>> = terms.clone().map(value).collect();
        if here.iter().any(|value| matches!(value, Err(Gap::Undefined))) {
            continue;
        }
        for (known, value) in all.iter_mut().zip(here) {
            *known = known.take().zip(value.ok()).map(|(known, value)| [known, vec![value]].concat());
        }
        points += 1;
        if points == POINTS {
            return Ok(all);
        }
    }
    Ok(all.into_iter().map(|_| None).collect())
}
