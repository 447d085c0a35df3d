//! The Jacobian of a term by a target, forward over what the term is made of: ∂x_i/∂x_j is the identity where i = j, and that
//! δ picks its term in the sums around it.

use super::gather::{gather, product, same, sum};
use super::letters::{Moves, apart, bound_apart, moved};
use super::local::local_jacobians;
use super::reverse::{collect, from_one, moving_part, others, share, unit, unit_at};
use super::targets::IndexedTarget;
use super::{Calculus, refused};
use crate::diag::Error;
use crate::expr::{
    Builtin, Expr, Gathering, Index, Indexed, Name, Place, PlaceCondition, Shape, Symbol, add, builtin, eye, had,
    integer, is_zero, kron, transpose, variable, zeros,
};
use std::collections::{BTreeMap, BTreeSet};

pub struct Forward<'a, 'b> {
    calculus: &'a mut Calculus<'b>,
    target: &'a IndexedTarget,
    active: BTreeSet<Symbol>,
}

impl<'a, 'b> Forward<'a, 'b> {
    pub fn new(calculus: &'a mut Calculus<'b>, target: &'a IndexedTarget) -> Forward<'a, 'b> {
        let active = calculus.active(&target.name);
        Forward { calculus, target, active }
    }

    /// ∂vec(e)/∂vec(target)ᵀ; the free letters of `e` and the target run over `scope`.
    pub fn of(&mut self, e: &Expr, scope: &[Index]) -> Result<Expr, Error> {
        let nothing = zeros(&Shape::new(e.shape().count(), self.target.shape.count()));
        let mut leaves = BTreeMap::new();
        collect(e, &mut |s, shape| {
            if self.calculus.moves(s, &self.active) {
                leaves.insert(s.clone(), shape.clone());
            }
        });
        if let Some(v) = e.as_variable() {
            return if leaves.contains_key(&v.name) { self.leaf(&v.name, &v.shape, scope) } else { Ok(nothing) };
        }
        let mut parts = vec![nothing];
        for (leaf, own) in local_jacobians(e, &leaves, &mut self.calculus.solver)? {
            if !is_zero(&own) {
                let own = self.calculus.normal(&own, scope);
                let inner = self.leaf(&leaf, &leaves[&leaf], scope)?;
                parts.push(product(vec![own, inner]));
            }
        }
        Ok(self.calculus.normal(&add(parts), scope))
    }

    fn leaf(&mut self, leaf: &Symbol, shape: &Shape, scope: &[Index]) -> Result<Expr, Error> {
        let Some(indexed) = leaf.as_indexed() else {
            return self.whole(leaf, shape, scope);
        };
        match indexed {
            Indexed::Member { family, at } if *family == self.target.name => self.own_member(at, shape, scope),
            Indexed::Member { family, at } => self.defined(family, at, scope),
            Indexed::Entry { of, at } => {
                let column = builtin(Builtin::Vec, unit(of, at));
                let column = if of.shape().is_vector() { unit(of, at) } else { column };
                let inner = self.of(of, scope)?;
                Ok(product(vec![transpose(column), inner]))
            }
            Indexed::Stack { over, body } => self.stack(over, body, shape, scope),
            Indexed::Gathered { by, over, when, body } => self.gathered(*by, over, when, body, scope),
            Indexed::Number(_) => Ok(zeros(&Shape::new(shape.count(), self.target.shape.count()))),
        }
    }

    /// A variable without an index, a definition, or a family as a whole.
    fn whole(&mut self, name: &Symbol, shape: &Shape, scope: &[Index]) -> Result<Expr, Error> {
        if *name == self.target.name {
            return match &self.target.at {
                None => Ok(eye(&shape.count())),
                Some(at) => self.placed(at),
            };
        }
        let plate = self.calculus.plate(name);
        let value = self.calculus.program.definition(name).map(|d| d.value.clone());
        match value {
            Some(value) if plate.is_empty() => self.of(&value, scope),
            Some(_) => {
                let at: Vec<Place> = plate.iter().map(Index::place).collect();
                let own = self.calculus.member_shape(name)?;
                let body = variable(Indexed::Member { family: name.clone(), at }.symbol(), &own);
                self.stack(&plate, &body, shape, scope)
            }
            None => Ok(zeros(&Shape::new(shape.count(), self.target.shape.count()))),
        }
    }

    /// How the array of all members moves with one: what is in its place.
    fn placed(&self, at: &[Place]) -> Result<Expr, Error> {
        let plate = self.calculus.plate(&self.target.name);
        let units = units(at, &plate);
        let shape = &self.target.shape;
        match (shape.is_scalar(), shape.is_vector(), units.as_slice()) {
            (true, _, [row]) => Ok(row.clone()),
            (true, _, [row, column]) => Ok(kron(column.clone(), row.clone())),
            (false, true, [row]) => Ok(kron(eye(&shape.rows), row.clone())),
            _ => Err(refused("a family of this kind as one array beside a member of it")),
        }
    }

    fn own_member(&mut self, at: &[Place], shape: &Shape, scope: &[Index]) -> Result<Expr, Error> {
        match &self.target.at {
            Some(own) => {
                let equal: Vec<PlaceCondition> = at.iter().zip(own).map(|(a, o)| same(a.clone(), o.clone())).collect();
                Ok(had(vec![sum(vec![], equal, integer(1), scope), eye(&shape.count())]))
            }
            None => {
                let plate = self.calculus.plate(&self.target.name);
                let units = units(at, &plate);
                match (shape.is_scalar(), shape.is_vector(), units.as_slice()) {
                    (true, _, [row]) => Ok(transpose(row.clone())),
                    (true, _, [row, column]) => Ok(transpose(kron(column.clone(), row.clone()))),
                    (false, true, [row]) => Ok(kron(eye(&shape.rows), transpose(row.clone()))),
                    _ => Err(refused("a family of this kind as a target of a Jacobian")),
                }
            }
        }
    }

    fn defined(&mut self, family: &Symbol, at: &[Place], scope: &[Index]) -> Result<Expr, Error> {
        let plate = self.calculus.plate(family);
        let Some(d) = self.calculus.program.definition(family) else {
            return Err(refused(&format!("the members of `{family}`")));
        };
        let moves: Moves = plate.iter().map(|i| i.letter.clone()).zip(at.iter().cloned()).collect();
        let value = moved(&d.value, &moves);
        self.of(&value, scope)
    }

    fn stack(&mut self, over: &[Index], body: &Expr, shape: &Shape, scope: &[Index]) -> Result<Expr, Error> {
        let (over, moves) = apart(over, &taken(scope));
        let body = moved(body, &moves);
        let inner = self.of(&body, &[&over[..], scope].concat())?;
        if over.len() == 1 && body.is_scalar() {
            let row = transpose(inner);
            let shape = Shape::new(over[0].count(), self.target.shape.count());
            return Ok(if is_zero(&row) { zeros(&shape) } else { stacked(over, row, &shape) });
        }
        let at: Vec<Place> = over.iter().map(Index::place).collect();
        let units = units(&at, &over);
        let place = match units.as_slice() {
            [row, column] if body.is_scalar() => kron(column.clone(), row.clone()),
            [row] if body.shape().is_vector() => kron(eye(&body.shape().rows), row.clone()),
            _ => return Err(refused(&format!("an array of shape {shape} made of members"))),
        };
        Ok(sum(over, vec![], product(vec![place, inner]), scope))
    }

    fn gathered(
        &mut self,
        by: Gathering,
        over: &[Index],
        when: &[PlaceCondition],
        body: &Expr,
        scope: &[Index],
    ) -> Result<Expr, Error> {
        let (over, when, body) = bound_apart(over, when, body, &taken(scope));
        let inner = self.of(&moving_part(by, body.clone()), &[&over[..], scope].concat())?;
        let factor = match by {
            Gathering::Sum | Gathering::Expectation => integer(1),
            Gathering::Mean => share(&over, &when),
            Gathering::Product | Gathering::Maximum | Gathering::Minimum => others(by, &over, &when, &body),
        };
        let by = if by == Gathering::Expectation { by } else { Gathering::Sum };
        if by == Gathering::Expectation && self.target.at.is_some() && over.iter().any(|i| free_in_family(self, i)) {
            return Err(refused("a member under an expectation as a target"));
        }
        Ok(gather(by, over, when, had(vec![factor, inner]), scope))
    }
}

/// Whether the target is one of the samples.
fn free_in_family(forward: &Forward, sample: &Index) -> bool {
    let plate = forward.calculus.plate(&forward.target.name);
    plate.iter().any(|i| i.last == sample.last && i.first == sample.first)
}

fn taken(scope: &[Index]) -> BTreeSet<Name> {
    scope.iter().map(|i| i.letter.clone()).collect()
}

fn units(at: &[Place], plate: &[Index]) -> Vec<Expr> {
    from_one(at, plate).iter().zip(plate).map(|(p, i)| unit_at(i, p)).collect()
}

fn stacked(over: Vec<Index>, body: Expr, shape: &Shape) -> Expr {
    variable(Indexed::Stack { over, body }.symbol(), shape)
}
