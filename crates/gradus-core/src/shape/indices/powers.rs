//! `γ^T` beside `γ^t`, where T ends a range: a power, and no transpose.

use super::super::names::visit;
use super::{expressions, name_of, rebuild, survey};
use crate::diag::Note;
use crate::expr::Name;
use crate::syntax::{Ast, Document, Statement, Syntax, index_letters, split_index};
use std::collections::BTreeSet;

/// The document with such powers.
pub(super) fn told(document: Document) -> Document {
    let last = Name::new("T");
    let bases = if survey::sizes(&document).contains(&last) { with_index_above(&document) } else { vec![] };
    if bases.is_empty() {
        return document;
    }
    let mut document = document;
    let mut found = false;
    for value in document.statements.iter_mut().filter_map(Statement::value_mut) {
        *value = powers(value, &bases, &last, &mut found);
    }
    if found {
        document
            .notes
            .push(Note::assumption("^T is a power where the same stands to the power of an index: T ends a range"));
    }
    document
}

/// What stands to the power of an index, `γ^t`, `(1 + r)^t`, and is rather a scalar.
fn with_index_above(document: &Document) -> Vec<Ast> {
    let mut letters: BTreeSet<Name> = expressions(document).flat_map(survey::bound_in).collect();
    for statement in &document.statements {
        if let Statement::Definition { name, .. } = statement
            && let Some((_, places)) = split_index(name)
        {
            letters.extend(index_letters(&places).cloned());
        }
    }
    let mut bases: Vec<Ast> = vec![];
    for ast in expressions(document) {
        visit(ast, &mut |node| {
            if let Syntax::Power(base, exponent) = &node.kind
                && holds(exponent, &|n| letters.contains(n))
                && !holds(base, &|n| n.as_str().starts_with(char::is_uppercase))
                && !bases.contains(base)
            {
                bases.push((**base).clone());
            }
        });
    }
    bases
}

fn holds(ast: &Ast, fits: &dyn Fn(&Name) -> bool) -> bool {
    let mut found = false;
    visit(ast, &mut |node| found |= name_of(node).is_some_and(fits));
    found
}

fn powers(ast: &Ast, bases: &[Ast], last: &Name, found: &mut bool) -> Ast {
    let exponent = Ast::new(Syntax::Name(last.clone()), ast.span);
    let power = match &ast.kind {
        Syntax::Transpose(base) if bases.contains(base) => Some((base, exponent)),
        Syntax::Transpose(inner) => match &inner.kind {
            Syntax::Inverse(base) if bases.contains(base) => {
                Some((base, Ast::new(Syntax::Neg(Box::new(exponent)), ast.span)))
            }
            _ => None,
        },
        _ => None,
    };
    if let Some((base, exponent)) = power {
        *found = true;
        return Ast::new(Syntax::Power(base.clone(), Box::new(exponent)), ast.span);
    }
    rebuild::children(ast, &mut |child| Ok(powers(child, bases, last, found))).unwrap_or_else(|_| ast.clone())
}
