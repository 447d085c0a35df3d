//! Sums over both sides of a diagonal as one: Σ_{j>i} aⱼ + Σ_{j<i} aⱼ is Σ_{j≠i} aⱼ.

use super::Calculus;
use super::gather::{as_gathered, sum};
use crate::engine::cancelled;
use crate::expr::{Comparator, Expr, Gathering, Index, Op, PlaceCondition, add, had, is_zero, sub, weight};

/// A sum over indices on some side, with all that stands in front inside.
struct OneSide<'a> {
    over: &'a [Index],
    when: &'a [PlaceCondition],
    body: Expr,
}

impl<'a> OneSide<'a> {
    fn of(term: &'a Expr) -> Option<OneSide<'a>> {
        let factors = term.hadamard_factors();
        let at = factors
            .iter()
            .position(|f| as_gathered(f).is_some_and(|(_, over, when, _)| !over.is_empty() && !when.is_empty()))?;
        let (by, over, when, body) = as_gathered(&factors[at])?;
        let others = factors[..at].iter().chain(&factors[at + 1..]);
        let inside = had(others.chain([body]).cloned().collect());
        (by == Gathering::Sum).then_some(OneSide { over, when, body: inside })
    }
}

impl Calculus<'_> {
    /// A sum with two of its terms as one; `None` where no two are the sides of one sum.
    pub fn sides_joined(&self, e: &Expr, scope: &[Index]) -> Option<Expr> {
        let terms = if *e.op() == Op::Add { e.args() } else { return None };
        let sides: Vec<(usize, OneSide)> =
            terms.iter().enumerate().filter_map(|(k, t)| Some((k, OneSide::of(t)?))).collect();
        let pairs = sides.iter().enumerate().flat_map(|(k, a)| sides[k + 1..].iter().map(move |b| (a, b)));
        let (one, first, second) =
            pairs.filter_map(|((i, a), (k, b))| Some((self.joined(a, b, scope)?, *i, *k))).next()?;
        let rest = terms.iter().enumerate().filter(|(k, _)| *k != first && *k != second).map(|(_, t)| t.clone());
        Some(add(rest.chain([one]).collect()))
    }

    fn joined(&self, a: &OneSide, b: &OneSide, scope: &[Index]) -> Option<Expr> {
        let when = either(a.when, b.when).filter(|_| a.over == b.over)?;
        let difference = || sub(a.body.clone(), b.body.clone());
        let is_same = a.body == b.body
            || is_zero(&self.solver.expanded(&difference()).result)
            || is_zero(&cancelled(&difference()));
        let shorter = if weight(&b.body) < weight(&a.body) { &b.body } else { &a.body };
        is_same.then(|| sum(a.over.to_vec(), when, shorter.clone(), scope))
    }
}

/// What holds where one of two lists of conditions does, where these differ in one that the other one turns round.
fn either(a: &[PlaceCondition], b: &[PlaceCondition]) -> Option<Vec<PlaceCondition>> {
    let only = |a: &[PlaceCondition], b: &[PlaceCondition]| -> Vec<PlaceCondition> {
        a.iter().filter(|c| !b.contains(c)).cloned().collect()
    };
    let (own, other) = (only(a, b), only(b, a));
    let ([x], [y]) = (own.as_slice(), other.as_slice()) else { return None };
    let common = a.iter().filter(|c| *c != x).cloned();
    if (&x.left, &x.right) != (&y.right, &y.left) {
        return None;
    }
    let left = match (x.relation, y.relation) {
        (Comparator::Less, Comparator::Less) => Some(PlaceCondition { relation: Comparator::Different, ..x.clone() }),
        (Comparator::Less, Comparator::AtMost) | (Comparator::AtMost, Comparator::Less) => None,
        _ => return None,
    };
    Some(common.chain(left).collect())
}
