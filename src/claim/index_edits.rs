//! Corrections of what stands at an index: other letters, other ranges of sums, one sum less.

use super::slip::{Edit, SlipKind};
use crate::expr::{Comparator, Expr, Gathering, Index, Indexed, Place, PlaceCondition, Shape, Size, Symbol, variable};

/// What stands at an index with something of its shape in place of its body; `None` where that does not fit.
pub fn around(indexed: &Indexed, shape: &Shape, body: Expr) -> Option<Expr> {
    let (own, _) = indexed.inside()?;
    let sign = matches!(indexed, Indexed::Gathered { .. });
    let fits = sign || own.shape() == body.shape();
    let shape = if sign { body.shape().clone() } else { shape.clone() };
    fits.then(|| variable(indexed.around(&mut |_, _| body.clone()).symbol(), &shape))
}

/// Corrections of one symbol, under these letters.
pub fn of_indexed(e: &Expr, indexed: &Indexed, letters: &[Index]) -> Vec<Edit> {
    let put = |kind, symbol: Symbol| Edit::new(kind, e, variable(symbol, e.shape()));
    match indexed {
        Indexed::Member { family, at } => {
            let member = |at| Indexed::Member { family: family.clone(), at }.symbol();
            places(at, letters).into_iter().map(|at| put(SlipKind::WrongIndex, member(at))).collect()
        }
        Indexed::Entry { of, at } => {
            let entry = |at| Indexed::Entry { of: of.clone(), at }.symbol();
            places(at, letters).into_iter().map(|at| put(SlipKind::WrongIndex, entry(at))).collect()
        }
        Indexed::Number(at) => {
            let all = places(std::slice::from_ref(at), letters).into_iter().flatten();
            all.map(|p| put(SlipKind::WrongIndex, Indexed::Number(p).symbol())).collect()
        }
        Indexed::Gathered { by, over, when, body } => {
            let gathered = |(over, when)| Indexed::Gathered { by: *by, over, when, body: body.clone() }.symbol();
            let mut found: Vec<Edit> =
                ranges(over, when, letters).into_iter().map(|r| put(SlipKind::SumRange, gathered(r))).collect();
            if let (Gathering::Sum, [_], []) = (by, over.as_slice(), when.as_slice()) {
                found.push(Edit::new(SlipKind::SumExtra, e, body.clone()));
            }
            found
        }
        Indexed::Stack { .. } => vec![],
    }
}

/// Other places: two that changed places, another letter, one to the left or to the right.
fn places(at: &[Place], letters: &[Index]) -> Vec<Vec<Place>> {
    let mut found = vec![];
    if let [a, b] = at {
        found.push(vec![b.clone(), a.clone()]);
    }
    for (k, own) in at.iter().enumerate() {
        let with = |p: Place| [&at[..k], &[p], &at[k + 1..]].concat();
        let others = letters.iter().filter(|i| Some(&i.letter) != own.letter.as_ref());
        let lead = |i: &Index| [(i.letter.clone(), 1)].into_iter().chain(own.others.clone()).collect();
        found.extend(others.map(|i| with(Place::of(lead(i), own.offset.clone()))));
        found.extend([1, -1].map(|d| with(Place { offset: moved(&own.offset, d), ..own.clone() })));
    }
    found.retain(|other| other != at);
    found
}

fn moved(size: &Size, by: i64) -> Size {
    size.plus(&Size::constant(by))
}

/// Other ranges: an end one further or one nearer, one condition less, one that leaves a place out.
fn ranges(over: &[Index], when: &[PlaceCondition], letters: &[Index]) -> Vec<(Vec<Index>, Vec<PlaceCondition>)> {
    let mut found = vec![];
    for (k, own) in over.iter().enumerate() {
        let with = |i: Index| ([&over[..k], &[i], &over[k + 1..]].concat(), when.to_vec());
        for by in [1, -1] {
            found.push(with(Index { first: moved(&own.first, by), ..own.clone() }));
            found.push(with(Index { last: moved(&own.last, by), ..own.clone() }));
        }
        for other in letters.iter().chain(&over[..k]).filter(|i| i.letter != own.letter) {
            let relations = [
                (own.place(), Comparator::Different, other.place()),
                (own.place(), Comparator::Less, other.place()),
                (other.place(), Comparator::Less, own.place()),
                (own.place(), Comparator::AtMost, other.place()),
                (other.place(), Comparator::AtMost, own.place()),
            ];
            for (left, relation, right) in relations {
                let condition = PlaceCondition { left, relation, right };
                found.push((over.to_vec(), [when, &[condition]].concat()));
            }
        }
    }
    for k in 0..when.len() {
        found.push((over.to_vec(), [&when[..k], &when[k + 1..]].concat()));
    }
    found
}
