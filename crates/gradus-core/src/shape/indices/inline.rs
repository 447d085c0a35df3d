//! Defined functions whose bodies have indices, written out at their calls: `lse(z) = log Σ_i exp(z_i)`.

use super::super::names::visit;
use super::{name_of, rebuild};
use crate::diag::{Error, Span};
use crate::expr::Name;
use crate::syntax::{Ast, Document, Statement, Syntax, places, split_index};
use std::collections::BTreeMap;

/// A function with its parameters and its body.
type InlinedBody = (Vec<Name>, Ast);

/// Whether a body needs its calls written out.
fn has_index(body: &Ast) -> bool {
    let mut found = false;
    visit(body, &mut |node| found |= matches!(node.kind, Syntax::Gathered { .. } | Syntax::Entry { .. }));
    found
}

/// The document with such functions at their calls.
pub(super) fn inlined(document: &Document) -> Document {
    let mut functions: BTreeMap<Name, InlinedBody> = BTreeMap::new();
    let mut document = document.clone();
    document.statements.retain(|statement| match statement {
        Statement::FunctionDefinition { name, parameters, body, .. } if has_index(body) => {
            functions.insert(name.clone(), (parameters.clone(), body.clone()));
            false
        }
        _ => true,
    });
    if functions.is_empty() {
        return document;
    }
    for statement in &mut document.statements {
        match statement {
            Statement::Definition { value, .. } | Statement::Expression(value) => *value = called(value, &functions, 0),
            Statement::FunctionDefinition { body, .. } => *body = called(body, &functions, 0),
            Statement::Declaration(_) | Statement::SizeCondition { .. } => {}
        }
    }
    document
}

/// Calls are written out so many levels deep; what calls itself stays and is refused later.
const LEVELS: usize = 16;

fn called(ast: &Ast, functions: &BTreeMap<Name, InlinedBody>, level: usize) -> Ast {
    let inner = rebuild::children(ast, &mut |child| Ok::<Ast, Error>(called(child, functions, level)));
    let inner = inner.unwrap_or_else(|_| ast.clone());
    let Syntax::Call { function, args, primes: 0, .. } = &inner.kind else { return inner };
    match functions.get(function).filter(|(parameters, _)| parameters.len() == args.len() && level < LEVELS) {
        Some((parameters, body)) => {
            let values: BTreeMap<&Name, &Ast> = parameters.iter().zip(args).collect();
            let body = put(body, &values, ast.span);
            called(&body, functions, level + 1)
        }
        None => inner,
    }
}

/// A body with values for its parameters, also where they have an index.
fn put(body: &Ast, values: &BTreeMap<&Name, &Ast>, span: Span) -> Ast {
    if let Some(name) = name_of(body) {
        if let Some(value) = values.get(name) {
            return (*value).clone();
        }
        if let Some((base, _)) = split_index(name)
            && let Some(value) = values.get(&base)
        {
            let index = name.as_str()[base.as_str().len() + 1..].to_owned();
            return match name_of(value) {
                Some(argument) => Ast::new(Syntax::Name(Name::new(&format!("{argument}_{index}"))), body.span),
                None => Ast::new(Syntax::Entry { base: Box::new((*value).clone()), at: places(&index, span) }, span),
            };
        }
        return body.clone();
    }
    rebuild::children(body, &mut |child| Ok(put(child, values, span))).unwrap_or_else(|_| body.clone())
}
