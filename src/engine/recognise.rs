//! Terms that are a known function, up to a factor: eᵃ is a multiple of softmax(a).

use super::fraction::cancelled;
use super::scalars::scalar_leaves;
use crate::expr::{
    Axis, Builtin, Elementwise, Expr, Function, Map, Op, Rational, add, as_number, builtin, had, integer, map, neg,
    pow, size_number, split_scalars, transpose,
};

/// The term with softmax(a) for eᵃ where it is divided by Σ eᵃ, and what cancels cancelled; the same term where there is none.
pub fn softmax_recognised(e: &Expr) -> Expr {
    let mut sums = vec![];
    divisors(e, &mut sums);
    let Some(sum) = sums.first() else { return e.clone() };
    let exponential = sum.args()[0].clone();
    let named = had(vec![sum.clone(), builtin(Builtin::Softmax(Axis::All), exponential.args()[0].clone())]);
    cancelled(&outside(&put(e, &exponential, sum, &named)))
}

/// The term with σ where it is written out: 1/(1 + e⁻ᵃ), and eᵃ times that for −a. Its derivative speaks of its value then.
pub fn sigmoids_recognised(e: &Expr) -> Expr {
    e.rewrite(&mut |e| match (e.op(), e.args()) {
        (Op::Pow, [sum, p]) if as_number(p).is_some_and(|p| *p == (-1).into()) => sigmoid_of_sum(sum).unwrap_or(e),
        (Op::Had, factors) => sigmoid_times_exponential(factors).unwrap_or(e),
        _ => e,
    })
}

/// σ(−a) for 1 + eᵃ.
fn sigmoid_of_sum(sum: &Expr) -> Option<Expr> {
    let [a, b] = sum.args() else { return None };
    let one = |e: &Expr| as_number(e).is_some_and(Rational::is_one) || matches!(e.op(), Op::Ones(_));
    let other = match (*sum.op() == Op::Add, one(a), one(b)) {
        (true, true, _) => b,
        (true, _, true) => a,
        (..) => return None,
    };
    Some(sigmoid(neg(exponent(other)?.clone())))
}

/// σ(a) for eᵃ among factors beside σ(−a).
fn sigmoid_times_exponential(factors: &[Expr]) -> Option<Expr> {
    let (k, a) = factors.iter().enumerate().find_map(|(k, f)| Some((k, exponent(f)?)))?;
    let turned = sigmoid(neg(a.clone()));
    let at = factors.iter().position(|f| *f == turned)?;
    let others = factors.iter().enumerate().filter(|(i, _)| *i != k && *i != at).map(|(_, f)| f.clone());
    Some(had(others.chain([sigmoid(a.clone())]).collect()))
}

/// The a of eᵃ.
fn exponent(e: &Expr) -> Option<&Expr> {
    match e.op() {
        Op::Map(Map { function: Function::Builtin(Elementwise::Exp), .. }) => e.args().first(),
        _ => None,
    }
}

fn sigmoid(a: Expr) -> Expr {
    map(Function::Builtin(Elementwise::Sigmoid), 0, a)
}

/// The term with every sum and every mean of a sum taken term by term, where something may cancel.
pub fn sums_apart(e: &Expr) -> Expr {
    e.rewrite(&mut |e| match (e.op(), e.args()) {
        (Op::Builtin(Builtin::Sum(Axis::All)), [sum]) if *sum.op() == Op::Add => {
            add(sum.args().iter().map(sum_of_term).collect())
        }
        (Op::Builtin(Builtin::Mean), [sum]) if *sum.op() == Op::Add => {
            add(sum.args().iter().map(mean_of_term).collect())
        }
        _ => e,
    })
}

/// The root of a sum of squares as a norm, which for the sum alone is no shorter; `None` where there is none.
pub fn roots_as_norms(e: &Expr) -> Option<Expr> {
    let norms = e.rewrite(&mut |e| {
        let root = *e.op() == Op::Pow && as_number(&e.args()[1]).is_some_and(|p| !p.is_integer());
        match e.args().first().filter(|_| root).and_then(squared) {
            Some(a) => pow(builtin(Builtin::NormSquared, a), e.args()[1].clone()),
            None => e,
        }
    });
    (norms != *e).then_some(norms)
}

/// Where a norm stands, or the root of a sum of squares, the same sum without a root as a power of the norm, so that they
/// meet: `b / ‖a‖ - c a / sum(a.^2)`.
pub fn squares_beside_norms(e: &Expr) -> Expr {
    let mut found = Squares::default();
    found.visit(e);
    if !found.plain.iter().any(|a| found.rooted.contains(a)) {
        return e.clone();
    }
    e.rewrite(&mut |e| match squares_of(&e) {
        Some(a) if found.rooted.contains(&a) => builtin(Builtin::NormSquared, a),
        _ => e,
    })
}

/// Of what there are sums of squares in a term, below roots and as they are.
#[derive(Default)]
struct Squares {
    rooted: Vec<Expr>,
    plain: Vec<Expr>,
}

impl Squares {
    fn visit(&mut self, e: &Expr) {
        let root = *e.op() == Op::Pow && as_number(&e.args()[1]).is_some_and(|p| !p.is_integer());
        let norm = |e: &Expr| (*e.op() == Op::Builtin(Builtin::NormSquared)).then(|| e.args()[0].clone());
        let below = e.args().first().filter(|_| root).and_then(|base| squares_of(base).or_else(|| norm(base)));
        match below {
            Some(a) => self.rooted.push(a),
            None => {
                self.plain.extend(squares_of(e));
                e.args().iter().for_each(|a| self.visit(a));
            }
        }
    }
}

/// What is squared in sum(a.^2) or aᵀ a.
fn squares_of(e: &Expr) -> Option<Expr> {
    squared(e).or_else(|| squared_column(e))
}

/// The column a of aᵀ a.
fn squared_column(dot: &Expr) -> Option<Expr> {
    match (dot.op(), dot.args()) {
        (Op::Mul, [row, a]) if dot.is_scalar() && *row == transpose(a.clone()) => Some(a.clone()),
        _ => None,
    }
}

/// What is squared in a sum of squares.
fn squared(sum: &Expr) -> Option<Expr> {
    let power = sum.args().first().filter(|_| matches!(sum.op(), Op::Builtin(Builtin::Sum(Axis::All))))?;
    let two = *power.op() == Op::Pow && as_number(&power.args()[1]).is_some_and(|p| *p == 2.into());
    two.then(|| power.args()[0].clone())
}

/// Scalars leave it, ones add up to their number, and of a mean so many are the sum.
fn sum_of_term(term: &Expr) -> Expr {
    let (scalars, array) = split_scalars(term.clone());
    match array {
        Some(a) if matches!(a.op(), Op::Ones(_)) => {
            had(scalars.into_iter().map(mean_as_sum).chain([count(&a)]).collect())
        }
        Some(a) => had(scalars.into_iter().chain([builtin(Builtin::Sum(Axis::All), a)]).collect()),
        None => had(scalars),
    }
}

fn mean_of_term(term: &Expr) -> Expr {
    let (scalars, array) = split_scalars(term.clone());
    let mean = array.filter(|a| !matches!(a.op(), Op::Ones(_))).map(|a| builtin(Builtin::Mean, a));
    had(scalars.into_iter().chain(mean).collect())
}

fn mean_as_sum(e: Expr) -> Expr {
    match (e.op(), e.args()) {
        (Op::Builtin(Builtin::Mean), [a]) => {
            had(vec![pow(count(a), integer(-1)), builtin(Builtin::Sum(Axis::All), a.clone())])
        }
        _ => e,
    }
}

fn count(a: &Expr) -> Expr {
    size_number(&a.shape().count())
}

fn put(e: &Expr, exponential: &Expr, sum: &Expr, named: &Expr) -> Expr {
    if e == sum || e.args().is_empty() {
        return e.clone();
    }
    if e == exponential {
        return named.clone();
    }
    crate::expr::build(e.op().clone(), e.args().iter().map(|a| put(a, exponential, sum, named)).collect())
}

/// Scalars before linear functions.
fn outside(e: &Expr) -> Expr {
    e.rewrite(&mut |e| scalar_leaves(&e).unwrap_or(e))
}

/// Sums of the exponentials of a vector that stand below the line.
fn divisors(e: &Expr, found: &mut Vec<Expr>) {
    let is_below = |p: &Expr| as_number(p).is_some_and(crate::expr::Rational::is_negative);
    if *e.op() == Op::Pow && is_below(&e.args()[1]) && is_sum_of_exponentials(&e.args()[0]) {
        found.push(e.args()[0].clone());
    }
    e.args().iter().for_each(|a| divisors(a, found));
}

fn is_sum_of_exponentials(e: &Expr) -> bool {
    let exponential = |a: &Expr| {
        matches!(a.op(), Op::Map(Map { function: Function::Builtin(Elementwise::Exp), order: 0 }))
            && a.shape().is_vector()
    };
    matches!(e.op(), Op::Builtin(Builtin::Sum(Axis::All))) && exponential(&e.args()[0])
}
