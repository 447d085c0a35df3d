//! Syntax trees with other children.

use crate::diag::Error;
use crate::expr::Axis;
use crate::syntax::{Ast, Bound, Syntax, WrittenCondition};

/// The tree with what `f` makes of each of its children.
pub(in crate::shape) fn children(ast: &Ast, f: &mut dyn FnMut(&Ast) -> Result<Ast, Error>) -> Result<Ast, Error> {
    let kind = match &ast.kind {
        leaf @ (Syntax::Number(_) | Syntax::Name(_) | Syntax::Partial(_) | Syntax::Keyword(..)) => leaf.clone(),
        Syntax::Call { function, function_span, primes, args } => {
            let keep =
                |i: usize| i > 0 && matches!(&args[i].kind, Syntax::Name(n) if Axis::from_word(n.as_str()).is_some());
            let args = args.iter().enumerate().map(|(i, a)| if keep(i) { Ok(a.clone()) } else { f(a) });
            Syntax::Call {
                function: function.clone(),
                function_span: *function_span,
                primes: *primes,
                args: args.collect::<Result<_, _>>()?,
            }
        }
        Syntax::Slope { slope, function, function_span, args } => Syntax::Slope {
            slope: *slope,
            function: function.clone(),
            function_span: *function_span,
            args: args.iter().map(&mut *f).collect::<Result<_, _>>()?,
        },
        Syntax::Sum(terms) => Syntax::Sum(terms.iter().map(|(s, t)| Ok((*s, f(t)?))).collect::<Result<_, Error>>()?),
        Syntax::Neg(a) => Syntax::Neg(Box::new(f(a)?)),
        Syntax::Binary(op, a, b) => Syntax::Binary(*op, Box::new(f(a)?), Box::new(f(b)?)),
        Syntax::Transpose(a) => Syntax::Transpose(Box::new(f(a)?)),
        Syntax::Inverse(a) => Syntax::Inverse(Box::new(f(a)?)),
        Syntax::Power(a, b) if is_euler(a) => Syntax::Power(a.clone(), Box::new(f(b)?)),
        Syntax::Power(a, b) => Syntax::Power(Box::new(f(a)?), Box::new(f(b)?)),
        Syntax::ElementPower(a, b) => Syntax::ElementPower(Box::new(f(a)?), Box::new(f(b)?)),
        Syntax::Norm(kind, a) => Syntax::Norm(kind.clone(), Box::new(f(a)?)),
        Syntax::Bars(a) => Syntax::Bars(Box::new(f(a)?)),
        Syntax::Matrix(rows) => {
            let row = |r: &Vec<Ast>, f: &mut dyn FnMut(&Ast) -> Result<Ast, Error>| r.iter().map(f).collect();
            Syntax::Matrix(rows.iter().map(|r| row(r, f)).collect::<Result<_, _>>()?)
        }
        Syntax::Slice { base, rows, cols } => {
            Syntax::Slice { base: Box::new(f(base)?), rows: rows.clone(), cols: cols.clone() }
        }
        Syntax::Entry { base, at } => {
            Syntax::Entry { base: Box::new(f(base)?), at: at.iter().map(&mut *f).collect::<Result<_, _>>()? }
        }
        Syntax::Gathered { by, over, when, body } => Syntax::Gathered {
            by: *by,
            over: over.iter().map(|b| bound(b, f)).collect::<Result<_, _>>()?,
            when: when.iter().map(|c| condition(c, f)).collect::<Result<_, _>>()?,
            body: Box::new(f(body)?),
        },
        Syntax::Iverson(c) => Syntax::Iverson(Box::new(condition(c, f)?)),
    };
    Ok(Ast { kind, span: ast.span, grouped: ast.grouped })
}

fn bound(bound: &Bound, f: &mut dyn FnMut(&Ast) -> Result<Ast, Error>) -> Result<Bound, Error> {
    let range = match &bound.range {
        Some((a, b)) => Some((f(a)?, f(b)?)),
        None => None,
    };
    Ok(Bound { range, ..bound.clone() })
}

fn condition(
    condition: &WrittenCondition,
    f: &mut dyn FnMut(&Ast) -> Result<Ast, Error>,
) -> Result<WrittenCondition, Error> {
    Ok(WrittenCondition { left: f(&condition.left)?, relation: condition.relation, right: f(&condition.right)? })
}

fn is_euler(ast: &Ast) -> bool {
    matches!(&ast.kind, Syntax::Name(n) if n.as_str() == "e")
}
