//! NumPy's `*` and `/` of scalars as an author writes them on paper: a factor, a quotient.

use crate::expr::{ArrayValue, Builtin, Elementwise, Name};
use crate::syntax::{Ast, BinaryOp, Syntax};

/// The tree with plain products and quotients where an operand is a scalar.
pub(super) fn plain(ast: &Ast, scalar: &dyn Fn(&Name) -> bool) -> Ast {
    let inner = |a: &Ast| Box::new(plain(a, scalar));
    let all = |args: &[Ast]| args.iter().map(|a| plain(a, scalar)).collect::<Vec<_>>();
    let kind = match &ast.kind {
        Syntax::Binary(BinaryOp::Had, a, b) if is_scalar(a, scalar) || is_scalar(b, scalar) => {
            Syntax::Binary(BinaryOp::Mul, inner(a), inner(b))
        }
        Syntax::Binary(BinaryOp::HadDiv, a, b) if is_scalar(b, scalar) => {
            Syntax::Binary(BinaryOp::Div, inner(a), inner(b))
        }
        Syntax::Binary(op, a, b) => Syntax::Binary(*op, inner(a), inner(b)),
        Syntax::Sum(terms) => Syntax::Sum(terms.iter().map(|(sign, t)| (*sign, plain(t, scalar))).collect()),
        Syntax::Neg(a) => Syntax::Neg(inner(a)),
        Syntax::Transpose(a) => Syntax::Transpose(inner(a)),
        Syntax::Power(a, b) => Syntax::Power(inner(a), inner(b)),
        Syntax::ElementPower(a, b) if is_scalar(a, scalar) && is_scalar(b, scalar) => Syntax::Power(inner(a), inner(b)),
        Syntax::ElementPower(a, b) => Syntax::ElementPower(inner(a), inner(b)),
        Syntax::Norm(kind, a) => Syntax::Norm(kind.clone(), inner(a)),
        Syntax::Call { function, function_span, primes, args } => {
            Syntax::Call { function: function.clone(), function_span: *function_span, primes: *primes, args: all(args) }
        }
        // what programs do not write
        Syntax::Number(_)
        | Syntax::Name(_)
        | Syntax::Partial(_)
        | Syntax::Keyword(..)
        | Syntax::Slope { .. }
        | Syntax::Inverse(_)
        | Syntax::Bars(_)
        | Syntax::Matrix(_)
        | Syntax::Slice { .. }
        | Syntax::Entry { .. }
        | Syntax::Gathered { .. }
        | Syntax::Iverson(_) => ast.kind.clone(),
    };
    Ast { kind, span: ast.span, grouped: ast.grouped }
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
