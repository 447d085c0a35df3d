//! Other forms of a result, taken where they are shorter: definitions written out, sums of a part that does not move taken
//! apart, and sums that a definition has a name for.

use super::Calculus;
use super::gather::{as_gathered, entry, gathered, sum};
use super::letters::{Moves, apart, free, mapped, moved};
use super::within::{joined_sums, within_sums};
use crate::expr::{
    Axis, Builtin, Expr, Gathering, Index, Indexed, Op, PlaceCondition, Symbol, add, had, integer, pow, variable,
    weight,
};
use std::collections::BTreeSet;

/// Definitions are written out as long as the whole is not longer than so many times what it was.
const GROWTH: u64 = 6;

/// For a shorter derivative definitions are not written out where sums would stand deeper in sums: each sum more is a longer product to be tidied.
pub const DEEP: usize = 4;

/// How deep sums, and what else is made over indices, stand in one another.
pub fn depth(e: &Expr) -> usize {
    let own = match e.as_variable().and_then(|v| v.name.as_indexed()) {
        Some(Indexed::Stack { body, .. } | Indexed::Entry { of: body, .. }) => depth(body),
        Some(Indexed::Gathered { body, .. }) => 1 + depth(body),
        Some(Indexed::Member { .. } | Indexed::Number(_)) | None => 0,
    };
    e.args().iter().map(depth).fold(own, usize::max)
}

impl Calculus<'_> {
    /// The shortest form of a term whose letters run over `scope`.
    pub fn shortest(&mut self, e: Expr, scope: &[Index]) -> Expr {
        let mut forms = vec![self.apart(&e, scope), self.apart(&self.written_out(&e), scope), inward(&e, scope)];
        forms.extend(within_sums(&e));
        forms.push(joined_sums(&e));
        let mut best = e.clone();
        for (k, form) in forms.iter().enumerate() {
            if *form != e && !forms[..k].contains(form) {
                let form = self.factors(form, scope);
                let form = self.normal(&form, scope);
                if weight(&form) < weight(&best) {
                    best = form;
                }
            }
        }
        best
    }

    /// The term with the numbers in front of arrays, each product of them tidied by itself.
    fn factors(&mut self, e: &Expr, scope: &[Index]) -> Expr {
        let e = mapped(e, &mut |indexed, shape| match indexed {
            Indexed::Gathered { by, over, when, body } => {
                gathered(*by, over.clone(), when.clone(), self.factors(body, scope))
            }
            Indexed::Member { .. } | Indexed::Entry { .. } | Indexed::Stack { .. } | Indexed::Number(_) => {
                variable(indexed.clone().symbol(), shape)
            }
        });
        if *e.op() != Op::Had || e.is_scalar() {
            return e;
        }
        let (scalars, arrays): (Vec<Expr>, Vec<Expr>) = e.args().iter().cloned().partition(Expr::is_scalar);
        if scalars.len() < 2 {
            return e;
        }
        let front = self.normal(&had(scalars), scope);
        had([vec![front], arrays].concat())
    }

    /// The term without the names of definitions, unless it grows too long.
    fn written_out(&self, e: &Expr) -> Expr {
        let mut form = e.clone();
        for _ in 0..self.program.definitions.len() {
            let next = self.once_written(&form);
            if next == form || weight(&next) > GROWTH * weight(e) + 40 {
                break;
            }
            form = next;
        }
        form
    }

    fn once_written(&self, e: &Expr) -> Expr {
        let on_charts = |name: &Symbol| self.charts.iter().any(|c| c.of.name == *name || c.coordinates == *name);
        self.put(e, &|name| self.program.definition(name).filter(|_| !on_charts(name)).map(|d| d.value.clone()))
    }

    /// A term with values in the places of names and of members, below signs too.
    pub fn put(&self, e: &Expr, value: &dyn Fn(&Symbol) -> Option<Expr>) -> Expr {
        let e = e.substitute(&|name| if self.plate(name).is_empty() { value(name) } else { None });
        mapped(&e, &mut |indexed, shape| match indexed {
            Indexed::Member { family, at } => {
                let moves: Moves =
                    self.plate(family).iter().zip(at).map(|(i, p)| (i.letter.clone(), p.clone())).collect();
                value(family).map_or_else(|| variable(indexed.clone().symbol(), shape), |v| moved(&v, &moves))
            }
            Indexed::Gathered { by, over, when, body } => {
                gathered(*by, over.clone(), when.clone(), self.put(body, value))
            }
            Indexed::Entry { .. } | Indexed::Stack { .. } | Indexed::Number(_) => {
                variable(indexed.clone().symbol(), shape)
            }
        })
    }

    /// Σⱼ (a + bⱼ) as n a + Σⱼ bⱼ.
    fn apart(&self, e: &Expr, scope: &[Index]) -> Expr {
        mapped(e, &mut |indexed, shape| match indexed {
            Indexed::Gathered { by, over, when, body } => {
                let inner: Vec<Index> = over.iter().chain(scope).cloned().collect();
                self.sum_apart(*by, over, when, self.apart(body, &inner), scope)
            }
            Indexed::Member { .. } | Indexed::Entry { .. } | Indexed::Stack { .. } | Indexed::Number(_) => {
                variable(indexed.clone().symbol(), shape)
            }
        })
    }

    fn sum_apart(&self, by: Gathering, over: &[Index], when: &[PlaceCondition], body: Expr, scope: &[Index]) -> Expr {
        let letters: BTreeSet<_> = over.iter().map(|i| i.letter.clone()).collect();
        let still = |t: &Expr| free(t).is_disjoint(&letters);
        if by != Gathering::Sum || !when.is_empty() || *body.op() != Op::Add || !body.args().iter().any(still) {
            return gathered(by, over.to_vec(), when.to_vec(), body);
        }
        let part = |t: &Expr| self.named(&sum(over.to_vec(), vec![], t.clone(), scope));
        add(body.args().iter().map(part).collect())
    }

    /// Sums that are a definition but for a factor, by its name: n m for Σᵢ xᵢ where m = Σᵢ xᵢ / n.
    fn named(&self, e: &Expr) -> Expr {
        e.rewrite(&mut |e| {
            let known = self.program.definitions.iter().filter(|d| self.plate(&d.name).is_empty());
            let name = |value: &Expr| {
                let factors = if *value.op() == Op::Had { value.args().to_vec() } else { vec![value.clone()] };
                let (sums, rest): (Vec<Expr>, Vec<Expr>) = factors.into_iter().partition(|f| same_sum(f, &e));
                let still = rest.iter().all(|f| f.is_scalar() && f.is_fixed());
                (sums.len() == 1 && still).then(|| pow(had(rest), integer(-1)))
            };
            let found = known.into_iter().find_map(|d| Some((d, name(&d.value)?)));
            found.map_or_else(|| e.clone(), |(d, factor)| had(vec![factor, variable(&d.name, e.shape())]))
        })
    }
}

/// With what multiplies an array made of its entries among them: p ∘ [y_k / p_k] is [y_k], and its sum Σₖ yₖ.
fn inward(e: &Expr, scope: &[Index]) -> Expr {
    let e = mapped(e, &mut |indexed, shape| match indexed {
        Indexed::Gathered { by, over, when, body } => {
            gathered(*by, over.clone(), when.clone(), inward(body, &[over, scope].concat()))
        }
        Indexed::Member { .. } | Indexed::Entry { .. } | Indexed::Stack { .. } | Indexed::Number(_) => {
            variable(indexed.clone().symbol(), shape)
        }
    });
    e.rewrite(&mut |e| match e.op() {
        Op::Had if !e.is_scalar() => entered(e.args(), scope).unwrap_or(e),
        Op::Builtin(Builtin::Sum(Axis::All)) => match as_stack(&e.args()[0]) {
            Some((over, body)) => sum(over.to_vec(), vec![], body.clone(), scope),
            None => e,
        },
        _ => e,
    })
}

/// A product with an array made of its entries, or with a sum that holds one, as such an array.
fn entered(factors: &[Expr], scope: &[Index]) -> Option<Expr> {
    let within = |e: &Expr| as_stack(e).is_some();
    let holds = |e: &Expr| within(e) || *e.op() == Op::Had && e.args().iter().any(within);
    let at = factors.iter().position(|f| within(f) || *f.op() == Op::Add && f.args().iter().any(holds))?;
    let rest: Vec<Expr> = factors.iter().enumerate().filter(|(k, _)| *k != at).map(|(_, f)| f.clone()).collect();
    if rest.iter().all(Expr::is_scalar) {
        return None;
    }
    if *factors[at].op() == Op::Add {
        let with = |t: &Expr| {
            let own = if *t.op() == Op::Had { t.args().to_vec() } else { vec![t.clone()] };
            let all = [rest.clone(), own].concat();
            entered(&all, scope).unwrap_or_else(|| had(all))
        };
        return Some(add(factors[at].args().iter().map(with).collect()));
    }
    let (over, body) = as_stack(&factors[at])?;
    let taken = scope.iter().map(|i| i.letter.clone()).chain(rest.iter().flat_map(free)).collect();
    let (over, moves) = apart(over, &taken);
    let inner = [over.as_slice(), scope].concat();
    let entry = |f: &Expr| entry(f, over.iter().map(Index::place).collect(), &inner);
    let body = had(rest.iter().map(entry).chain([moved(body, &moves)]).collect());
    Some(variable(Indexed::Stack { over, body }.symbol(), factors[at].shape()))
}

fn as_stack(e: &Expr) -> Option<(&[Index], &Expr)> {
    match e.as_variable()?.name.as_indexed()? {
        Indexed::Stack { over, body } if body.is_scalar() && over.iter().all(|i| i.first.is_one()) => {
            Some((over, body))
        }
        Indexed::Stack { .. }
        | Indexed::Member { .. }
        | Indexed::Entry { .. }
        | Indexed::Gathered { .. }
        | Indexed::Number(_) => None,
    }
}

/// Whether two terms are the same sum over one index, whatever that is called.
fn same_sum(a: &Expr, b: &Expr) -> bool {
    let (Some((Gathering::Sum, [i], [], x)), Some((Gathering::Sum, [j], [], y))) = (as_gathered(a), as_gathered(b))
    else {
        return false;
    };
    i.first == j.first && i.last == j.last && moved(x, &Moves::from([(i.letter.clone(), j.place())])) == *y
}
