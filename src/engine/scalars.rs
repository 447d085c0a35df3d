//! Scalar factors leave operators: as they are where these are linear, an inverse as their reciprocals.

use crate::expr::{Expr, Op, Rational, add, as_number, build, had, neg, number, pow, split_scalars};

/// Linear in each argument, so that scalars come out.
pub fn is_linear(op: &Op) -> bool {
    match op {
        Op::Mul | Op::Transpose | Op::Kron | Op::Unvec(..) | Op::Slice { .. } => true,
        Op::Builtin(b) => b.about().linear,
        Op::Number(_)
        | Op::SizeNumber(_)
        | Op::Constant(_)
        | Op::Variable(_)
        | Op::Ones(_)
        | Op::Zeros(_)
        | Op::Eye(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Duplication(_)
        | Op::Commutation(..)
        | Op::Add
        | Op::Had
        | Op::Inverse
        | Op::MatrixPower(_)
        | Op::Pow
        | Op::Map(_)
        | Op::Field(_)
        | Op::Block { .. }
        | Op::Differential
        | Op::Inner => false,
    }
}

/// The operator with the scalar factors of one argument before it; `None` of an argument that is a scalar altogether.
pub fn scalars_before(op: &Op, mut args: Vec<Expr>, at: usize) -> Option<Expr> {
    let outside = |s: Expr| if *op == Op::Inverse { pow(s, number((-1).into())) } else { s };
    let (scalars, array) = split_scalars(args[at].clone());
    args[at] = array?;
    Some(had(scalars.into_iter().map(outside).chain([build(op.clone(), args)]).collect()))
}

/// `-A diag(c - b)` as `A diag(b - c)`: without the sign, which the first sum that is linear in it takes. `None` without either.
pub fn turned(e: &Expr) -> Option<Expr> {
    let k = e.args().iter().find_map(as_number).filter(|k| *e.op() == Op::Had && k.is_negative())?;
    let others: Vec<Expr> = e.args().iter().filter(|a| as_number(a).is_none()).cloned().collect();
    let inside = negated(&had(others))?;
    Some(had(vec![number(-k), inside]))
}

/// The negative of a term, by the sign of a sum inside, also of an odd power.
fn negated(e: &Expr) -> Option<Expr> {
    if *e.op() == Op::Add {
        return Some(add(e.args().iter().cloned().map(neg).collect()));
    }
    let is_odd = |p: &Expr| as_number(p).and_then(Rational::to_i64).is_some_and(|k| k % 2 != 0);
    if *e.op() == Op::Pow && is_odd(&e.args()[1]) {
        return Some(pow(negated(&e.args()[0])?, e.args()[1].clone()));
    }
    if !is_linear(e.op()) && *e.op() != Op::Had {
        return None;
    }
    let (at, turned) = e.args().iter().enumerate().find_map(|(i, a)| Some((i, negated(a)?)))?;
    let mut args = e.args().to_vec();
    args[at] = turned;
    Some(build(e.op().clone(), args))
}

/// Scalar factors leave linear functions and inverses; products and transposes are built without any inside.
pub fn scalar_leaves(e: &Expr) -> Option<Expr> {
    let [inside] = e.args() else { return None };
    let is_scaled = *inside.op() == Op::Had && !inside.is_scalar() && inside.args().iter().any(Expr::is_scalar);
    (is_scaled && (is_linear(e.op()) || *e.op() == Op::Inverse))
        .then(|| scalars_before(e.op(), vec![inside.clone()], 0))?
}
