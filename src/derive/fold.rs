//! A row of a Jacobian folded back into a matrix, factor by factor from the right: unvec((r (B ⊗ A))ᵀ) is Aᵀ R B for the R
//! that r stacks.

use crate::expr::{
    Builtin, Expr, Op, Shape, add, build, builtin, had, integer, kron, mul, ones, pow, split_scalars, transpose,
};
use crate::fuel;

/// unvec(rowᵀ, n, m) for n×m = `to`, without ⊗, K and vec; `None` where a factor has none of the forms that local Jacobians have.
pub fn folded(row: &Expr, to: &Shape) -> Option<Expr> {
    match (row.op(), row.args()) {
        _ if fuel::is_spent() => None,
        _ if to.rows.is_one() => Some(row.clone()),
        (Op::Transpose, [column]) => stacked(column, to),
        (Op::Add, rows) => every(rows, |r| folded(r, to)).map(add),
        (Op::Had, factors) => every(factors, |f| entrywise(f, &|r| folded(r, to))).map(had),
        (Op::Mul, [front @ .., last]) => carried(&mul(front.to_vec()), last, to),
        (Op::Kron, _) => split(&factors(row), to).map(|(b, a)| mul(vec![transpose(a), b])),
        (Op::Ones(_), _) => Some(ones(to)),
        _ if to.cols.is_one() => Some(transpose(row.clone())),
        _ => None,
    }
}

/// unvec(column, n, m).
fn stacked(column: &Expr, to: &Shape) -> Option<Expr> {
    match (column.op(), column.args()) {
        _ if fuel::is_spent() => None,
        _ if to.cols.is_one() => Some(column.clone()),
        _ if to.rows.is_one() => Some(transpose(column.clone())),
        (Op::Builtin(Builtin::Vec), [of]) if of.shape() == to => Some(of.clone()),
        (Op::Transpose, [row]) => folded(row, to),
        (Op::Add, columns) => every(columns, |c| stacked(c, to)).map(add),
        (Op::Had, factors) => every(factors, |f| entrywise(f, &|c| stacked(c, to))).map(had),
        (Op::Pow, [base, p]) if p.is_scalar() => Some(pow(stacked(base, to)?, p.clone())),
        (Op::Map(_), [of]) => Some(build(column.op().clone(), vec![stacked(of, to)?])),
        (Op::Ones(_), _) => Some(ones(to)),
        (Op::Mul | Op::Kron, _) => folded(&turned(column)?, to),
        _ => None,
    }
}

fn every(parts: &[Expr], one: impl Fn(&Expr) -> Option<Expr>) -> Option<Vec<Expr>> {
    parts.iter().map(one).collect()
}

/// A factor that scales all entries stays as it is.
fn entrywise(factor: &Expr, array: &dyn Fn(&Expr) -> Option<Expr>) -> Option<Expr> {
    if factor.is_scalar() { Some(factor.clone()) } else { array(factor) }
}

/// What r J folds to, r being the row `front` and J the `factor`.
fn carried(front: &Expr, factor: &Expr, to: &Shape) -> Option<Expr> {
    if front.is_scalar() {
        return Some(had(vec![front.clone(), folded(factor, to)?]));
    }
    let found = match (factor.op(), factor.args()) {
        (Op::Eye(_), _) => folded(front, to),
        (Op::Add, terms) => every(terms, |t| carried(front, t, to)).map(add),
        (Op::Mul, [first, rest @ ..]) => carried(&mul(vec![front.clone(), first.clone()]), &mul(rest.to_vec()), to),
        (Op::Transpose, [of]) => turned(of).and_then(|t| carried(front, &t, to)),
        (Op::Commutation(n, m), _) if (n, m) == (&to.rows, &to.cols) => {
            folded(front, &Shape::new(m.clone(), n.clone())).map(transpose)
        }
        (Op::Builtin(Builtin::Diag), [v]) => Some(had(vec![folded(front, to)?, stacked(v, to)?])),
        (Op::Kron, _) => across(front, &factors(factor), to),
        (Op::Had, _) => scaled(front, factor, to),
        _ => None,
    };
    let upright = || {
        let column = folded(front, &Shape::vector(factor.shape().rows.clone()))?;
        to.cols.is_one().then(|| mul(vec![transpose(factor.clone()), column]))
    };
    found.or_else(upright)
}

/// r (B ⊗ A).
fn across(front: &Expr, factors: &[Expr], to: &Shape) -> Option<Expr> {
    let inner = |a: &Expr, b: &Expr| folded(front, &Shape::new(a.shape().rows.clone(), b.shape().rows.clone()));
    if let Some((b, a)) = split(factors, to) {
        return Some(mul(vec![transpose(a.clone()), inner(&a, &b)?, b]));
    }
    // where one of them is a column, the other takes what is left: r (b ⊗ A) is (R b)ᵀ A
    let (first, rest) = factors.split_first()?;
    if first.shape().cols.is_one() {
        let a = product(rest);
        let row = transpose(mul(vec![inner(&a, first)?, first.clone()]));
        return carried(&row, &a, to);
    }
    let (last, rest) = factors.split_last()?;
    let b = product(rest);
    let row = mul(vec![transpose(last.clone()), inner(last, &b)?]);
    if last.shape().cols.is_one() { carried(&row, &b, to) } else { None }
}

/// B and A of a Kronecker product whose rows fold to A's columns by B's.
fn split(factors: &[Expr], to: &Shape) -> Option<(Expr, Expr)> {
    let parts = (1..factors.len()).map(|at| (product(&factors[..at]), product(&factors[at..])));
    let fits = |(b, a): &(Expr, Expr)| (&a.shape().cols, &b.shape().cols) == (&to.rows, &to.cols);
    parts.into_iter().find(fits)
}

fn product(factors: &[Expr]) -> Expr {
    factors.iter().cloned().reduce(kron).unwrap_or_else(|| integer(1))
}

fn factors(e: &Expr) -> Vec<Expr> {
    if *e.op() == Op::Kron { e.args().iter().flat_map(factors).collect() } else { vec![e.clone()] }
}

/// r (k J), and r J for a J whose rows, or whose columns, are those of B ⊗ those of A.
fn scaled(front: &Expr, factor: &Expr, to: &Shape) -> Option<Expr> {
    let (scalars, rest) = split_scalars(factor.clone());
    if !scalars.is_empty() {
        return Some(had([scalars, vec![carried(front, &rest?, to)?]].concat()));
    }
    let [left, right] = factor.args() else { return None };
    let pair = |l: &Expr, r: &Expr| Some((beside_ones(l, 0)?, beside_ones(r, 1)?));
    let (b, a) = pair(left, right).or_else(|| pair(right, left))?;
    if a.shape().rows == front.shape().cols && b.shape().rows == a.shape().rows {
        let weights = folded(front, &Shape::vector(a.shape().rows.clone()))?;
        return Some(mul(vec![transpose(a), builtin(Builtin::Diag, weights), b]));
    }
    let matrix = folded(front, &Shape::new(a.shape().rows.clone(), b.shape().rows.clone()))?;
    let column = builtin(Builtin::DiagonalOf, mul(vec![transpose(a), matrix, b]));
    to.cols.is_one().then_some(column)
}

/// The factor at this place of a Kronecker product with ones.
fn beside_ones(e: &Expr, at: usize) -> Option<Expr> {
    let (own, other) = match (e.op(), e.args()) {
        (Op::Kron, [first, second]) if at == 0 => (first, second),
        (Op::Kron, [first, second]) => (second, first),
        _ => return None,
    };
    matches!(other.op(), Op::Ones(_)).then(|| own.clone())
}

/// The transpose of a term, with transposes at its parts.
fn turned(e: &Expr) -> Option<Expr> {
    let parts = || e.args().iter().cloned().map(transpose).collect::<Vec<_>>();
    match e.op() {
        Op::Kron => parts().into_iter().reduce(kron),
        Op::Had => Some(had(parts())),
        Op::Add => Some(add(parts())),
        Op::Mul => Some(mul(parts().into_iter().rev().collect())),
        _ => None,
    }
}
