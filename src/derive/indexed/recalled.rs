//! Values that the document names are called by their names in results by indices: oₖ for σ(netₖ).

use super::Calculus;
use super::letters::{Moves, mapped, moved};
use crate::expr::{
    Elementwise, Expr, Function, Index, Indexed, Op, Place, Symbol, as_number, elementwise, had, integer, pow, variable,
};
use crate::program::Definition;
use std::collections::BTreeMap;

/// Documents with more definitions keep their values written out.
const MANY: usize = 40;

impl Calculus<'_> {
    /// The term with the values of definitions by their names, the latest first; those of `special` are differentiated or
    /// differentiated by, and a result does not speak of them.
    pub(super) fn recalled(&mut self, e: Expr, special: &[&Symbol], scope: &[Index]) -> Expr {
        let definitions = &self.program.definitions;
        if definitions.len() > MANY {
            return e;
        }
        let named = |d: &&Definition| !special.contains(&&d.name) && is_worth_a_name(&d.value);
        definitions.iter().rev().filter(named).fold(e, |e, d| self.called(&e, d, scope))
    }

    fn called(&mut self, e: &Expr, d: &Definition, scope: &[Index]) -> Expr {
        let plate = self.plate(&d.name);
        let members = places(&plate, scope).into_iter().map(|at| {
            let moves: Moves = plate.iter().map(|i| i.letter.clone()).zip(at.iter().cloned()).collect();
            let name = match at.is_empty() {
                true => d.name.clone(),
                false => Indexed::Member { family: d.name.clone(), at }.symbol(),
            };
            // in the letters a result has
            (self.normal(&moved(&d.value, &moves), scope), variable(name, d.value.shape()))
        });
        let members: Vec<(Expr, Expr)> = members.collect();
        // a product may hold several of them
        let told = |e: &Expr| members.iter().find_map(|(value, name)| named(e, value, name));
        let e = e.rewrite(&mut |e| (0..members.len()).try_fold(e, |e, _| told(&e).ok_or(e)).unwrap_or_else(|e| e));
        mapped(&e, &mut |indexed, shape| {
            let own = indexed.around(&mut |inner, over| self.called(inner, d, &[over, scope].concat()));
            variable(own.symbol(), shape)
        })
    }
}

/// A term by the name of its value, or of the value of some of its factors.
fn named(e: &Expr, value: &Expr, name: &Expr) -> Option<Expr> {
    if e == value {
        return Some(name.clone());
    }
    if (e.op(), value.op()) != (&Op::Had, &Op::Had) {
        return None;
    }
    let rest: Vec<Expr> = e.args().iter().filter(|a| !value.args().contains(a)).cloned().collect();
    let within = rest.len() + value.args().len() == e.args().len();
    let product = || had(rest.into_iter().chain([name.clone()]).collect());
    let whole = within.then(product).filter(|product| product.shape() == e.shape());
    whole.or_else(|| divided(e, value, name))
}

/// `e^{z_i + z_j} / Z²` as p_i e^{z_j} / Z, of the quotient p_i = e^{z_i} / Z: exponentials are products, and powers are.
fn divided(e: &Expr, value: &Expr, name: &Expr) -> Option<Expr> {
    let (mut factors, own) = (powers(e)?, powers(value)?);
    own.values().any(|n| *n < 0).then_some(())?;
    for (base, n) in own {
        let left = factors.get_mut(&base)?;
        // as far from 1 as before, or less
        let less = n.signum() == left.signum() && n.abs() <= left.abs();
        less.then_some(())?;
        *left -= n;
    }
    let powers = factors.into_iter().filter(|(_, n)| *n != 0);
    let rest = powers.map(|(base, n)| if n == 1 { base } else { pow(base, integer(n)) });
    Some(had(rest.chain([name.clone()]).collect()))
}

/// The factors of a scalar product, each with its power; an exponential of a sum is the product of those of its terms.
fn powers(e: &Expr) -> Option<BTreeMap<Expr, i64>> {
    e.is_scalar().then_some(())?;
    let mut found = BTreeMap::new();
    for factor in e.args() {
        let terms = match factor.op() {
            Op::Map(m) if m.function == Function::Builtin(Elementwise::Exp) && m.order == 0 => match factor.args() {
                [sum] if *sum.op() == Op::Add => {
                    sum.args().iter().map(|t| (elementwise(Elementwise::Exp, t.clone()), 1)).collect()
                }
                _ => vec![(factor.clone(), 1)],
            },
            Op::Pow => match as_number(&factor.args()[1]).filter(|n| n.is_integer()).and_then(|n| n.to_i64()) {
                Some(n) => vec![(factor.args()[0].clone(), n)],
                None => vec![(factor.clone(), 1)],
            },
            _ => vec![(factor.clone(), 1)],
        };
        terms.into_iter().for_each(|(base, n)| *found.entry(base).or_insert(0) += n);
    }
    Some(found)
}

/// What a name says better: a function of something, no other name and no number.
fn is_worth_a_name(value: &Expr) -> bool {
    !value.args().is_empty() && !matches!(value.op(), Op::Transpose)
}

/// The places a member may stand at: letters in scope that run where its own do. In their order, so that d_ij is told
/// before d_ji where they are the same.
fn places(plate: &[Index], scope: &[Index]) -> Vec<Vec<Place>> {
    let mut found = plate.iter().fold(vec![vec![]], |found, own| {
        let alike = |i: &&Index| i.first == own.first && i.last == own.last;
        let letters: Vec<Place> = scope.iter().filter(alike).map(Index::place).collect();
        found
            .iter()
            .flat_map(|at| letters.iter().map(move |l| [at.as_slice(), std::slice::from_ref(l)].concat()))
            .collect()
    });
    found.sort_by_key(|at: &Vec<Place>| at.iter().map(|p| p.letter.clone()).collect::<Vec<_>>());
    found
}
