//! Letters of functions that are factors, for they have numbers as their values: `h (ν - ν_0)` with a value for h.

use super::document::Given;
use super::indices::{expressions, with_children};
use super::names::visit;
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;
use crate::syntax::{AssumedProduct, Ast, BinaryOp, Document, Statement, Syntax, parse_name};
use std::collections::BTreeSet;

/// A call of a letter to which a number was given.
struct ValuedCall<'a> {
    name: Name,
    span: Span,
    argument: &'a Ast,
}

fn valued<'a>(ast: &'a Ast, given: &Given, document: &Document) -> Option<ValuedCall<'a>> {
    let Syntax::Call { function_span, primes: 0, args, .. } = &ast.kind else { return None };
    let [argument] = args.as_slice() else { return None };
    let name = parse_name(document.text.get(function_span.start..function_span.end)?).ok()?;
    let number = given.get(&name).is_some_and(Vec::is_empty);
    number.then_some(ValuedCall { name, span: *function_span, argument })
}

/// The document with products for calls of letters that have numbers as their values.
pub(super) fn of_values(document: &Document, given: &Given) -> Option<Document> {
    let own = document.statements.iter().filter_map(|s| match s {
        Statement::FunctionDefinition { name, .. } => Some(name),
        Statement::Declaration(d) => Some(&d.name),
        Statement::Definition { .. } | Statement::Expression(_) | Statement::SizeCondition { .. } => None,
    });
    let own: BTreeSet<&Name> = own.collect();
    let open: Given =
        given.iter().filter(|(name, _)| !own.contains(name)).map(|(n, e)| (n.clone(), e.clone())).collect();
    let mut products = Vec::new();
    for ast in expressions(document) {
        visit(ast, &mut |node| {
            if let Some(call) = valued(node, &open, document) {
                let span = call.span.to(node.span);
                products.push(AssumedProduct { name: call.name, span, holds_norm: false });
            }
        });
    }
    if products.is_empty() {
        return None;
    }
    let mut read = document.clone();
    for value in read.statements.iter_mut().filter_map(Statement::value_mut) {
        *value = with_products(value, &open, document);
    }
    for letters in [&mut read.doubtful, &mut read.calls] {
        letters.retain(|(name, _)| !products.iter().any(|p| p.name == *name));
    }
    read.products.extend(products);
    Some(read)
}

/// `σ(x - m)^2` is σ times the square.
fn with_products(ast: &Ast, given: &Given, document: &Document) -> Ast {
    let product = |call: ValuedCall<'_>, factor: Ast| {
        let letter = Ast::new(Syntax::Name(call.name), call.span);
        Ast { kind: Syntax::Binary(BinaryOp::Mul, Box::new(letter), Box::new(factor)), ..ast.clone() }
    };
    let read = |argument: &Ast| Ast { grouped: true, ..with_products(argument, given, document) };
    if let Some(call) = valued(ast, given, document) {
        let factor = read(call.argument);
        return product(call, factor);
    }
    if let Syntax::Power(base, exponent) = &ast.kind
        && let Some(call) = valued(base, given, document)
    {
        let power = Syntax::Power(Box::new(read(call.argument)), Box::new(with_products(exponent, given, document)));
        return product(call, Ast::new(power, ast.span));
    }
    with_children(ast, &mut |child| Ok(with_products(child, given, document))).unwrap_or_else(|_| ast.clone())
}

/// `h (ν - ν_0)` in a text without arrays: a factor or a function.
///
/// # Errors
/// Where there is one that nothing settles.
pub(super) fn refuse_doubtful(document: &Document) -> Result<(), Error> {
    document.doubtful.first().map_or(Ok(()), |(name, span)| {
        Err(Error::new(Kind::Name, format!("{name} stands before a sum in brackets: is it a function, or a factor?"))
            .at(*span, "a call, or a product?")
            .help(format!("declare `{name}: scalar` for a factor, `{name}: elementwise` for a function")))
    })
}
