//! Scalar factors leave operators: as they are where these are linear, an inverse as their reciprocals.

use crate::expr::{Expr, Op, build, had, number, pow, split_scalars};

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

/// Scalar factors leave linear functions and inverses; products and transposes are built without any inside.
pub fn scalar_leaves(e: &Expr) -> Option<Expr> {
    let [inside] = e.args() else { return None };
    let is_scaled = *inside.op() == Op::Had && !inside.is_scalar() && inside.args().iter().any(Expr::is_scalar);
    (is_scaled && (is_linear(e.op()) || *e.op() == Op::Inverse))
        .then(|| scalars_before(e.op(), vec![inside.clone()], 0))?
}
