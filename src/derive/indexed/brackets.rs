//! Brackets as factors, δ_ij among them: a product of them is one bracket, and of letters that are equal in it the first one is
//! written. So δ_ij δ_jk x_k and δ_ik δ_jk x_i have one form.

use super::gather::{as_gathered, sum};
use super::letters::{Moves, moved, moved_condition};
use crate::expr::{Comparator, Expr, Gathering, Index, Name, Place, PlaceCondition, had, is_zero, zeros};
use std::collections::BTreeSet;

/// A product with its brackets as one, in the first of the letters that are equal there; `None` where it is so already.
pub fn bracketed(e: &Expr, scope: &[Index]) -> Option<Expr> {
    let factors = e.hadamard_factors();
    let (brackets, rest): (Vec<&Expr>, Vec<&Expr>) = factors.iter().partition(|f| conditions(f).is_some());
    if brackets.is_empty() {
        return None;
    }
    let when: Vec<&PlaceCondition> = brackets.iter().filter_map(|f| conditions(f)).flatten().collect();
    let moves = first_letters(&when, scope);
    let bodies = brackets.iter().filter_map(|f| as_gathered(f)).map(|(.., body)| moved(body, &moves)).collect();
    let equations = moves.iter().map(|(letter, first)| PlaceCondition {
        left: first.clone(),
        relation: Comparator::Equal,
        right: Place::at(letter),
    });
    let when = when.iter().map(|c| moved_condition(c, &moves)).chain(equations).collect();
    let bracket = sum(vec![], when, had(bodies), scope);
    if is_zero(&bracket) {
        return Some(zeros(e.shape()));
    }
    let found = had(rest.iter().map(|f| moved(f, &moves)).chain([bracket]).collect());
    (found != *e).then_some(found)
}

/// What a bracket around a number says.
fn conditions(e: &Expr) -> Option<&[PlaceCondition]> {
    let (by, over, when, _) = as_gathered(e).filter(|_| e.is_scalar())?;
    (by == Gathering::Sum && over.is_empty()).then_some(when)
}

/// Of letters that are equal and run alike, the first one for each other.
fn first_letters(when: &[&PlaceCondition], scope: &[Index]) -> Moves {
    let known = |l: &Name| scope.iter().position(|i| i.letter == *l);
    let mut classes: Vec<BTreeSet<usize>> = vec![];
    for c in when.iter().filter(|c| c.relation == Comparator::Equal) {
        let ends = [&c.left, &c.right].map(|p| p.at_rest().and_then(known));
        let [Some(a), Some(b)] = ends else { continue };
        if scope[a].first != scope[b].first || scope[a].last != scope[b].last {
            continue;
        }
        let (own, others): (Vec<_>, Vec<_>) = classes.into_iter().partition(|k| k.contains(&a) || k.contains(&b));
        classes = others;
        classes.push(own.into_iter().flatten().chain([a, b]).collect());
    }
    let firsts = classes.iter().filter_map(|class| Some((class, class.first()?)));
    let moves = firsts.flat_map(|(class, first)| class.iter().skip(1).map(move |k| (*k, *first)));
    moves.map(|(k, first)| (scope[k].letter.clone(), scope[first].place())).collect()
}
