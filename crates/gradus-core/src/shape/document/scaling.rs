//! NumPy's `*` and `/` of scalars as an author writes them on paper: a factor, a quotient.

use super::super::indices::with_children;
use crate::expr::{ArrayValue, Builtin, Elementwise, Name};
use crate::syntax::{Ast, BinaryOp, Syntax};

/// The tree with plain products and quotients where an operand is a scalar.
pub(super) fn plain(ast: &Ast, scalar: &dyn Fn(&Name) -> bool) -> Ast {
    // what programs do not write
    let foreign = matches!(
        ast.kind,
        Syntax::Slope { .. }
            | Syntax::Inverse(_)
            | Syntax::Bars(_)
            | Syntax::Matrix(_)
            | Syntax::Slice { .. }
            | Syntax::Entry { .. }
            | Syntax::Gathered { .. }
            | Syntax::Iverson(_)
    );
    if foreign {
        return ast.clone();
    }
    let mut ast = with_children(ast, &mut |child| Ok(plain(child, scalar))).unwrap_or_else(|_| ast.clone());
    let of = |a: &Ast| is_scalar(a, scalar);
    ast.kind = match ast.kind {
        Syntax::Binary(BinaryOp::Had, a, b) if of(&a) || of(&b) => Syntax::Binary(BinaryOp::Mul, a, b),
        Syntax::Binary(BinaryOp::HadDiv, a, b) if of(&b) => Syntax::Binary(BinaryOp::Div, a, b),
        Syntax::ElementPower(a, b) if of(&a) && of(&b) => Syntax::Power(a, b),
        kind => kind,
    };
    ast
}

/// What surely is a scalar; of the rest it is not known.
fn is_scalar(ast: &Ast, scalar: &dyn Fn(&Name) -> bool) -> bool {
    let of = |a: &Ast| is_scalar(a, scalar);
    match &ast.kind {
        Syntax::Number(_) | Syntax::Norm(..) => true,
        Syntax::Name(name) => name.as_str() == "π" || scalar(name),
        Syntax::Sum(terms) => terms.iter().all(|(_, t)| of(t)),
        Syntax::Neg(a) | Syntax::Transpose(a) => of(a),
        Syntax::Power(a, b) | Syntax::ElementPower(a, b) => of(a) && of(b),
        Syntax::Binary(op, a, b) => *op != BinaryOp::Kron && of(a) && of(b),
        Syntax::Call { function, args, .. } => match args.as_slice() {
            [a] if Elementwise::from_spelling(function.as_str()).is_some() => of(a),
            [_] => Builtin::from_spelling(function.as_str())
                .is_some_and(|b| matches!(b.about().value, ArrayValue::Total | ArrayValue::OfSquare(_))),
            _ => function.as_str() == "dot",
        },
        Syntax::Partial(_)
        | Syntax::Keyword(..)
        | Syntax::Slope { .. }
        | Syntax::Inverse(_)
        | Syntax::Bars(_)
        | Syntax::Matrix(_)
        | Syntax::Slice { .. }
        | Syntax::Entry { .. }
        | Syntax::Gathered { .. }
        | Syntax::Iverson(_) => false,
    }
}
