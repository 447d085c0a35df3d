//! Terms that are linear in a differential: the Jacobian is read off what stands before it.

use crate::expr::{Expr, Op, Range, Shape, add, build, eye, had, mul, transpose};

/// Whether a differential occurs.
pub fn holds_differential(e: &Expr) -> bool {
    *e.op() == Op::Differential || e.args().iter().any(holds_differential)
}

/// Reads J off a term that is J v for the given v, a sum of such terms, or such a term scaled.
pub fn linear_factor(e: &Expr, v: &Expr) -> Option<Expr> {
    if e == v {
        return Some(eye(&v.shape().rows.clone()));
    }
    match e.op() {
        Op::Add => e.args().iter().map(|a| linear_factor(a, v)).collect::<Option<Vec<_>>>().map(add),
        Op::Had => scaled_factor(e, v),
        Op::Block { rows, cols: 1 } => {
            let q = v.shape().count();
            let part = |a: &Expr| {
                if holds_differential(a) {
                    linear_factor(a, v)
                } else {
                    Some(crate::expr::zeros(&Shape::new(a.shape().rows.clone(), q.clone())))
                }
            };
            let parts = e.args().iter().map(part).collect::<Option<Vec<_>>>()?;
            Some(build(Op::Block { rows: *rows, cols: 1 }, parts))
        }
        Op::Slice { rows, .. } if e.args()[0].shape().cols.is_one() => {
            let j = linear_factor(&e.args()[0], v)?;
            if rows.len().is_one() {
                let unit = build(Op::Unit(j.shape().rows.clone(), rows.first.clone()), vec![]);
                return Some(mul(vec![transpose(unit), j]));
            }
            let cols = Range::all(&j.shape().cols);
            Some(Expr::node(Op::Slice { rows: rows.clone(), cols }, vec![j]))
        }
        Op::Mul => {
            let (last, chain) = e.args().split_last()?;
            let clean = !chain.iter().any(holds_differential);
            let j = linear_factor(last, v).filter(|_| clean)?;
            Some(mul([chain, &[j]].concat()))
        }
        _ => None,
    }
}

/// Scalar factors beside J v; a column beside a scalar `a v`.
fn scaled_factor(e: &Expr, v: &Expr) -> Option<Expr> {
    let (moving, fixed): (Vec<Expr>, Vec<Expr>) = e.args().iter().cloned().partition(holds_differential);
    let [moving] = moving.as_slice() else { return None };
    let j = linear_factor(moving, v)?;
    let fixed = had(fixed);
    match (fixed.is_scalar(), moving.is_scalar() && fixed.shape().is_vector()) {
        (true, _) => Some(had(vec![fixed, j])),
        (false, true) => Some(mul(vec![fixed, j])),
        (false, false) => None,
    }
}
