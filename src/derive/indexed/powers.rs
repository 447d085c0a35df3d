//! Powers of one base in a product as one power, and products under a logarithm as sums of logarithms.

use super::gather::gathered;
use crate::expr::{
    Elementwise, Expr, Function, Gathering, Indexed, Op, Rational, add, as_number, elementwise, had, integer, pow,
    zeros,
};

/// A product of scalars with each base once: `a (b / a)^-1 b` is a². Where a base is 0 the product had no value, or has the
/// one it tends to.
pub fn merged(e: &Expr) -> Expr {
    if *e.op() != Op::Had {
        return e.clone();
    }
    let (scalars, arrays): (Vec<Expr>, Vec<Expr>) = e.args().iter().cloned().partition(Expr::is_scalar);
    let mut found = vec![];
    scalars.iter().for_each(|f| split(f, 1, &mut found));
    let mut bases: Vec<(Expr, Vec<Expr>)> = vec![];
    for (base, exponent) in found {
        match bases.iter_mut().find(|(b, _)| *b == base && as_number(b).is_none()) {
            Some((_, exponents)) => exponents.push(exponent),
            None => bases.push((base, vec![exponent])),
        }
    }
    if bases.iter().all(|(_, exponents)| exponents.len() == 1) {
        return e.clone();
    }
    had(bases.into_iter().map(|(base, exponents)| pow(base, add(exponents))).chain(arrays).collect())
}

/// The bases of a factor to a whole power, and their exponents.
fn split(f: &Expr, power: i64, found: &mut Vec<(Expr, Expr)>) {
    let whole = |e: &Expr| as_number(e).and_then(Rational::to_i64).filter(|k| k.unsigned_abs() <= MOST);
    match f.op() {
        Op::Had => f.args().iter().for_each(|a| split(a, power, found)),
        Op::Pow => match whole(&f.args()[1]).and_then(|k| k.checked_mul(power)) {
            Some(k) => split(&f.args()[0], k, found),
            None => found.push((f.args()[0].clone(), had(vec![integer(power), f.args()[1].clone()]))),
        },
        _ => found.push((f.clone(), integer(power))),
    }
}

/// Larger exponents are not multiplied.
const MOST: u64 = 1_000;

/// The cotangent of log Π, where that of Π has a power of Π below 0 or not whole among its factors: Π cannot be 0 then.
pub fn of_logarithm(product: &Expr, cotangent: &Expr) -> Option<Expr> {
    let factors = if *cotangent.op() == Op::Had { cotangent.args().to_vec() } else { vec![cotangent.clone()] };
    let never_zero = |k: &Rational| k.is_negative() || k.to_i64().is_none();
    let divides =
        |f: &Expr| *f.op() == Op::Pow && f.args()[0] == *product && as_number(&f.args()[1]).is_none_or(never_zero);
    factors.iter().any(divides).then(|| merged(&had(vec![cotangent.clone(), product.clone()])))
}

/// What differs from log |e| by a constant: a product is a sum, an exponent a factor.
pub fn logarithm(e: &Expr) -> Expr {
    match e.op() {
        Op::Number(_) => zeros(e.shape()),
        Op::Had => add(e.args().iter().map(logarithm).collect()),
        Op::Pow => had(vec![e.args()[1].clone(), logarithm(&e.args()[0])]),
        Op::Map(m) if m.order == 0 && m.function == Function::Builtin(Elementwise::Exp) => e.args()[0].clone(),
        Op::Map(m) if m.order == 0 && m.function == Function::Builtin(Elementwise::Abs) => logarithm(&e.args()[0]),
        Op::Variable(v) => match v.name.as_indexed() {
            Some(Indexed::Gathered { by: Gathering::Product, over, when, body }) => {
                gathered(Gathering::Sum, over.clone(), when.clone(), logarithm(body))
            }
            _ => elementwise(Elementwise::Log, e.clone()),
        },
        _ => elementwise(Elementwise::Log, e.clone()),
    }
}
