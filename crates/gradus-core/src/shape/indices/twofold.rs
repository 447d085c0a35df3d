//! One letter for a vector and for a family of vectors: `f(x) = Σ_i α_i k(x, x_i)`. Where x stands whole x_i is its entry, so
//! what cannot be one is refused.

use super::super::names::visit;
use super::{expressions, name_of, survey};
use crate::diag::{Error, Errors, Kind, Span};
use crate::expr::Name;
use crate::syntax::{Ast, BinaryOp, Document, Syntax, index_letters, split_index};
use std::collections::BTreeSet;

/// # Errors
/// `x - x_i`, `x_i^T x`, `k(x, x_i)`, where x stands whole and i is bound.
pub(super) fn refuse(document: &Document) -> Result<(), Errors> {
    let whole = survey::whole_names(document);
    let mut errors = vec![];
    for ast in expressions(document) {
        let bound = survey::bound_in(ast);
        visit(ast, &mut |node| {
            if let Some((name, base, span)) = no_entry(node, &bound).filter(|(_, base, _)| whole.contains(base)) {
                errors.push(twofold(&name, &base, span));
            }
        });
    }
    errors.truncate(1);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// A member that stands where no entry of the whole can: beside the whole in a sum, a scalar product, a kernel.
fn no_entry(node: &Ast, bound: &BTreeSet<Name>) -> Option<(Name, Name, Span)> {
    let member = |ast: &Ast| {
        let name = name_of(ast)?;
        let (base, places) = split_index(name)?;
        let moves = places.len() == 1 && index_letters(&places).any(|l| bound.contains(l));
        moves.then(|| (name.clone(), base, ast.span))
    };
    let beside = |a: &Ast, b: &Ast| member(a).filter(|(_, base, _)| name_of(b) == Some(base));
    let either = |a: &Ast, b: &Ast| beside(a, b).or_else(|| beside(b, a));
    match &node.kind {
        Syntax::Sum(terms) => {
            let pairs = terms.iter().flat_map(|(_, a)| terms.iter().map(move |(_, b)| (a, b)));
            pairs.into_iter().find_map(|(a, b)| beside(a, b))
        }
        Syntax::Call { args, .. } => {
            let pairs = args.iter().flat_map(|a| args.iter().map(move |b| (a, b)));
            pairs.into_iter().find_map(|(a, b)| beside(a, b))
        }
        Syntax::Binary(BinaryOp::Dot, a, b) => either(a, b),
        Syntax::Binary(BinaryOp::Mul, a, b) => match &last_factor(a).kind {
            Syntax::Transpose(a) => either(a, b),
            _ => None,
        },
        _ => None,
    }
}

fn last_factor(ast: &Ast) -> &Ast {
    match &ast.kind {
        Syntax::Binary(BinaryOp::Mul, _, last) => last_factor(last),
        _ => ast,
    }
}

fn twofold(name: &Name, base: &Name, span: Span) -> Error {
    Error::new(
        Kind::Name,
        format!("`{base}` stands whole here, so `{name}` is one of its entries, and cannot stand so"),
    )
    .at(span, format!("beside `{base}` itself"))
    .help(format!("a family of vectors beside a vector {base} needs a letter of its own: z_i for {name}"))
}
