//! Sums with what stands around them inside: (Σᵢ aᵢ bᵢᵀ)ᵀ C as Σᵢ bᵢ aᵢᵀ C. Terms of a sum may then be like terms.

use super::gather::{as_gathered, gathered};
use super::letters::{bound_apart, free};
use crate::expr::{Expr, Gathering, Index, Op, PlaceCondition, add, had, mul, transpose};

/// A sum over indices, or what is one but for a factor.
type LinearSum<'a> = (Gathering, &'a [Index], &'a [PlaceCondition], &'a Expr);

/// The term with transposes and the other factors of products inside its sums; `None` where no sum is transposed.
pub fn within_sums(e: &Expr) -> Option<Expr> {
    let turned = e.rewrite(&mut |e| if *e.op() == Op::Transpose { transposed(&e.args()[0]) } else { e });
    let entered = |e: Expr| match e.op() {
        Op::Mul => entered(e.args()).unwrap_or(e),
        Op::Add => joined(e.args()),
        _ => e,
    };
    (turned != *e).then(|| turned.rewrite(&mut |e| entered(e)))
}

/// The term with sums over the same places as one.
pub fn joined_sums(e: &Expr) -> Expr {
    e.rewrite(&mut |e| if *e.op() == Op::Add { joined(e.args()) } else { e })
}

/// Sums over the same places are one.
fn joined(terms: &[Expr]) -> Expr {
    let mut found: Vec<Expr> = vec![];
    for term in terms {
        let one = found.iter().enumerate().find_map(|(k, other)| Some((k, both(other, term)?)));
        match one {
            Some((k, sum)) => found[k] = sum,
            None => found.push(term.clone()),
        }
    }
    add(found)
}

fn both(a: &Expr, b: &Expr) -> Option<Expr> {
    let ((front, a), (others, b)) = (factored(a)?, factored(b)?);
    let ((by, over, when, x), (other, same, alike, y)) = (as_sum(&a)?, as_sum(&b)?);
    let is_one = (by, over, when) == (other, same, alike) && !over.is_empty() && front == others;
    let sum = || gathered(by, over.to_vec(), when.to_vec(), add(vec![x.clone(), y.clone()]));
    is_one.then(|| had([front, vec![sum()]].concat()))
}

/// What stands in front of the sum that a term is, and the sum.
fn factored(term: &Expr) -> Option<(Vec<Expr>, Expr)> {
    let factors = term.hadamard_factors();
    let at = factors.iter().position(|f| as_sum(f).is_some())?;
    Some(([&factors[..at], &factors[at + 1..]].concat(), factors[at].clone()))
}

fn as_sum(e: &Expr) -> Option<LinearSum<'_>> {
    as_gathered(e).filter(|(by, ..)| matches!(by, Gathering::Sum | Gathering::Mean | Gathering::Expectation))
}

/// The transpose of a term, inside its sums.
fn transposed(e: &Expr) -> Expr {
    match (e.op(), as_sum(e)) {
        (_, Some((by, over, when, body))) => gathered(by, over.to_vec(), when.to_vec(), transposed(body)),
        (Op::Add, None) => add(e.args().iter().map(transposed).collect()),
        (Op::Had, None) => had(e.args().iter().map(transposed).collect()),
        (Op::Mul, None) => mul(e.args().iter().rev().map(transposed).collect()),
        (_, None) => transpose(e.clone()),
    }
}

/// A product of which one factor is a sum over indices, with the others inside it.
fn entered(factors: &[Expr]) -> Option<Expr> {
    let at = factors.iter().position(|f| as_sum(f).is_some())?;
    Some(between(&factors[..at], &factors[at], &factors[at + 1..]))
}

fn between(left: &[Expr], e: &Expr, right: &[Expr]) -> Expr {
    if let Some((by, over, when, body)) = as_sum(e) {
        let taken = left.iter().chain(right).flat_map(free).collect();
        let (over, when, body) = bound_apart(over, when, body, &taken);
        return gathered(by, over, when, between(left, &body, right));
    }
    let arrays = e.args().iter().filter(|f| !f.is_scalar()).count();
    match e.op() {
        Op::Add => add(e.args().iter().map(|t| between(left, t, right)).collect()),
        Op::Had if arrays == 1 => {
            had(e.args().iter().map(|f| if f.is_scalar() { f.clone() } else { between(left, f, right) }).collect())
        }
        _ => mul([left, std::slice::from_ref(e), right].concat()),
    }
}
