//! Leaves of the core as syntax.

use super::style::Style;
use super::tree;
use crate::expr::{Constant, Op, Shape, Size};
use crate::syntax::{Ast, Syntax};

/// Whether the shape of a place is known from what stands around it, so that `I` may stand for `eye(n)`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Open,
    Known,
}

/// `I` where its place tells its size, `eye(n)` where nothing does. In formulas that is an I too: beside an I of the
/// author's it is spelled out.
pub fn identity(n: &Size, place: Standing, style: &Style) -> Ast {
    match (style.uses_letter("I"), place) {
        (false, Standing::Known) => tree::name("I"),
        (false, Standing::Open) => tree::call("eye", vec![tree::size(n)]),
        (true, _) if style.uses_letter("identity") => tree::call("eye", vec![tree::size(n)]),
        (true, _) => tree::call("identity", vec![tree::size(n)]),
    }
}

/// The commutation matrix: K, or its whole name beside a K of the author's.
fn commutation(n: &Size, m: &Size, style: &Style) -> Ast {
    let name = if style.uses_letter("K") { "commutation" } else { "K" };
    tree::call(name, vec![tree::size(n), tree::size(m)])
}

/// A leaf, but for variables.
///
/// # Panics
/// Never for leaves; `Presenter` sends nothing else here.
pub fn leaf(op: &Op, style: &Style) -> Ast {
    match op {
        Op::Number(n) => tree::number(n.to_string()),
        Op::SizeNumber(s) => tree::size(s),
        Op::Constant(Constant::Pi) => tree::name("π"),
        // a lone e is a vector
        Op::Constant(Constant::E) => tree::call("exp", vec![tree::number("1")]),
        Op::Ones(s) if s.is_row() => {
            tree::ast(Syntax::Transpose(Box::new(tree::call("ones", vec![tree::size(&s.cols)]))))
        }
        Op::Ones(s) => tree::call("ones", sizes(s)),
        Op::Zeros(s) => tree::call("zeros", sizes(s)),
        Op::Eye(n) => identity(n, Standing::Open, style),
        Op::Unit(n, i) => tree::call("unit", vec![tree::size(n), tree::size(i)]),
        Op::Tril(n) => tree::call("tril", vec![tree::size(n)]),
        Op::Duplication(n) => tree::call("dup", vec![tree::size(n)]),
        Op::Commutation(n, m) => commutation(n, m, style),
        Op::Variable(_)
        | Op::Add
        | Op::Had
        | Op::Mul
        | Op::Kron
        | Op::Transpose
        | Op::Inverse
        | Op::MatrixPower(_)
        | Op::Pow
        | Op::Map(_)
        | Op::Field(_)
        | Op::Builtin(_)
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Slice { .. }
        | Op::Differential
        | Op::Inner => unreachable!("not a leaf"),
    }
}

/// One size for a column, two for anything else.
fn sizes(shape: &Shape) -> Vec<Ast> {
    let mut sizes = vec![tree::size(&shape.rows)];
    if !shape.cols.is_one() {
        sizes.push(tree::size(&shape.cols));
    }
    sizes
}

/// The exponent of a matrix power.
pub fn whole_exponent(k: i64) -> Ast {
    tree::number(k.to_string())
}
