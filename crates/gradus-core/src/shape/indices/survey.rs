//! What a document says of its names before it is read: which stand whole, which are sets, sizes and families.

use super::super::names::visit;
use super::{expressions, heads_and_values, name_of};
use crate::expr::{Gathering, Name};
use crate::syntax::{
    Ast, Bound, Declaration, DeclaredShape, Document, Statement, Syntax, WrittenCondition, index_letters, split_index,
};
use std::collections::{BTreeMap, BTreeSet};

/// Names that stand in expressions without an index, or are declared.
pub(super) fn whole_names(document: &Document) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for statement in &document.statements {
        let (ast, bound): (&Ast, &[Name]) = match statement {
            Statement::Definition { value, .. } | Statement::Expression(value) => (value, &[]),
            Statement::FunctionDefinition { body, parameters, .. } => (body, parameters),
            Statement::Declaration(d) => {
                names.insert(d.name.clone());
                continue;
            }
            Statement::SizeCondition { .. } => continue,
        };
        visit(ast, &mut |node| {
            if let Some(name) = name_of(node).filter(|n| !bound.contains(n)) {
                names.insert(name.clone());
            }
        });
    }
    names
}

/// Names that stand as the place of an entry, `\mathrm{softmax}(z)_y`, or beside one, `j ≠ y`, and nowhere else.
pub(super) fn places_alone(document: &Document) -> BTreeSet<Name> {
    let (mut all, mut places) = (BTreeMap::<Name, usize>::new(), BTreeMap::<Name, usize>::new());
    for ast in expressions(document) {
        visit(ast, &mut |node| {
            let sides: Vec<&Ast> = match &node.kind {
                Syntax::Entry { at, .. } if at.len() == 1 => at.iter().collect(),
                Syntax::Gathered { when, .. } => when.iter().flat_map(WrittenCondition::sides).collect(),
                Syntax::Iverson(condition) => condition.sides().into_iter().collect(),
                _ => vec![],
            };
            for name in sides.into_iter().filter_map(name_of) {
                *places.entry(name.clone()).or_default() += 1;
            }
            if let Some(name) = name_of(node) {
                *all.entry(name.clone()).or_default() += 1;
            }
        });
    }
    let own = own_names(document);
    places.retain(|name, count| all.get(name) == Some(count) && !own.contains(name));
    places.into_keys().collect()
}

/// The sets that sums go over, and how many indices what is in them has.
pub(super) fn sets(document: &Document) -> BTreeMap<Name, usize> {
    let mut sets = BTreeMap::new();
    for ast in expressions(document) {
        visit(ast, &mut |node| {
            if let Syntax::Gathered { over, .. } = &node.kind {
                for (set, more) in over.iter().filter_map(|b| b.set.as_ref()) {
                    sets.insert(set.clone(), 1 + more.len());
                    // `N_i` is N at i
                    sets.extend(split_index(set).map(|(base, places)| (base, 1 + more.len() + places.len())));
                }
            }
        });
    }
    sets
}

/// Families with an index that a sum binds, and how many indices they have.
pub(super) fn indexed(document: &Document) -> BTreeSet<(Name, usize)> {
    let mut found = BTreeSet::new();
    for ast in expressions(document) {
        let bound = bound_in(ast);
        visit(ast, &mut |node| {
            if let Some((base, places)) = name_of(node).and_then(split_index)
                && index_letters(&places).any(|l| bound.contains(l))
            {
                found.insert((base, places.len()));
            }
        });
    }
    found
}

/// Families of which a member stands without a further place, and another one with it: `x^{(i)}_j` beside `x^{(i)}`.
pub(super) fn vectors(document: &Document) -> BTreeSet<(Name, usize)> {
    let (mut all, mut entries) = (BTreeMap::<_, usize>::new(), BTreeMap::<_, usize>::new());
    let family = |ast: &Ast| name_of(ast).and_then(split_index).map(|(base, places)| (base, places.len()));
    for ast in expressions(document) {
        visit(ast, &mut |node| {
            family(node).into_iter().for_each(|f| *all.entry(f).or_default() += 1);
            if let Syntax::Entry { base, .. } = &node.kind {
                family(base).into_iter().for_each(|f| *entries.entry(f).or_default() += 1);
            }
        });
    }
    entries.into_iter().filter(|(f, count)| all.get(f).is_some_and(|a| a > count)).map(|(f, _)| f).collect()
}

/// Names that are declared or defined.
pub(super) fn own_names(document: &Document) -> BTreeSet<Name> {
    let own = document.statements.iter().filter_map(|s| match s {
        Statement::Definition { name, .. } => Some(name),
        Statement::Declaration(d) => Some(&d.name),
        Statement::FunctionDefinition { .. } | Statement::Expression(_) | Statement::SizeCondition { .. } => None,
    });
    own.cloned().collect()
}

/// Names of definitions.
pub(super) fn defined_names(document: &Document) -> BTreeSet<Name> {
    let defined = document.statements.iter().filter_map(|s| match s {
        Statement::Definition { name, .. } => Some(name.clone()),
        Statement::Declaration(_)
        | Statement::FunctionDefinition { .. }
        | Statement::Expression(_)
        | Statement::SizeCondition { .. } => None,
    });
    defined.collect()
}

/// The sizes that end the ranges of sums, and those that are declared.
pub(super) fn sizes(document: &Document) -> BTreeSet<Name> {
    let mut sizes = BTreeSet::new();
    let declared = document.statements.iter().filter_map(|s| match s {
        Statement::Declaration(Declaration { shape: DeclaredShape::Sizes(own), .. }) => Some(own),
        _ => None,
    });
    declared.flatten().for_each(|size| visit(size, &mut |part| sizes.extend(name_of(part).cloned())));
    for (head, ast) in heads_and_values(document) {
        let mut bound = bound_in(ast);
        bound.extend(head.and_then(split_index).iter().flat_map(|(_, places)| index_letters(places)).cloned());
        visit(ast, &mut |node| {
            if let Syntax::Gathered { over, .. } = &node.kind {
                over.iter().flat_map(Bound::expressions).for_each(|end| {
                    visit(end, &mut |part| sizes.extend(name_of(part).filter(|n| !bound.contains(*n)).cloned()));
                });
            }
        });
    }
    sizes
}

/// The letters the sums of an expression bind.
pub(in crate::shape) fn bound_in(ast: &Ast) -> BTreeSet<Name> {
    let mut letters = BTreeSet::new();
    visit(ast, &mut |node| {
        if let Syntax::Gathered { over, by, .. } = &node.kind
            && *by != Gathering::Expectation
        {
            letters.extend(over.iter().map(|b| b.letter.clone()));
        }
    });
    letters
}
