//! Pairs of a set that are one thing twice: `‖x_i - x_j‖` has no derivative there, so the set holds none of them.

use super::read::Reader;
use super::{ConditionUse, PlaceUse, name_of, rebuild};
use crate::expr::{Comparator, Name};
use crate::syntax::{Ast, BinaryOp, Bound, Sign, Syntax, WrittenPlace, index_letters, split_index};

impl Reader<'_> {
    /// i ≠ j for `Σ_{(i,j) ∈ E}` over a body that has no value, or no derivative, where i is j.
    pub(super) fn without_loops(&mut self, over: &[Bound], body: &Ast) -> Vec<ConditionUse> {
        let mut found = vec![];
        for (set, more) in over.iter().filter_map(|b| b.set.as_ref()) {
            let Some(bound) = over.iter().find(|b| b.set.as_ref().is_some_and(|(s, _)| s == set)) else { continue };
            for other in more {
                let (Some(a), Some(b)) = (self.bound(&bound.letter), self.bound(other)) else { continue };
                if parts(body, &bound.letter, other, false) {
                    let relation = Comparator::Different;
                    found.push(ConditionUse { left: PlaceUse::at(a), relation, right: PlaceUse::at(b) });
                    self.indices.loopless.insert(set.clone());
                }
            }
        }
        found
    }
}

/// Whether a length of a difference that is 0 where i is j stands where 0 has no derivative: bare, or below a fraction.
fn parts(ast: &Ast, i: &Name, j: &Name, below: bool) -> bool {
    match &ast.kind {
        Syntax::Norm(_, inner) => vanishes(inner, i, j),
        Syntax::Power(base, exponent) if is_even(exponent) => match &base.kind {
            Syntax::Norm(_, inner) => below && vanishes(inner, i, j),
            _ => parts(base, i, j, below),
        },
        Syntax::Binary(BinaryOp::Div, above, under) => parts(above, i, j, below) || parts(under, i, j, true),
        Syntax::Sum(terms) => terms.iter().any(|(_, t)| parts(t, i, j, false)),
        _ => {
            let mut found = false;
            let looked = rebuild::children(ast, &mut |child| {
                found |= parts(child, i, j, below);
                Ok(child.clone())
            });
            looked.is_ok() && found
        }
    }
}

fn is_even(exponent: &Ast) -> bool {
    matches!(&exponent.kind, Syntax::Number(n) if n.parse::<u32>().is_ok_and(|n| n % 2 == 0))
}

/// `a_i - a_j`.
fn vanishes(ast: &Ast, i: &Name, j: &Name) -> bool {
    let Syntax::Sum(terms) = &ast.kind else { return false };
    let [(Sign::Plus, a), (Sign::Minus, b)] = terms.as_slice() else { return false };
    let at = |side: &Ast| {
        let (base, places) = split_index(name_of(side)?)?;
        let letters: Vec<Name> = index_letters(&places).cloned().collect();
        let still = places.iter().all(|p: &WrittenPlace| p.at_rest().is_some());
        (still && letters.len() == 1).then(|| (base, letters[0].clone()))
    };
    match (at(a), at(b)) {
        (Some((x, k)), Some((y, l))) => x == y && (k == *i && l == *j || k == *j && l == *i),
        _ => false,
    }
}
