//! Values that the document names are called by their names in results by indices: oₖ for σ(netₖ).

use super::Calculus;
use super::letters::{Moves, mapped, moved};
use crate::expr::{Expr, Index, Indexed, Op, Place, Symbol, had, variable};
use crate::program::Definition;

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
        let e = e.rewrite(&mut |e| members.iter().find_map(|(value, name)| named(&e, value, name)).unwrap_or(e));
        mapped(&e, &mut |indexed, shape| match indexed {
            Indexed::Gathered { by, over, when, body } => {
                let body = self.called(body, d, &[over, scope].concat());
                let gathered = Indexed::Gathered { by: *by, over: over.clone(), when: when.clone(), body };
                variable(gathered.symbol(), shape)
            }
            Indexed::Stack { over, body } => {
                let body = self.called(body, d, &[over, scope].concat());
                variable(Indexed::Stack { over: over.clone(), body }.symbol(), shape)
            }
            Indexed::Member { .. } | Indexed::Entry { .. } | Indexed::Number(_) => {
                variable(indexed.clone().symbol(), shape)
            }
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
    within.then(product).filter(|product| product.shape() == e.shape())
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
