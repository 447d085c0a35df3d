//! The cost of evaluating an expression, as a polynomial in the sizes.

use super::{Builtin, Expr, Op, Size};

/// Floating-point operations to evaluate `e` as it is written: a product of n × k and k × m takes 2 n k m, a sum or an
/// elementwise product one an entry, a function one an entry, an inverse 2 n³. Chains are multiplied from their cheaper end.
pub fn flops(e: &Expr) -> Size {
    let own = own(e);
    e.args().iter().fold(own, |sum, a| sum.plus(&flops(a)))
}

fn own(e: &Expr) -> Size {
    let count = e.shape().count();
    let times = |k: i64| Size::constant(k);
    let input = || e.args()[0].shape().count();
    match e.op() {
        Op::Number(_)
        | Op::SizeNumber(_)
        | Op::Constant(_)
        | Op::Variable(_)
        | Op::Ones(_)
        | Op::Zeros(_)
        | Op::Eye(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Commutation(..)
        | Op::Transpose
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Slice { .. }
        | Op::Differential => times(0),
        Op::Add | Op::Had => count.times(&times(e.args().len() as i64 - 1)),
        Op::Mul => chain(e.args()),
        Op::Kron | Op::Pow | Op::Map(_) => count,
        Op::Inverse => input().times(&e.shape().rows).times(&times(2)),
        Op::MatrixPower(k) => input().times(&e.shape().rows).times(&times(2 * (k.abs() - 1))),
        Op::Builtin(b) => builtin(*b, e),
        Op::Inner => input().times(&times(2)),
    }
}

fn builtin(b: Builtin, e: &Expr) -> Size {
    let a = e.args()[0].shape();
    use Builtin::*;
    match b {
        Diag | DiagonalOf | Vec => Size::constant(0),
        Trace => a.rows.clone(),
        Det | LogDet => a.count().times(&a.rows),
        Sum | SumRows | SumCols | Mean | CumSum => a.count(),
        NormSquared | Norm1 => a.count().times(&Size::constant(2)),
        LogSumExp | Softmax | SoftmaxRows | SoftmaxCols | LogSoftmax | LogSoftmaxRows | LogSoftmaxCols | LayerNorm => {
            a.count().times(&Size::constant(3))
        }
    }
}

/// From the left or from the right, whichever has the lower degree, then fewer terms.
fn chain(args: &[Expr]) -> Size {
    let step = |r: &Size, k: &Size, c: &Size| r.times(k).times(c).times(&Size::constant(2));
    let rows = &args[0].shape().rows;
    let cols = &args[args.len() - 1].shape().cols;
    let left =
        args[1..].iter().fold(Size::constant(0), |sum, a| sum.plus(&step(rows, &a.shape().rows, &a.shape().cols)));
    let right = args[..args.len() - 1]
        .iter()
        .fold(Size::constant(0), |sum, a| sum.plus(&step(&a.shape().rows, &a.shape().cols, cols)));
    let weight = |s: &Size| s.terms().map(|(m, c)| (m.len(), c)).max();
    if weight(&left) <= weight(&right) { left } else { right }
}
