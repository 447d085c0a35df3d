//! Marks above a letter that are no powers: `x^k` in a norm, `f_i^a`, `x_i^{(k)}`.
//!
//! What stands in a norm or under a transpose is no number, and no vector has a power: `‖x^k - x^*‖` speaks of an iterate,
//! `‖f_i^a - f_i^p‖` of two kinds of f. Such a mark belongs to the name. Below a name stand its index and its mark in one
//! subscript each; where a sum binds one of them, this is the index and the other belongs to the name, and where sums bind
//! both they are two indices, the upper one first.

use super::indices::{bound_in, expressions, with_children};
use super::names::visit;
use crate::diag::Note;
use crate::expr::Name;
use crate::syntax::{ACCENTS, Ast, BinaryOp, Document, Sign, Statement, Syntax, index_letters, written_places};
use std::collections::{BTreeMap, BTreeSet};

/// The document with such names, where it has any.
pub(super) fn labelled(document: &Document) -> Option<Document> {
    let labels = Raised::of(document);
    if labels.raised.is_empty() && labels.renamed.is_empty() {
        return None;
    }
    let mut document = document.clone();
    for statement in &mut document.statements {
        if let Some(value) = statement.value_mut() {
            *value = labels.applied(value);
        }
    }
    document.notes.extend(labels.raised.iter().map(|((base, mark), name)| {
        Note::warning(format!("{base}^{mark} is read as the name {name}, not as a power: no vector has one"))
    }));
    Some(document)
}

/// What is read as a name.
struct Raised {
    /// `x^k`, by base and mark.
    raised: BTreeMap<(Name, String), Name>,
    /// Names with two subscripts whose order changes.
    renamed: BTreeMap<Name, Name>,
}

impl Raised {
    fn of(document: &Document) -> Raised {
        let own = document.statements.iter().filter_map(|s| match s {
            Statement::Definition { name, .. } => Some(name.clone()),
            Statement::Declaration(d) => Some(d.name.clone()),
            Statement::FunctionDefinition { .. } | Statement::Expression(_) | Statement::SizeCondition { .. } => None,
        });
        let own: BTreeSet<Name> = own.collect();
        let mut labels = Raised { raised: BTreeMap::new(), renamed: BTreeMap::new() };
        for ast in expressions(document) {
            let bound = bound_in(ast);
            visit(ast, &mut |node| match &node.kind {
                Syntax::Norm(_, inner) => each_term(inner, &mut |term| labels.raise(term, &own, &bound)),
                Syntax::Transpose(inner) => labels.raise(inner, &own, &bound),
                Syntax::Name(name) if !own.contains(name) => {
                    labels.renamed.extend(indexed(name, &bound).map(|other| (name.clone(), other)));
                }
                _ => {}
            });
        }
        labels
    }

    /// `x^k`, `x^{k+1}` of an undeclared small letter.
    fn raise(&mut self, term: &Ast, own: &BTreeSet<Name>, bound: &BTreeSet<Name>) {
        let Some((base, mark)) = raised(term).filter(|(base, _)| !own.contains(base)) else { return };
        let name = Name::new(&format!("{base}_{mark}"));
        let name = indexed(&name, bound).unwrap_or(name);
        self.raised.insert((base.clone(), mark), name);
    }

    fn applied(&self, ast: &Ast) -> Ast {
        let name = match &ast.kind {
            Syntax::Name(name) => self.renamed.get(name),
            _ => raised(ast).and_then(|(base, mark)| self.raised.get(&(base.clone(), mark))),
        };
        match name {
            Some(name) => Ast { kind: Syntax::Name(name.clone()), ..ast.clone() },
            None => with_children(ast, &mut |child| Ok(self.applied(child))).unwrap_or_else(|_| ast.clone()),
        }
    }
}

/// The terms of a sum, and of functions of them: `‖f(x^a) - f(x^p)‖`.
fn each_term(ast: &Ast, f: &mut dyn FnMut(&Ast)) {
    match &ast.kind {
        Syntax::Sum(terms) => terms.iter().for_each(|(_, term)| each_term(term, f)),
        Syntax::Neg(inner) => each_term(inner, f),
        Syntax::Call { args, .. } => args.iter().for_each(|a| each_term(a, f)),
        Syntax::Binary(BinaryOp::Mul, left, last) if is_capital(left) => each_term(last, f),
        _ => f(ast),
    }
}

/// `A x^k`.
fn is_capital(ast: &Ast) -> bool {
    matches!(&ast.kind, Syntax::Name(name) if name.as_str().starts_with(char::is_uppercase))
}

/// The small letter and the mark of `x^k`, `x^{k+1}`.
fn raised(ast: &Ast) -> Option<(&Name, String)> {
    let Syntax::Power(base, exponent) = &ast.kind else { return None };
    let Syntax::Name(base) = &base.kind else { return None };
    let letter = |ast: &Ast| match &ast.kind {
        Syntax::Name(name) if name.as_str().chars().nth(1).is_none() => Some(name.to_string()),
        _ => None,
    };
    let mark = match &exponent.kind {
        Syntax::Sum(terms) => match &terms[..] {
            [(Sign::Plus, first), (sign, offset)] => {
                let Syntax::Number(number) = &offset.kind else { return None };
                let sign = if *sign == Sign::Plus { '+' } else { '-' };
                format!("{}{sign}{number}", letter(first)?)
            }
            _ => return None,
        },
        _ => letter(exponent)?,
    };
    base.as_str().starts_with(char::is_lowercase).then_some((base, mark))
}

/// `x_i_k` with its index last: the other subscript is a part of the name, or an index as well.
fn indexed(name: &Name, bound: &BTreeSet<Name>) -> Option<Name> {
    let (below, upper) = name.as_str().rsplit_once('_')?;
    let (base, lower) = below.rsplit_once('_').filter(|(base, _)| !base.is_empty())?;
    if [lower, upper].iter().any(|part| ACCENTS.iter().any(|(accent, ..)| accent == part)) {
        return None;
    }
    let is_bound = |text: &str| {
        let places = written_places(text)?;
        let mut letters = index_letters(&places).peekable();
        Some(letters.peek().is_some() && letters.all(|l| bound.contains(l)))
    };
    let single = |text: &str| text.chars().all(char::is_alphabetic);
    match (is_bound(lower)?, is_bound(upper)?) {
        (true, true) if single(lower) && single(upper) => Some(Name::new(&format!("{base}_{upper}{lower}"))),
        (true, false) => Some(Name::new(&format!("{base}_{upper}_{lower}"))),
        (true, true) | (false, _) => None,
    }
}
