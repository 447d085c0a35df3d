//! Letters: which are free, and what becomes of a term when they stand for other places.

use crate::expr::{Expr, Index, Indexed, Name, Place, PlaceCondition, Shape, Symbol, variable};
use std::collections::{BTreeMap, BTreeSet};

/// What letters are to stand for.
pub type Moves = BTreeMap<Name, Place>;

/// The letters a term depends on.
pub fn free(e: &Expr) -> BTreeSet<Name> {
    e.variables().iter().filter_map(Symbol::as_indexed).flat_map(free_of).collect()
}

/// The letters that what stands at an index depends on.
pub fn free_of(indexed: &Indexed) -> BTreeSet<Name> {
    let own = |at: &[Place]| at.iter().flat_map(Place::letters).cloned().collect::<BTreeSet<Name>>();
    let without = |mut letters: BTreeSet<Name>, over: &[Index]| {
        letters.retain(|l| over.iter().all(|i| i.letter != *l));
        letters
    };
    match indexed {
        Indexed::Member { at, .. } => own(at),
        Indexed::Entry { of, at } => own(at).into_iter().chain(free(of)).collect(),
        Indexed::Stack { over, body } => without(free(body), over),
        Indexed::Gathered { over, when, body, .. } => without(free_below(when, body), over),
        Indexed::Number(place) => own(std::slice::from_ref(place)),
    }
}

/// The letters of conditions.
pub fn of_conditions(when: &[PlaceCondition]) -> BTreeSet<Name> {
    when.iter().flat_map(|c| [&c.left, &c.right]).flat_map(Place::letters).cloned().collect()
}

/// The letters below a sign, bound ones too.
fn free_below(when: &[PlaceCondition], body: &Expr) -> BTreeSet<Name> {
    of_conditions(when).into_iter().chain(free(body)).collect()
}

/// A place, its letters standing for other places.
pub fn moved_place(place: &Place, moves: &Moves) -> Place {
    let own = Place::fixed(place.offset.clone());
    place.terms().iter().fold(own, |sum, (letter, times)| match moves.get(letter) {
        Some(to) => sum.plus(*times, to),
        None => sum.plus(*times, &Place::at(letter)),
    })
}

/// A condition, likewise.
pub fn moved_condition(c: &PlaceCondition, moves: &Moves) -> PlaceCondition {
    PlaceCondition { left: moved_place(&c.left, moves), relation: c.relation, right: moved_place(&c.right, moves) }
}

/// A term with other places for its free letters. Bound letters give way.
pub fn moved(e: &Expr, moves: &Moves) -> Expr {
    if moves.is_empty() {
        return e.clone();
    }
    mapped(e, &mut |indexed, shape| variable(moved_indexed(indexed, moves).symbol(), shape))
}

/// Replaces what stands at indices.
pub fn mapped(e: &Expr, f: &mut dyn FnMut(&Indexed, &Shape) -> Expr) -> Expr {
    e.rewrite(&mut |e| match e.as_variable().and_then(|v| v.name.as_indexed()) {
        Some(indexed) => f(indexed, e.shape()),
        None => e,
    })
}

fn moved_indexed(indexed: &Indexed, moves: &Moves) -> Indexed {
    let places = |at: &[Place]| at.iter().map(|p| moved_place(p, moves)).collect::<Vec<_>>();
    match indexed {
        Indexed::Member { family, at } => Indexed::Member { family: family.clone(), at: places(at) },
        Indexed::Number(place) => Indexed::Number(moved_place(place, moves)),
        Indexed::Entry { of, at } => Indexed::Entry { of: moved(of, moves), at: places(at) },
        Indexed::Stack { over, body } => {
            let (over, moves) = beneath(over, moves, free(body));
            Indexed::Stack { over, body: moved(body, &moves) }
        }
        Indexed::Gathered { by, over, when, body } => {
            let (over, moves) = beneath(over, moves, free_below(when, body));
            let when = when.iter().map(|c| moved_condition(c, &moves)).collect();
            Indexed::Gathered { by: *by, over, when, body: moved(body, &moves) }
        }
    }
}

/// The bound letters and the moves below them: those that a move would bring in give way.
fn beneath(over: &[Index], moves: &Moves, mut taken: BTreeSet<Name>) -> (Vec<Index>, Moves) {
    let mut below = moves.clone();
    below.retain(|l, _| over.iter().all(|i| i.letter != *l));
    let coming: BTreeSet<Name> = below.values().flat_map(Place::letters).cloned().collect();
    taken.extend(coming.iter().cloned());
    taken.extend(over.iter().map(|i| i.letter.clone()));
    let over = over.iter().map(|i| {
        if !coming.contains(&i.letter) {
            return i.clone();
        }
        let letter = fresh(&taken);
        taken.insert(letter.clone());
        below.insert(i.letter.clone(), Place::at(&letter));
        Index { letter, ..i.clone() }
    });
    (over.collect(), below)
}

/// A letter that is not taken.
pub fn fresh(taken: &BTreeSet<Name>) -> Name {
    let plain = LETTERS.iter().map(|l| Name::new(l));
    let numbered = (1..).map(|n| Name::new(&format!("i_{n}")));
    plain.chain(numbered).find(|l| !taken.contains(l)).expect("there is no end of them")
}

/// What indices are called where the author has no letter left.
const LETTERS: [&str; 8] = ["i", "j", "k", "l", "m", "p", "q", "r"];

/// Indices with letters that are not taken, and the moves to them.
pub fn apart(over: &[Index], taken: &BTreeSet<Name>) -> (Vec<Index>, Moves) {
    let (mut taken, mut moves) = (taken.clone(), Moves::new());
    let clash: BTreeSet<Name> = over.iter().map(|i| &i.letter).filter(|l| taken.contains(*l)).cloned().collect();
    taken.extend(over.iter().map(|i| i.letter.clone()));
    let over = over.iter().map(|i| {
        if !clash.contains(&i.letter) {
            return i.clone();
        }
        let letter = fresh(&taken);
        taken.insert(letter.clone());
        moves.insert(i.letter.clone(), Place::at(&letter));
        Index { letter, ..i.clone() }
    });
    (over.collect(), moves)
}

/// A term whose bound letters are not among these.
pub fn all_apart(e: &Expr, taken: &BTreeSet<Name>) -> Expr {
    mapped(e, &mut |indexed, shape| match indexed {
        Indexed::Gathered { by, over, when, body } => {
            let (over, when, body) = bound_apart(over, when, body, taken);
            let inner = taken.iter().cloned().chain(over.iter().map(|i| i.letter.clone())).collect();
            let body = all_apart(&body, &inner);
            variable(Indexed::Gathered { by: *by, over, when, body }.symbol(), shape)
        }
        Indexed::Member { .. } | Indexed::Entry { .. } | Indexed::Stack { .. } | Indexed::Number(_) => {
            variable(indexed.clone().symbol(), shape)
        }
    })
}

/// What a sign binds, its conditions and its body, with letters that are not taken.
pub fn bound_apart(
    over: &[Index],
    when: &[PlaceCondition],
    body: &Expr,
    taken: &BTreeSet<Name>,
) -> (Vec<Index>, Vec<PlaceCondition>, Expr) {
    let (over, moves) = apart(over, taken);
    let when = when.iter().map(|c| moved_condition(c, &moves)).collect();
    (over, when, moved(body, &moves))
}
