//! Defined functions whose bodies have indices, written out at their calls: `lse(z) = log Σ_i exp(z_i)`.

use super::super::names::visit;
use super::{name_of, rebuild};
use crate::diag::{Error, Span};
use crate::expr::Name;
use crate::syntax::{Ast, Document, Statement, Syntax, WrittenPlace, index_letters, places, split_index};
use std::collections::BTreeMap;

/// A function to write out: the letters it has an index at, its parameters and its body.
struct InlinedFunction {
    letters: Vec<Name>,
    parameters: Vec<Name>,
    body: Ast,
}

/// Whether a body needs its calls written out.
fn has_index(body: &Ast) -> bool {
    let mut found = false;
    visit(body, &mut |node| found |= matches!(node.kind, Syntax::Gathered { .. } | Syntax::Entry { .. }));
    found
}

/// `f_i` where its body speaks of i: a function for each place. The base and the letters.
fn family(name: &Name, body: &Ast) -> Option<(Name, Vec<Name>)> {
    let (base, places) = split_index(name)?;
    let letters: Vec<Name> = index_letters(&places).cloned().collect();
    let lone = places.iter().all(|p| p.at_rest().is_some());
    let mut used = false;
    visit(body, &mut |node| {
        used |= name_of(node).is_some_and(|n| letters.contains(n))
            || name_of(node).and_then(split_index).is_some_and(|(_, p)| index_letters(&p).any(|l| letters.contains(l)));
    });
    (lone && used).then_some((base, letters))
}

/// The document with such functions at their calls.
pub(super) fn inlined(document: &Document) -> Document {
    let mut functions: BTreeMap<Name, InlinedFunction> = BTreeMap::new();
    let mut document = document.clone();
    let called_somewhere = |base: &Name| {
        let mut found = false;
        super::expressions(&document).for_each(|ast| visit(ast, &mut |node| found |= calls(node, base)));
        found
    };
    let mut kept = vec![];
    for statement in &document.statements {
        if let Statement::FunctionDefinition { name, parameters, body, .. } = statement {
            let (base, letters) = family(name, body).unwrap_or((name.clone(), vec![]));
            let is_family = !letters.is_empty() && called_somewhere(&base);
            if is_family || has_index(body) {
                let key = if is_family { base } else { name.clone() };
                let letters = if is_family { letters } else { vec![] };
                let own = InlinedFunction { letters, parameters: parameters.clone(), body: body.clone() };
                functions.insert(key, own);
                continue;
            }
        }
        kept.push(statement.clone());
    }
    if functions.is_empty() {
        return document;
    }
    document.statements = kept;
    for value in document.statements.iter_mut().filter_map(Statement::value_mut) {
        *value = called(value, &functions, 0);
    }
    document
}

/// Whether a tree is a call of a member of the family.
fn calls(node: &Ast, family: &Name) -> bool {
    match &node.kind {
        Syntax::Call { function, .. } => split_index(function).is_some_and(|(base, _)| base == *family),
        _ => false,
    }
}

/// Calls are written out so many levels deep; what calls itself stays and is refused later.
const LEVELS: usize = 16;

fn called(ast: &Ast, functions: &BTreeMap<Name, InlinedFunction>, level: usize) -> Ast {
    let inner = rebuild::children(ast, &mut |child| Ok::<Ast, Error>(called(child, functions, level)));
    let inner = inner.unwrap_or_else(|_| ast.clone());
    let Syntax::Call { function, args, primes: 0, .. } = &inner.kind else { return inner };
    let member = || {
        let (base, places) = split_index(function)?;
        functions.get(&base).filter(|f| f.letters.len() == places.len()).map(|f| (f, places))
    };
    let plain = functions.get(function).filter(|f| f.letters.is_empty()).map(|f| (f, vec![]));
    match plain.or_else(member).filter(|(f, _)| f.parameters.len() == args.len() && level < LEVELS) {
        Some((f, places)) => {
            let body = f.letters.iter().zip(&places).fold(f.body.clone(), |body, (letter, place)| {
                if place.text() == letter.as_str() { body } else { relettered(&body, letter, place) }
            });
            let values: BTreeMap<&Name, &Ast> = f.parameters.iter().zip(args).collect();
            let body = put(&body, &values, ast.span);
            called(&body, functions, level + 1)
        }
        None => inner,
    }
}

/// A body at another place: `x_j` for `x_i`. Sums that bind the new letter give way.
fn relettered(body: &Ast, letter: &Name, place: &WrittenPlace) -> Ast {
    if let Some(name) = name_of(body) {
        if name == letter {
            return places(&place.text(), body.span).into_iter().next().unwrap_or_else(|| body.clone());
        }
        return match split_index(name) {
            Some((base, own)) if index_letters(&own).any(|l| l == letter) => {
                let at: Vec<String> = own.iter().map(|p| replaced(p, letter, place).text()).collect();
                Ast::new(Syntax::Name(Name::new(&format!("{base}_{}", at.join(",")))), body.span)
            }
            _ => body.clone(),
        };
    }
    if let Syntax::Gathered { by, over, when, body: inner } = &body.kind {
        if over.iter().any(|b| b.letter == *letter) {
            return body.clone();
        }
        if let Some(at) = over.iter().position(|b| index_letters(std::slice::from_ref(place)).any(|l| *l == b.letter)) {
            let other = fresh(body, letter);
            let away = WrittenPlace::at(other.clone());
            let mut over = over.clone();
            let bound = std::mem::replace(&mut over[at].letter, other);
            let free = Ast::new(
                Syntax::Gathered { by: *by, over: vec![], when: when.clone(), body: inner.clone() },
                body.span,
            );
            let Syntax::Gathered { when, body: inner, .. } = relettered(&free, &bound, &away).kind else {
                return body.clone();
            };
            let renamed = Ast::new(Syntax::Gathered { by: *by, over, when, body: inner }, body.span);
            return relettered(&renamed, letter, place);
        }
    }
    rebuild::children(body, &mut |child| Ok(relettered(child, letter, place))).unwrap_or_else(|_| body.clone())
}

/// A place whose letter stands for another place.
fn replaced(place: &WrittenPlace, letter: &Name, by: &WrittenPlace) -> WrittenPlace {
    let own = place.letter.iter().map(|l| (1, l)).chain(place.others.iter().map(|(n, l)| (*n, l)));
    own.fold(WrittenPlace::fixed(place.offset), |sum, (times, l)| {
        if l != letter {
            return sum.and(times, l.clone());
        }
        let there = by.letter.iter().map(|l| (1, l)).chain(by.others.iter().map(|(n, l)| (*n, l)));
        let moved = there.fold(sum, |sum, (n, l)| sum.and(times * n, l.clone()));
        WrittenPlace { offset: moved.offset + times * by.offset, ..moved }
    })
}

/// A letter that stands nowhere in a tree.
fn fresh(ast: &Ast, other: &Name) -> Name {
    let mut taken = std::collections::BTreeSet::from([other.clone()]);
    visit(ast, &mut |node| {
        taken.extend(name_of(node).cloned());
        taken.extend(
            name_of(node).and_then(split_index).iter().flat_map(|(_, p)| index_letters(p).cloned().collect::<Vec<_>>()),
        );
        if let Syntax::Gathered { over, .. } = &node.kind {
            taken.extend(over.iter().map(|b| b.letter.clone()));
        }
    });
    let letters = ["i", "j", "k", "l", "m", "p", "q", "r", "s", "t"].map(Name::new);
    letters.iter().find(|l| !taken.contains(*l)).unwrap_or(other).clone()
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
