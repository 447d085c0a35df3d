//! THE precedence table.

use crate::expr::Gathering;
use crate::syntax::{BinaryOp, Syntax};

/// How tightly an expression holds together: the levels of the language.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Sum,
    Elementwise,
    Product,
    Negation,
    Postfix,
    Atom,
}

pub fn level(syntax: &Syntax) -> Level {
    match syntax {
        Syntax::Sum(_) => Level::Sum,
        Syntax::Binary(op, ..) => operator_level(*op),
        Syntax::Neg(_) => Level::Negation,
        Syntax::Transpose(_) | Syntax::Inverse(_) | Syntax::Power(..) | Syntax::ElementPower(..) => Level::Postfix,
        Syntax::Number(n) if n.starts_with('-') => Level::Negation,
        Syntax::Number(_)
        | Syntax::Name(_)
        | Syntax::Partial(_)
        | Syntax::Keyword(..)
        | Syntax::Call { .. }
        | Syntax::Slope { .. }
        | Syntax::Norm(..)
        | Syntax::Bars(_)
        | Syntax::Matrix(_)
        | Syntax::Slice { .. }
        | Syntax::Entry { .. }
        | Syntax::Iverson(_) => Level::Atom,
        Syntax::Gathered { by: Gathering::Expectation, .. } => Level::Atom,
        // the product that follows is its body
        Syntax::Gathered { .. } => Level::Negation,
    }
}

pub fn operator_level(op: BinaryOp) -> Level {
    match op {
        BinaryOp::Had | BinaryOp::HadDiv => Level::Elementwise,
        BinaryOp::Mul
        | BinaryOp::At
        | BinaryOp::Dot
        | BinaryOp::Star
        | BinaryOp::Cross
        | BinaryOp::Div
        | BinaryOp::Kron => Level::Product,
    }
}
