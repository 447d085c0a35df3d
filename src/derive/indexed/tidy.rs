//! The form an author would write: bound letters are his, in his order; sums stand without what does not belong in them.

use super::Calculus;
use super::brackets::bracketed;
use super::gather::{entry, gather, picked, product};
use super::letters::{Moves, free, free_of, fresh, mapped, moved, moved_condition};
use super::powers::merged;
use crate::expr::{
    Axis, Builtin, Elementwise, Expr, Function, Gathering, Index, Indexed, Name, Op, Place, Shape, Symbol, add,
    as_number, builtin, had, integer, is_zero, mul, transpose, variable, zeros,
};
use crate::rules::Fact;
use crate::syntax::Attribute;
use std::collections::BTreeSet;

/// How often a form is looked at again: what leaves a sum may join another.
const ROUNDS: usize = 3;

impl Calculus<'_> {
    /// The term in its form, its free letters running over `scope`.
    pub fn normal(&mut self, e: &Expr, scope: &[Index]) -> Expr {
        let mut form = e.clone();
        for _ in 0..ROUNDS {
            let next = self.once(&form, scope);
            if next == form {
                break;
            }
            form = next;
        }
        form
    }

    fn once(&mut self, e: &Expr, scope: &[Index]) -> Expr {
        let e = mapped(e, &mut |indexed, shape| self.leaf(indexed, shape, scope));
        self.learn_of_sums(&e);
        let e = oriented(&self.solver.tidy(&e).result);
        e.rewrite(&mut |e| {
            let e = picked(&e, scope).unwrap_or(e);
            let e = self.sides_joined(&e, scope).unwrap_or(e);
            merged(&bracketed(&e, scope).unwrap_or(e))
        })
    }

    /// Of a symmetric array A_ij stands for A_ji: the letters of the result first.
    pub(super) fn symmetric_members(&self, e: &Expr, scope: &[Index]) -> Expr {
        let bound = |p: &Place| p.letters().any(|l| scope.iter().all(|i| i.letter != *l));
        mapped(e, &mut |indexed, shape| {
            let own = match indexed {
                Indexed::Member { family, at } if at.len() == 2 && self.symmetric.contains(family) => {
                    let mut at = at.clone();
                    at.sort_by_key(|p| (bound(p), p.clone()));
                    Indexed::Member { family: family.clone(), at }
                }
                Indexed::Member { .. }
                | Indexed::Gathered { .. }
                | Indexed::Stack { .. }
                | Indexed::Entry { .. }
                | Indexed::Number(_) => indexed.around(&mut |inner, _| self.symmetric_members(inner, scope)),
            };
            variable(own.symbol(), shape)
        })
    }

    /// A sum or a mean of symmetric matrices is one, whatever moves: Σᵢ aᵢ xᵢ xᵢᵀ.
    fn learn_of_sums(&mut self, e: &Expr) {
        for symbol in e.variables() {
            let Some(Indexed::Gathered { by: Gathering::Sum | Gathering::Mean, body, .. }) = symbol.as_indexed() else {
                continue;
            };
            if body.shape().is_square() && !body.is_scalar() && !self.solver.knows(&symbol) {
                let symmetric = self.solver.known(body).contains(&Fact::Symmetric);
                self.solver.learn(&symbol, if symmetric { vec![Fact::Symmetric] } else { vec![] });
            }
        }
    }

    fn leaf(&mut self, indexed: &Indexed, shape: &Shape, scope: &[Index]) -> Expr {
        match indexed {
            Indexed::Member { .. } | Indexed::Number(_) => variable(indexed.clone().symbol(), shape),
            Indexed::Entry { of, at } => {
                let of = self.once(of, scope);
                self.member(&of, at).unwrap_or_else(|| entry(&of, at.clone(), scope))
            }
            Indexed::Stack { over, body } => {
                let (over, moves) = self.own(over, &free_of(indexed), scope);
                let inner: Vec<Index> = over.iter().chain(scope).cloned().collect();
                let body = self.once(&moved(body, &moves), &inner);
                self.stack_of(over, body, shape)
            }
            Indexed::Gathered { by, over, when, body } => {
                let (over, moves) = self.own(over, &free_of(indexed), scope);
                let inner: Vec<Index> = over.iter().chain(scope).cloned().collect();
                let body = self.once(&moved(body, &moves), &inner);
                if *by == Gathering::Sum && when.is_empty() && self.is_at_one_place(&over, &body) {
                    return integer(1);
                }
                let when = when.iter().map(|c| moved_condition(c, &moves)).collect();
                gather(*by, over, when, body, scope)
            }
        }
    }

    /// `[y = k]` below a sum over k, where y says a place.
    fn is_at_one_place(&self, over: &[Index], body: &Expr) -> bool {
        let ([index], Op::Map(map)) = (over, body.op()) else { return false };
        let [difference] = body.args() else { return false };
        if map.function != Function::Builtin(Elementwise::IsZero) || map.order > 0 || *difference.op() != Op::Add {
            return false;
        }
        let of = |name: &Symbol| self.program.input(name).is_some_and(|i| i.attributes.contains(&Attribute::Labels));
        let mut sides: Vec<bool> = difference
            .args()
            .iter()
            .map(|term| {
                let name = term.variables().into_iter().next();
                match name.as_ref().and_then(Symbol::as_indexed) {
                    Some(Indexed::Number(place)) => *place == index.place(),
                    Some(Indexed::Member { family, at }) => of(family) && !at.contains(&index.place()),
                    Some(Indexed::Entry { .. } | Indexed::Stack { .. } | Indexed::Gathered { .. }) => false,
                    None => name.as_ref().is_some_and(of),
                }
            })
            .collect();
        sides.dedup();
        difference.args().len() == 2 && sides == [true]
    }

    /// Bound letters as the author calls what runs over the same range.
    fn own(&self, over: &[Index], free: &BTreeSet<Name>, scope: &[Index]) -> (Vec<Index>, Moves) {
        let mut used: BTreeSet<Name> = scope.iter().map(|i| i.letter.clone()).chain(free.iter().cloned()).collect();
        let mut moves = Moves::new();
        let renamed = over.iter().map(|i| {
            let same = |l: &&Index| l.first == i.first && l.last == i.last && !used.contains(&l.letter);
            let known = self.letters.iter().find(same).map(|l| l.letter.clone());
            let letter = known.unwrap_or_else(|| fresh(&used.union(&self.taken).cloned().collect()));
            used.insert(letter.clone());
            if letter != i.letter {
                moves.insert(i.letter.clone(), Place::at(&letter));
            }
            Index { letter, ..i.clone() }
        });
        (renamed.collect(), moves)
    }

    /// An entry of a family as a whole is its member.
    fn member(&self, of: &Expr, at: &[Place]) -> Option<Expr> {
        let name = &of.as_variable().filter(|v| v.name.as_indexed().is_none())?.name;
        let plate = self.program.plates.get(name)?;
        let own = self.program.shape(name).filter(|s| s.is_scalar() && plate.len() == at.len())?;
        let shifted = at.iter().zip(plate).map(|(p, i)| p.shifted(&i.first.minus(&crate::expr::Size::one())));
        let member = Indexed::Member { family: name.clone(), at: shifted.collect() };
        Some(variable(member.symbol(), own))
    }

    /// The array of the values, numbers and what does not depend on the letters in front.
    fn stack_of(&self, over: Vec<Index>, body: Expr, shape: &Shape) -> Expr {
        if is_zero(&body) {
            return zeros(shape);
        }
        let letters: BTreeSet<Name> = over.iter().map(|i| i.letter.clone()).collect();
        let factors = if *body.op() == Op::Had { body.args().to_vec() } else { vec![body.clone()] };
        let (outside, inside): (Vec<Expr>, Vec<Expr>) =
            factors.into_iter().partition(|f| f.is_scalar() && free(f).is_disjoint(&letters));
        let inside = had(inside);
        let (outside, inside) = if inside.shape() == body.shape() { (outside, inside) } else { (vec![], body) };
        let array = self.unstacked(&over, &inside, shape);
        let array = array.unwrap_or_else(|| variable(Indexed::Stack { over, body: inside }.symbol(), shape));
        had([outside, vec![array]].concat())
    }

    /// The array of all members of a family, in order, is the family; that of all entries of an array is the array.
    fn unstacked(&self, over: &[Index], body: &Expr, shape: &Shape) -> Option<Expr> {
        let straight = |at: &[Place]| over.iter().map(Index::place).eq(at.iter().cloned());
        match body.as_variable()?.name.as_indexed()? {
            Indexed::Member { family, at } => {
                let plate = self.program.plates.get(family).filter(|plate| plate.len() == over.len())?;
                let alike = over.iter().zip(plate).all(|(o, p)| o.first == p.first && o.last == p.last);
                (alike && straight(at)).then(|| variable(family, shape))
            }
            Indexed::Entry { of, at } => {
                let whole = of.shape() == shape && over.iter().all(|i| i.first.is_one());
                (whole && straight(at) && free(of).is_disjoint(&over.iter().map(|i| i.letter.clone()).collect()))
                    .then(|| of.clone())
            }
            Indexed::Stack { .. } | Indexed::Gathered { .. } | Indexed::Number(_) => None,
        }
    }
}

/// Scalars written one way: of xᵀ A y and yᵀ Aᵀ x the one that comes first; the sum of (x yᵀ) ∘ A is xᵀ A y.
fn oriented(e: &Expr) -> Expr {
    e.rewrite(&mut |e| match e.op() {
        Op::Mul if e.is_scalar() => {
            let turned = mul(e.args().iter().rev().map(|f| transpose(f.clone())).collect());
            if turned < e && *turned.op() == Op::Mul { turned } else { e }
        }
        Op::Builtin(Builtin::Sum(Axis::All)) => paired(&e.args()[0]).unwrap_or(e),
        Op::Builtin(Builtin::NormSquared) => facing(&e.args()[0]).unwrap_or(e),
        _ => e,
    })
}

/// ‖a − b‖² for ‖b − a‖²: the term that comes first is added.
fn facing(e: &Expr) -> Option<Expr> {
    let bare = |t: &Expr| match t.op() {
        Op::Had => had(t.args().iter().filter(|f| as_number(f).is_none()).cloned().collect()),
        _ => t.clone(),
    };
    let least = e.args().iter().filter(|_| *e.op() == Op::Add).min_by_key(|t| bare(t))?;
    let is_taken_away = least.args().iter().filter_map(as_number).any(|n| n.is_negative());
    let turned = add(e.args().iter().map(|t| had(vec![integer(-1), t.clone()])).collect());
    (is_taken_away && *least.op() == Op::Had).then(|| builtin(Builtin::NormSquared, turned))
}

/// The sum of (x yᵀ) ∘ A as xᵀ A y.
fn paired(e: &Expr) -> Option<Expr> {
    let (scalars, arrays): (Vec<Expr>, Vec<Expr>) = e.args().iter().cloned().partition(Expr::is_scalar);
    let ([a, b], Op::Had) = (arrays.as_slice(), e.op()) else { return None };
    let cut = |f: &Expr| match f.op() {
        Op::Mul => f.args().iter().position(|g| g.shape().cols.is_one()).map(|k| k + 1),
        _ => None,
    };
    let (outer, other, k) = match (cut(a), cut(b)) {
        (Some(k), _) => (a, b, k),
        (None, Some(k)) => (b, a, k),
        (None, None) => return None,
    };
    let (left, right) = outer.args().split_at(k);
    if right.is_empty() {
        return None;
    }
    let (left, right) = (product(left.to_vec()), product(right.to_vec()));
    Some(had([scalars, vec![product(vec![transpose(left), other.clone(), transpose(right)])]].concat()))
}

/// The author's letters in a term, from outside in.
pub fn letters_of(e: &Expr, found: &mut Vec<Index>) {
    if let Some(indexed) = e.as_variable().and_then(|v| v.name.as_indexed()) {
        match indexed {
            Indexed::Entry { of, .. } => letters_of(of, found),
            Indexed::Stack { over, body } | Indexed::Gathered { over, body, .. } => {
                found.extend(over.iter().cloned());
                letters_of(body, found);
            }
            Indexed::Member { .. } | Indexed::Number(_) => {}
        }
    }
    e.args().iter().for_each(|a| letters_of(a, found));
}

/// Every member in a term, wherever it stands, with its family.
pub fn members_of(e: &Expr, f: &mut dyn FnMut(&Symbol, &Symbol)) {
    if let Some(v) = e.as_variable() {
        match v.name.as_indexed() {
            Some(Indexed::Member { family, .. }) => f(&v.name, family),
            Some(Indexed::Entry { of, .. }) => members_of(of, f),
            Some(Indexed::Stack { body, .. } | Indexed::Gathered { body, .. }) => members_of(body, f),
            Some(Indexed::Number(_)) | None => {}
        }
    }
    e.args().iter().for_each(|a| members_of(a, f));
}
