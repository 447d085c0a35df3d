//! One letter for a family and for what is made of it: `L = Σ_i L_i`, `E = Σ_{(i,j) ∈ E} …`, `r_{ij} = ‖r_i - r_j‖`. The value
//! has another name then.

use super::super::names::visit;
use super::{expressions, heads, name_of, rebuild};
use crate::diag::Note;
use crate::expr::Name;
use crate::syntax::{Ast, Document, Statement, Syntax, index_letters, split_index};
use std::collections::{BTreeMap, BTreeSet};

/// The document with names of their own for such values.
pub(super) fn apart(document: Document) -> Document {
    let defined = |s: &Statement| match s {
        Statement::Definition { name, value, .. } if split_index(name).is_none() => Some((name.clone(), value.clone())),
        _ => None,
    };
    let families = heads::free(&document);
    let is_family = |name: &Name| families.iter().any(|f| split_index(f).is_some_and(|(base, _)| base == *name));
    let clashing = document.statements.iter().filter_map(defined).filter(|(n, v)| is_family(n) || is_made_of(v, n));
    let renamed: BTreeMap<Name, Name> =
        clashing.map(|(name, _)| (name.clone(), other_name(&document, &name))).collect();
    if renamed.is_empty() {
        return document;
    }
    let mut document = with_other_names(document, &renamed);
    document.notes.extend(renamed.iter().map(|(name, other)| {
        Note::warning(format!("{name} with an index is a family: the value {name} = … is called {other} here"))
    }));
    document
}

/// The document with a letter of its own for a defined family beside one that nobody defines and that has fewer indices:
/// the r_ij of `r_{ij} = ‖\mathbf r_i - \mathbf r_j‖`.
pub(super) fn families_apart(document: Document) -> Document {
    let free = heads::free(&document);
    let defined: BTreeSet<(Name, usize)> =
        free.iter().filter_map(split_index).map(|(base, places)| (base, places.len())).collect();
    let mut renamed: BTreeMap<Name, Name> = BTreeMap::new();
    let mut clashing: BTreeSet<Name> = BTreeSet::new();
    for ast in expressions(&document) {
        visit(ast, &mut |node| {
            let Some((base, places)) = name_of(node).and_then(split_index) else { return };
            let more = (base.clone(), places.len() + 1)..=(base.clone(), usize::MAX);
            if index_letters(&places).next().is_some() && !defined.contains(&(base.clone(), places.len())) {
                clashing.extend(defined.range(more).next().map(|(base, _)| base.clone()));
            }
        });
    }
    if clashing.is_empty() {
        return document;
    }
    let mut notice = |name: &Name| {
        let Some((base, places)) = split_index(name) else { return };
        if clashing.contains(&base) && defined.contains(&(base.clone(), places.len())) {
            let index = name.as_str().strip_prefix(base.as_str()).unwrap_or_default();
            renamed.insert(name.clone(), Name::new(&format!("{base}_value{index}")));
        }
    };
    free.iter().for_each(&mut notice);
    expressions(&document).for_each(|ast| visit(ast, &mut |node| name_of(node).into_iter().for_each(&mut notice)));
    let mut document = with_other_names(document, &renamed);
    let said = free.iter().filter_map(|name| Some((name, renamed.get(name)?)));
    document.notes.extend(said.map(|(name, other)| {
        Note::warning(format!("{name} has more indices than a family of its letter: it is called {other} here"))
    }));
    document
}

fn with_other_names(mut document: Document, renamed: &BTreeMap<Name, Name>) -> Document {
    for statement in &mut document.statements {
        if let Some(value) = statement.value_mut() {
            *value = with_names(value, renamed);
        }
        if let Statement::Definition { name, .. } = statement {
            *name = renamed.get(name).unwrap_or(name).clone();
        }
    }
    if let Some(of) = document.request.as_mut().and_then(|r| r.of.as_mut())
        && let Some(other) = renamed.get(of)
    {
        *of = other.clone();
    }
    document
}

/// Whether a value is made of members of a family of this name, under sums of its own, or goes over a set of this name.
fn is_made_of(value: &Ast, name: &Name) -> bool {
    let bound = super::survey::bound_in(value);
    let mut found = false;
    visit(value, &mut |node| {
        if let Some((base, places)) = name_of(node).and_then(split_index) {
            found |= base == *name && index_letters(&places).any(|l| bound.contains(l));
        }
        if let Syntax::Gathered { over, .. } = &node.kind {
            found |= over.iter().filter_map(|b| b.set.as_ref()).any(|(set, _)| set == name);
        }
    });
    found
}

/// `L_Σ`, the sum of the L: no index is called Σ.
fn other_name(document: &Document, name: &Name) -> Name {
    let mut taken = BTreeSet::new();
    expressions(document).for_each(|ast| visit(ast, &mut |node| taken.extend(name_of(node).cloned())));
    let free = |n: &Name| !taken.contains(n);
    let first = Name::new(&format!("{name}_Σ"));
    let more = (1..).map(|k| Name::new(&format!("{name}_Σ{k}")));
    std::iter::once(first).chain(more.take(taken.len() + 1)).find(free).unwrap_or_else(|| name.clone())
}

fn with_names(ast: &Ast, renamed: &BTreeMap<Name, Name>) -> Ast {
    match name_of(ast).and_then(|n| renamed.get(n)) {
        Some(other) => Ast { kind: Syntax::Name(other.clone()), ..ast.clone() },
        None => rebuild::children(ast, &mut |child| Ok(with_names(child, renamed))).unwrap_or_else(|_| ast.clone()),
    }
}
