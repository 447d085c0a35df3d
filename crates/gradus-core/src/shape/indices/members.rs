//! What is in a set, as a value: `Σ_{x ∈ C} ‖x - μ‖²` is `Σ_{i ∈ C} ‖x_i - μ‖²`. An index is a number; what is measured by a
//! norm, transposed, or a letter that is by custom no index and stands at no place, is a member of data.

use super::super::names::visit;
use super::{expressions, name_of, rebuild};
use crate::diag::Note;
use crate::expr::{Gathering, Name};
use crate::syntax::{Ast, BinaryOp, Bound, Document, Statement, Syntax, WrittenPlace, index_letters, split_index};
use std::collections::{BTreeMap, BTreeSet};

/// Letters that are indices, or times, by custom.
const INDEX_LETTERS: &[&str] = &["i", "j", "k", "l", "m", "n", "s", "t", "τ"];

/// The document with places for such letters.
pub(super) fn placed(document: &Document) -> Document {
    let mut places = MemberPlaces { taken: letters_of(document), notes: Vec::new() };
    let mut document = document.clone();
    for value in document.statements.iter_mut().filter_map(Statement::value_mut) {
        *value = places.read(value);
    }
    document.notes.extend(places.notes);
    document
}

/// Names of one letter, and the letters of places.
fn letters_of(document: &Document) -> BTreeSet<Name> {
    let mut letters = BTreeSet::new();
    for ast in expressions(document) {
        visit(ast, &mut |node| {
            letters.extend(name_of(node).cloned());
            letters.extend(places_of(node));
            if let Syntax::Gathered { over, .. } = &node.kind {
                letters.extend(over.iter().map(|b| b.letter.clone()));
            }
        });
    }
    letters
}

/// The letters at which a name, or the sets of a sum, stand.
fn places_of(node: &Ast) -> Vec<Name> {
    let at = |name: &Name| split_index(name).map(|(_, places)| index_letters(&places).cloned().collect::<Vec<_>>());
    match &node.kind {
        Syntax::Name(name) => at(name).unwrap_or_default(),
        Syntax::Gathered { over, .. } => {
            let sets = over.iter().filter_map(|b| b.set.as_ref());
            sets.flat_map(|(set, more)| at(set).unwrap_or_default().into_iter().chain(more.iter().cloned())).collect()
        }
        Syntax::Entry { at, .. } => at.iter().filter_map(name_of).cloned().collect(),
        _ => Vec::new(),
    }
}

struct MemberPlaces {
    /// Letters that are used.
    taken: BTreeSet<Name>,
    notes: Vec<Note>,
}

impl MemberPlaces {
    fn read(&mut self, ast: &Ast) -> Ast {
        let read = rebuild::children(ast, &mut |child| Ok(self.read(child))).unwrap_or_else(|_| ast.clone());
        match &read.kind {
            Syntax::Gathered { by, over, when, body } if *by != Gathering::Expectation => {
                let spoken = |b: &Bound| {
                    let mut found = false;
                    let sides = when.iter().flat_map(crate::syntax::WrittenCondition::sides);
                    sides.for_each(|side| visit(side, &mut |node| found |= name_of(node) == Some(&b.letter)));
                    found
                };
                let members: Vec<&Bound> = over.iter().filter(|b| !spoken(b) && is_member(b, over, body)).collect();
                match self.indices(&members, over, body) {
                    Some(indices) => with_indices(&read, &indices),
                    None => read,
                }
            }
            _ => read,
        }
    }

    /// The index of each member: one for those that are listed together, `(x, y) ∈ S`, and stand at no place.
    fn indices(&mut self, members: &[&Bound], over: &[Bound], body: &Ast) -> Option<BTreeMap<Name, Name>> {
        let first = members.first()?;
        let together = members.len() == over.len() && !over.iter().any(|b| stands_at(&b.letter, body));
        let together = together && over.iter().skip(1).all(|b| in_set_of(&b.letter, over));
        let mut indices = BTreeMap::new();
        for member in members {
            let letter = match indices.get(&first.letter) {
                Some(letter) if together => Name::clone(letter),
                Some(_) | None => self.free_letter()?,
            };
            indices.insert(member.letter.clone(), letter);
        }
        let read =
            members.iter().map(|b| format!("{}_{}", b.letter, indices[&b.letter])).collect::<Vec<_>>().join(", ");
        let spelled = members.iter().map(|b| b.letter.to_string()).collect::<Vec<_>>().join(", ");
        self.notes.push(Note::assumption(format!(
            "{spelled} below the sum {} data and no index: read as {read}",
            if members.len() == 1 { "is" } else { "are" }
        )));
        Some(indices)
    }

    fn free_letter(&mut self) -> Option<Name> {
        let letter =
            ["i", "j", "l", "r", "s", "p", "q"].map(Name::new).into_iter().find(|l| !self.taken.contains(l))?;
        self.taken.insert(letter.clone());
        Some(letter)
    }
}

/// Whether a letter is listed with others before the set of one of them.
fn in_set_of(letter: &Name, over: &[Bound]) -> bool {
    over.iter().filter_map(|b| b.set.as_ref()).any(|(_, more)| more.contains(letter))
}

/// Whether a letter stands at a place in a tree.
fn stands_at(letter: &Name, ast: &Ast) -> bool {
    let mut found = false;
    visit(ast, &mut |node| found |= places_of(node).contains(letter));
    found
}

/// Whether a letter below a sum is a member of data.
fn is_member(bound: &Bound, over: &[Bound], body: &Ast) -> bool {
    let letter = &bound.letter;
    if bound.range.is_some() || !bound.drawn.is_empty() {
        return false;
    }
    let (mut value, mut array) = (false, false);
    visit(body, &mut |node| {
        value |= name_of(node) == Some(letter);
        array |= is_array_in(node, letter);
    });
    let in_set = bound.set.is_some() || in_set_of(letter, over);
    let custom = INDEX_LETTERS.contains(&letter.as_str());
    array || in_set && value && !custom && !stands_at(letter, body)
}

/// Whether a node takes the letter for an array: a norm, a transpose, a product of a row or a matrix.
fn is_array_in(node: &Ast, letter: &Name) -> bool {
    let is = |ast: &Ast| name_of(ast) == Some(letter);
    match &node.kind {
        Syntax::Norm(_, inner) => match &inner.kind {
            Syntax::Sum(terms) => terms.iter().any(|(_, term)| is_term(term, letter)),
            _ => is_term(inner, letter),
        },
        Syntax::Transpose(inner) => is(inner),
        // `⟨n|A|n⟩` too
        Syntax::Call { function, args, .. } if function.as_str() == "dot" => args.iter().any(|a| is_term(a, letter)),
        Syntax::Binary(BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot, left, right) => {
            is(right) && matches!(left.last_factor().kind, Syntax::Transpose(_))
        }
        _ => false,
    }
}

/// Whether a term of what a norm measures is the letter, or a matrix times it.
fn is_term(term: &Ast, letter: &Name) -> bool {
    match &term.kind {
        Syntax::Neg(inner) => is_term(inner, letter),
        Syntax::Binary(BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot, left, right) => {
            let matrix = name_of(left.last_factor()).is_some_and(|n| n.as_str().starts_with(char::is_uppercase));
            name_of(right) == Some(letter) && matrix
        }
        _ => name_of(term) == Some(letter),
    }
}

/// The tree with an index for each of these letters: at places it takes the letter's place, elsewhere it is that of its member.
fn with_indices(ast: &Ast, indices: &BTreeMap<Name, Name>) -> Ast {
    let read = |child: &Ast| Ok(with_indices(child, indices));
    match &ast.kind {
        Syntax::Name(name) => Ast { kind: Syntax::Name(renamed(name, indices)), ..ast.clone() },
        Syntax::Entry { base, at } => {
            let place = |a: &Ast| match name_of(a).and_then(|l| indices.get(l)) {
                Some(index) => Ast { kind: Syntax::Name(index.clone()), ..a.clone() },
                None => with_indices(a, indices),
            };
            let base = Box::new(with_indices(base, indices));
            Ast { kind: Syntax::Entry { base, at: at.iter().map(place).collect() }, ..ast.clone() }
        }
        Syntax::Gathered { .. } => {
            let mut read = rebuild::children(ast, &mut |child| read(child)).unwrap_or_else(|_| ast.clone());
            if let Syntax::Gathered { over, .. } = &mut read.kind {
                placed_bounds(over, indices);
            }
            read
        }
        _ => rebuild::children(ast, &mut |child| read(child)).unwrap_or_else(|_| ast.clone()),
    }
}

/// What a sum binds, with the indices in the places of the letters; letters that have one index are bound once.
fn placed_bounds(over: &mut Vec<Bound>, indices: &BTreeMap<Name, Name>) {
    let own = |letter: &Name| indices.get(letter).unwrap_or(letter).clone();
    for bound in over.iter_mut() {
        bound.letter = own(&bound.letter);
        if let Some((set, more)) = &mut bound.set {
            let letter = bound.letter.clone();
            *set = renamed(set, indices);
            *more = more.iter().map(own).filter(|l| *l != letter).collect();
        }
    }
    let mut seen = BTreeSet::new();
    over.retain(|bound| seen.insert(bound.letter.clone()));
}

/// A name at its places: of `q_p` `q_i`, of p itself `p_i`.
fn renamed(name: &Name, indices: &BTreeMap<Name, Name>) -> Name {
    if let Some(index) = indices.get(name) {
        return Name::new(&format!("{name}_{index}"));
    }
    let own = |letter: &Name| indices.get(letter).unwrap_or(letter).clone();
    match split_index(name) {
        Some((base, places)) if index_letters(&places).any(|l| indices.contains_key(l)) => {
            let place = |p: &WrittenPlace| WrittenPlace {
                letter: p.letter.as_ref().map(own),
                others: p.others.iter().map(|(sign, l)| (*sign, own(l))).collect(),
                offset: p.offset,
            };
            let places: Vec<String> = places.iter().map(|p| place(p).text()).collect();
            Name::new(&format!("{base}_{}", places.join(",")))
        }
        Some(_) | None => name.clone(),
    }
}
