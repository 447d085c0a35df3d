//! Which definitions have free indices: `z_i = …`, `K_{ij} = …`.

use super::super::names::visit;
use super::{expressions, name_of};
use crate::expr::Name;
use crate::syntax::{Ast, DeclaredShape, Document, Statement, Syntax, WrittenPlace, index_letters, split_index};
use std::collections::BTreeSet;

/// Whether anything in a document depends on an index.
pub(super) fn has_indices(document: &Document) -> bool {
    let mut found = false;
    for ast in expressions(document) {
        visit(ast, &mut |node| {
            found |= matches!(node.kind, Syntax::Gathered { .. } | Syntax::Entry { .. } | Syntax::Iverson(_));
        });
    }
    found || !free(document).is_empty()
}

/// The names of the definitions whose subscripts are free indices.
pub(super) fn free(document: &Document) -> BTreeSet<Name> {
    let mut families = bound_families(document);
    let mut free = BTreeSet::new();
    let mut open: Vec<Head> = candidates(document).collect();
    loop {
        let before = open.len();
        open.retain(|head| {
            let family = head.is_family(document, &families);
            if family {
                free.insert(head.name.clone());
                families.insert(head.base.clone());
                families.extend(indexed_by(head.value, &head.letters));
            }
            !family
        });
        if open.len() == before {
            return free;
        }
    }
}

/// A definition has no more free indices than this.
const MOST_INDICES: usize = 4;

struct Head<'a> {
    name: &'a Name,
    base: Name,
    letters: Vec<Name>,
    value: &'a Ast,
}

/// Definitions whose names end in different letters, up to four of them.
fn candidates(document: &Document) -> impl Iterator<Item = Head<'_>> {
    document.statements.iter().filter_map(|statement| {
        let Statement::Definition { name, value, .. } = statement else { return None };
        let (base, places) = split_index(name)?;
        let lone = places.iter().all(|p| p.at_rest().is_some());
        let letters: Vec<Name> = index_letters(&places).cloned().collect();
        let different = letters.iter().collect::<BTreeSet<_>>().len() == letters.len();
        let lower = letters.iter().all(|l| l.as_str().starts_with(char::is_lowercase));
        (lone && lower && different && letters.len() <= MOST_INDICES).then_some(Head { name, base, letters, value })
    })
}

impl Head<'_> {
    fn is_family(&self, document: &Document, families: &BTreeSet<Name>) -> bool {
        let mut used = false;
        let mut gathers = false;
        visit(self.value, &mut |node| {
            gathers |= matches!(node.kind, Syntax::Gathered { .. });
            if let Some((base, places)) = name_of(node).and_then(split_index) {
                used |= families.contains(&base) && self.has_letter(&places);
            }
        });
        let own = indexed_by(self.value, &self.letters);
        let all = self.letters.iter().all(|l| !indexed_by(self.value, std::slice::from_ref(l)).is_empty());
        // `L_{dice}`, `L_{in}` are words
        if self.letters.len() > 1 && !all && !families.contains(&self.base) {
            return false;
        }
        let spatial = self.letters.iter().all(|l| matches!(l.as_str(), "i" | "j" | "k" | "l" | "m" | "n"));
        families.contains(&self.base)
            || used
            || self.is_told(families)
            || (gathers && !own.is_empty())
            || (spatial && all && stands_whole(document, &self.base))
            || (spatial && own.iter().any(|n| is_array(document, n) || stands_whole(document, n)))
    }

    /// Whether data at the letter say which member of a family is meant: `p_{y_i}`.
    fn is_told(&self, families: &BTreeSet<Name>) -> bool {
        let mut told = false;
        visit(self.value, &mut |node| {
            if let Some((base, below)) = name_of(node).and_then(|n| n.as_str().split_once('_')) {
                let last = below.rsplit_once('_').map(|(_, last)| last);
                told |= families.contains(&Name::new(base))
                    && last.is_some_and(|last| self.letters.iter().any(|l| last.starts_with(l.as_str())));
            }
        });
        told
    }

    fn has_letter(&self, places: &[WrittenPlace]) -> bool {
        index_letters(places).any(|l| self.letters.contains(l))
    }
}

/// Whether the name stands in an expression, and is not defined.
fn stands_whole(document: &Document, name: &Name) -> bool {
    let defined = |s: &Statement| matches!(s, Statement::Definition { name: n, .. } if n == name);
    let mut found = false;
    for ast in expressions(document) {
        visit(ast, &mut |node| found |= name_of(node) == Some(name));
    }
    found && !document.statements.iter().any(defined)
}

/// Whether a name is declared with sizes: what stands at its indices are entries.
fn is_array(document: &Document, name: &Name) -> bool {
    let sizes = |s: &Statement| matches!(s, Statement::Declaration(d) if d.name == *name && matches!(d.shape, DeclaredShape::Sizes(_)));
    document.statements.iter().any(sizes)
}

/// The families that have one of the letters as an index.
fn indexed_by(ast: &Ast, letters: &[Name]) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    visit(ast, &mut |node| {
        if let Some((base, places)) = name_of(node).and_then(split_index)
            && index_letters(&places).any(|l| letters.contains(l))
        {
            found.insert(base);
        }
    });
    found
}

/// The families that are indexed by an index of a sum.
fn bound_families(document: &Document) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    for ast in expressions(document) {
        visit(ast, &mut |node| {
            if let Syntax::Gathered { over, body, .. } = &node.kind {
                let letters: Vec<Name> = over.iter().map(|b| b.letter.clone()).collect();
                found.extend(indexed_by(body, &letters));
            }
        });
    }
    found
}
