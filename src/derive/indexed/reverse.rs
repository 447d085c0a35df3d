//! The reverse sweep over indices: a sum hands its cotangent to its body, on the plate enlarged by its indices; a member of a
//! family hands on what reaches it under the letters it is met by, and its letters are solved for.

use super::gather::{entry, gather, gathered, product, same, sum};
use super::letters::{Moves, apart, bound_apart, free, fresh, moved, moved_condition, moved_place, of_conditions};
use super::local::gradients;
use super::powers::{logarithm, of_logarithm};
use super::targets::IndexedTarget;
use super::{Calculus, refused};
use crate::diag::Error;
use crate::expr::{
    Comparator, Elementwise, Expr, Gathering, Index, Indexed, Name, Place, PlaceCondition, Shape, Symbol, add,
    elementwise, had, integer, of_a_set, pow, size_number, sub, transpose, variable, zeros,
};
use std::collections::{BTreeMap, BTreeSet};

/// One sum (or mean) around what is handed on.
#[derive(Clone, PartialEq)]
pub struct Layer {
    by: Gathering,
    over: Vec<Index>,
    when: Vec<PlaceCondition>,
}

/// What reaches a family or a variable along one path: under which sums, at which member, and the cotangent.
struct Arrival {
    layers: Vec<Layer>,
    /// `None` where it is used whole.
    at: Option<Vec<Place>>,
    cotangent: Expr,
}

impl Arrival {
    /// Whether it is at the sample of an expectation around it.
    fn is_sampled(&self) -> bool {
        let at = self.at.iter().flatten().flat_map(Place::letters);
        let samples = || self.layers.iter().filter(|l| l.by == Gathering::Expectation).flat_map(|l| &l.over);
        at.into_iter().any(|letter| samples().any(|i| i.letter == *letter))
    }
}

/// The gradient of a scalar definition, by anything it depends on.
pub struct Reverse<'a, 'b> {
    calculus: &'a mut Calculus<'b>,
    active: BTreeSet<Symbol>,
    /// What the free letters of the term run over.
    scope: Vec<Index>,
    arrived: BTreeMap<Symbol, Vec<Arrival>>,
}

impl<'a, 'b> Reverse<'a, 'b> {
    /// Sweeps from a scalar term, whose free letters run over `scope`, back to a family or variable.
    pub fn sweep(
        calculus: &'a mut Calculus<'b>,
        term: &Expr,
        target: &Symbol,
        scope: &[Index],
    ) -> Result<Reverse<'a, 'b>, Error> {
        let active = calculus.active(target);
        let mut reverse = Reverse { calculus, active, scope: scope.to_vec(), arrived: BTreeMap::new() };
        reverse.visit(term, integer(1), &[])?;
        reverse.through_definitions(target)?;
        Ok(reverse)
    }

    /// What one leaf of a term hands to the target, given what reaches the leaf.
    pub fn of_leaf(
        calculus: &'a mut Calculus<'b>,
        leaf: &Symbol,
        cotangent: Expr,
        target: &IndexedTarget,
        scope: &[Index],
    ) -> Result<Expr, Error> {
        let active = calculus.active(&target.name);
        let mut reverse = Reverse { calculus, active, scope: scope.to_vec(), arrived: BTreeMap::new() };
        reverse.hand_on(leaf, cotangent, &[])?;
        reverse.through_definitions(&target.name)?;
        match &target.at {
            Some(at) => reverse.member(&target.name, at, scope, &target.shape),
            None => reverse.whole(&target.name, &target.shape),
        }
    }

    fn through_definitions(&mut self, target: &Symbol) -> Result<(), Error> {
        let program = self.calculus.program;
        for d in program.definitions.iter().rev().filter(|d| d.name != *target) {
            if self.active.contains(&d.name) && self.arrived.contains_key(&d.name) {
                self.definition(&d.name, &d.value)?;
            }
        }
        Ok(())
    }

    fn definition(&mut self, name: &Symbol, value: &Expr) -> Result<(), Error> {
        let (plate, moves) = self.plate(name);
        if plate.is_empty() {
            let cotangent = self.whole(name, value.shape())?;
            return self.visit(value, cotangent, &[]);
        }
        self.where_it_is_sampled(name, value)?;
        if !self.arrived.contains_key(name) {
            return Ok(());
        }
        let at: Vec<Place> = plate.iter().map(Index::place).collect();
        let scope = [&plate[..], &self.scope].concat();
        let cotangent = self.member(name, &at, &scope, value.shape())?;
        self.visit(&moved(value, &moves), cotangent, &[Layer { by: Gathering::Sum, over: plate, when: vec![] }])
    }

    /// What is met under an expectation at its sample has its value there: it stays below the same E.
    fn where_it_is_sampled(&mut self, name: &Symbol, value: &Expr) -> Result<(), Error> {
        let arrivals = self.arrived.remove(name).unwrap_or_default();
        let (sampled, others): (Vec<Arrival>, Vec<Arrival>) = arrivals.into_iter().partition(Arrival::is_sampled);
        if !others.is_empty() {
            self.arrived.insert(name.clone(), others);
        }
        let mut places: Vec<Arrival> = vec![];
        for a in sampled {
            match places.iter_mut().find(|p| p.layers == a.layers && p.at == a.at) {
                Some(known) => known.cotangent = add(vec![known.cotangent.clone(), a.cotangent]),
                None => places.push(a),
            }
        }
        let plate = self.calculus.plate(name);
        for p in places {
            let moves: Moves = plate.iter().map(|i| i.letter.clone()).zip(p.at.into_iter().flatten()).collect();
            self.visit(&moved(value, &moves), p.cotangent, &p.layers)?;
        }
        Ok(())
    }

    /// The indices of a family or definition, under letters the term does not have, and the moves to them.
    fn plate(&self, name: &Symbol) -> (Vec<Index>, Moves) {
        apart(&self.calculus.plate(name), &self.scope.iter().map(|i| i.letter.clone()).collect())
    }

    /// All that reaches the member at these places, whose letters run over `scope`.
    pub fn member(&mut self, name: &Symbol, at: &[Place], scope: &[Index], shape: &Shape) -> Result<Expr, Error> {
        let arrivals = self.arrived.remove(name).unwrap_or_default();
        let plate = self.calculus.plate(name);
        let parts = arrivals.iter().map(|a| match &a.at {
            Some(own) => self.solved(a, own, at, scope),
            None => Ok(member_of(&enclosed(a, &[]), at, &plate, shape)),
        });
        let sum = add(parts.collect::<Result<Vec<_>, _>>()?.into_iter().chain([zeros(shape)]).collect());
        Ok(self.calculus.normal(&sum, scope))
    }

    /// All that reaches a variable, or a family as the array of its members.
    pub fn whole(&mut self, name: &Symbol, shape: &Shape) -> Result<Expr, Error> {
        let arrivals = self.arrived.remove(name).unwrap_or_default();
        let (whole, members): (Vec<Arrival>, Vec<Arrival>) = arrivals.into_iter().partition(|a| a.at.is_none());
        let mut parts: Vec<Expr> = whole.iter().map(|a| enclosed(a, &[])).collect();
        if !members.is_empty() {
            let (plate, _) = self.plate(name);
            let own = self.calculus.member_shape(name)?;
            self.arrived.insert(name.clone(), members);
            let at: Vec<Place> = plate.iter().map(Index::place).collect();
            let body = self.member(name, &at, &[&plate[..], &self.scope].concat(), &own)?;
            parts.push(self.calculus.stack(plate, body)?);
        }
        parts.push(zeros(shape));
        Ok(self.calculus.normal(&add(parts), &self.scope))
    }

    /// What one arrival makes of the member asked for: the letters it was met by are solved for.
    fn solved(&self, a: &Arrival, own: &[Place], at: &[Place], scope: &[Index]) -> Result<Expr, Error> {
        let taken: BTreeSet<Name> = scope.iter().map(|i| i.letter.clone()).collect();
        let a = &renamed(a, &taken);
        let own: Vec<Place> = a.at.clone().unwrap_or_else(|| own.to_vec());
        let equal: Vec<PlaceCondition> = own.iter().zip(at).map(|(o, p)| same(o.clone(), p.clone())).collect();
        let moving = |l: &Layer| l.over.iter().any(|i| own.iter().flat_map(Place::letters).any(|l| *l == i.letter));
        if let Some(layer) = a.layers.iter().find(|l| l.by != Gathering::Sum && moving(l)) {
            return Err(refused(&format!("a member under {:?} as a target", layer.by)));
        }
        // sums may change places with means
        let (sums, means): (Vec<Layer>, Vec<Layer>) = a.layers.iter().cloned().partition(|l| l.by == Gathering::Sum);
        let body =
            means.iter().rev().fold(a.cotangent.clone(), |e, l| gather(l.by, l.over.clone(), l.when.clone(), e, scope));
        let over = sums.iter().flat_map(|l| l.over.clone()).collect();
        let when = sums.iter().flat_map(|l| l.when.clone()).chain(equal).collect();
        Ok(sum(over, when, body, scope))
    }

    /// Hands a cotangent to all that moves a term.
    fn visit(&mut self, e: &Expr, cotangent: Expr, layers: &[Layer]) -> Result<(), Error> {
        let leaves = self.calculus.leaves(e, &self.active);
        let scope: Vec<Index> = layers.iter().flat_map(|l| l.over.clone()).chain(self.scope.clone()).collect();
        for (leaf, gradient) in gradients(e, &cotangent, &leaves, &mut self.calculus.solver)? {
            if !crate::expr::is_zero(&gradient) {
                let gradient = self.calculus.normal(&gradient, &scope);
                self.hand_on(&leaf, gradient, layers)?;
            }
        }
        Ok(())
    }

    fn hand_on(&mut self, leaf: &Symbol, cotangent: Expr, layers: &[Layer]) -> Result<(), Error> {
        let Some(indexed) = leaf.as_indexed() else {
            self.arrive(leaf, None, cotangent, layers);
            return Ok(());
        };
        match indexed {
            Indexed::Member { family, at } => self.arrive(family, Some(at.clone()), cotangent, layers),
            Indexed::Entry { of, at } => match of_all_entries(of, at, &cotangent, layers) {
                Some((array, outside)) => self.visit(of, array, &outside)?,
                None => self.visit(of, had(vec![cotangent, unit(of, at)]), layers)?,
            },
            Indexed::Stack { over, body } => self.stack(over, body, &cotangent, layers)?,
            Indexed::Gathered { by, over, when, body } => {
                let product = *by == Gathering::Product;
                match product.then(|| self.of_logarithm(leaf, &cotangent, layers)).flatten() {
                    Some(c) => self.gathered(Gathering::Sum, over, when, &logarithm(body), c, layers)?,
                    None => self.gathered(*by, over, when, body, cotangent, layers)?,
                }
            }
            Indexed::Number(_) => {}
        }
        Ok(())
    }

    /// What reaches the logarithm of a product that cannot be 0.
    fn of_logarithm(&mut self, product: &Symbol, cotangent: &Expr, layers: &[Layer]) -> Option<Expr> {
        let scope: Vec<Index> = layers.iter().flat_map(|l| l.over.clone()).chain(self.scope.clone()).collect();
        let own = variable(product.clone(), &Shape::scalar());
        [self.calculus.normal(&own, &scope), own].iter().find_map(|p| of_logarithm(p, cotangent))
    }

    fn letters(&self, layers: &[Layer], cotangent: &Expr) -> BTreeSet<Name> {
        let own = self.scope.iter().map(|i| i.letter.clone());
        letters(layers, cotangent).into_iter().chain(own).collect()
    }

    fn arrive(&mut self, name: &Symbol, at: Option<Vec<Place>>, cotangent: Expr, layers: &[Layer]) {
        let arrival = Arrival { layers: layers.to_vec(), at, cotangent };
        self.arrived.entry(name.clone()).or_default().push(arrival);
    }

    fn stack(&mut self, over: &[Index], body: &Expr, cotangent: &Expr, layers: &[Layer]) -> Result<(), Error> {
        let (over, moves) = apart(over, &self.letters(layers, cotangent));
        let at: Vec<Place> = over.iter().map(Index::place).collect();
        let body = moved(body, &moves);
        let own = member_of(cotangent, &at, &over, body.shape());
        self.visit(&body, own, &with(layers, Gathering::Sum, over, vec![]))
    }

    fn gathered(
        &mut self,
        by: Gathering,
        over: &[Index],
        when: &[PlaceCondition],
        body: &Expr,
        cotangent: Expr,
        layers: &[Layer],
    ) -> Result<(), Error> {
        let (over, when, body) = bound_apart(over, when, body, &self.letters(layers, &cotangent));
        let part = moving_part(by, body.clone());
        let (by, cotangent) = match by {
            Gathering::Sum | Gathering::Expectation => (by, cotangent),
            Gathering::Mean => (Gathering::Sum, had(vec![cotangent, share(&over, &when)])),
            Gathering::Product | Gathering::Maximum | Gathering::Minimum => {
                (Gathering::Sum, had(vec![cotangent, others(by, &over, &when, &body)]))
            }
        };
        self.visit(&part, cotangent, &with(layers, by, over, when))
    }
}

/// What moves of the body of a sign: of a set not what says what is in it.
pub fn moving_part(by: Gathering, body: Expr) -> Expr {
    of_a_set(by, &body).map_or(body, |(value, _)| value)
}

/// One over the number of places.
pub fn share(over: &[Index], when: &[PlaceCondition]) -> Expr {
    let counts = match when {
        [] => over.iter().map(|i| size_number(&i.count())).collect(),
        _ => vec![gathered(Gathering::Sum, over.to_vec(), when.to_vec(), integer(1))],
    };
    pow(had(counts), integer(-1))
}

/// How a product, a largest or a smallest moves with its body at a place: the product of the other factors; whether all the
/// others are smaller. Where two are the largest neither counts alone: there is no derivative there.
///
/// Of a set only what is in it counts, and what is not in it is no other.
///
/// Of several indices the others are those that differ in the first, those that agree in it and differ in the second, ….
pub fn others(by: Gathering, over: &[Index], when: &[PlaceCondition], body: &Expr) -> Expr {
    let mut taken = free(body);
    taken.extend(over.iter().map(|i| i.letter.clone()).chain(of_conditions(when)));
    let (value, mask) = of_a_set(by, body).map_or((body.clone(), None), |(value, mask)| (value, Some(mask)));
    let all = (0..over.len()).map(|k| differing(by, &over[k..], when, (&value, mask.as_ref()), &taken));
    had(all.chain(mask.clone()).collect())
}

/// The others that differ in the first of these indices, and agree in all before.
fn differing(
    by: Gathering,
    over: &[Index],
    when: &[PlaceCondition],
    (body, mask): (&Expr, Option<&Expr>),
    taken: &BTreeSet<Name>,
) -> Expr {
    let (own, moves) = apart(over, taken);
    let different = PlaceCondition { left: own[0].place(), relation: Comparator::Different, right: over[0].place() };
    let when = when.iter().map(|c| moved_condition(c, &moves)).chain([different]).collect();
    let there = moved(body, &moves);
    let above = |a: Expr, b: Expr| elementwise(Elementwise::Step, sub(a, b));
    let factor = match by {
        Gathering::Maximum => above(body.clone(), there),
        Gathering::Minimum => above(there, body.clone()),
        Gathering::Product | Gathering::Sum | Gathering::Mean | Gathering::Expectation => there,
    };
    let factor = mask.map_or(factor.clone(), |m| pow(factor, moved(m, &moves)));
    gathered(Gathering::Product, own, when, factor)
}

fn with(layers: &[Layer], by: Gathering, over: Vec<Index>, when: Vec<PlaceCondition>) -> Vec<Layer> {
    layers.iter().cloned().chain([Layer { by, over, when }]).collect()
}

/// Where sums go over all entries of an array, the array of what reaches each of them, and what stands outside those sums.
fn of_all_entries(of: &Expr, at: &[Place], cotangent: &Expr, layers: &[Layer]) -> Option<(Expr, Vec<Layer>)> {
    let own: Vec<&Name> = at.iter().map(Place::at_rest).collect::<Option<_>>()?;
    let sides: Vec<_> = [&of.shape().rows, &of.shape().cols].into_iter().filter(|n| !n.is_one()).collect();
    let depends = free(of).iter().any(|l| own.contains(&l));
    if depends || own.len() != sides.len() || own.iter().collect::<BTreeSet<_>>().len() < own.len() {
        return None;
    }
    let (mut outside, mut over) = (layers.to_vec(), vec![]);
    for (letter, side) in own.iter().zip(sides) {
        let layer = outside.iter_mut().find(|l| l.over.iter().any(|i| i.letter == **letter))?;
        let index = layer.over.remove(layer.over.iter().position(|i| i.letter == **letter)?);
        if layer.by != Gathering::Sum || !index.first.is_one() || index.last != *side {
            return None;
        }
        over.push(index);
    }
    let mut when = vec![];
    for layer in &mut outside {
        let speaks = |c: &PlaceCondition| of_conditions(std::slice::from_ref(c)).iter().any(|l| own.contains(&l));
        when.extend(layer.when.iter().filter(|c| speaks(c)).cloned());
        layer.when.retain(|c| !speaks(c));
    }
    outside.retain(|l| !l.over.is_empty() || !l.when.is_empty());
    let cotangent = cotangent.clone();
    let body = if when.is_empty() { cotangent } else { gathered(Gathering::Sum, vec![], when, cotangent) };
    let array = variable(Indexed::Stack { over, body }.symbol(), &column_or_matrix(of.shape()));
    Some((if of.shape().is_row() { transpose(array) } else { array }, outside))
}

fn column_or_matrix(shape: &Shape) -> Shape {
    if shape.is_row() { shape.transposed() } else { shape.clone() }
}

fn letters(layers: &[Layer], cotangent: &Expr) -> BTreeSet<Name> {
    layers.iter().flat_map(|l| &l.over).map(|i| i.letter.clone()).chain(free(cotangent)).collect()
}

/// The arrival under letters that are not taken.
fn renamed(a: &Arrival, taken: &BTreeSet<Name>) -> Arrival {
    let mut taken: BTreeSet<Name> = taken.union(&letters(&a.layers, &a.cotangent)).cloned().collect();
    let (mut moves, mut layers) = (Moves::new(), vec![]);
    for l in &a.layers {
        let over = l.over.iter().map(|i| {
            let letter = fresh(&taken);
            taken.insert(letter.clone());
            moves.insert(i.letter.clone(), Place::at(&letter));
            Index { letter, ..i.clone() }
        });
        let over = over.collect();
        layers.push(Layer { by: l.by, over, when: l.when.iter().map(|c| moved_condition(c, &moves)).collect() });
    }
    let at = a.at.as_ref().map(|at| at.iter().map(|p| moved_place(p, &moves)).collect());
    Arrival { layers, at, cotangent: moved(&a.cotangent, &moves) }
}

/// An arrival under its sums.
fn enclosed(a: &Arrival, scope: &[Index]) -> Expr {
    a.layers.iter().rev().fold(a.cotangent.clone(), |e, l| gather(l.by, l.over.clone(), l.when.clone(), e, scope))
}

/// What belongs to one member of an array made of all: an entry, or a row as a column.
pub fn member_of(whole: &Expr, at: &[Place], plate: &[Index], shape: &Shape) -> Expr {
    let places = from_one(at, plate);
    if shape.is_scalar() {
        return entry(whole, places, plate);
    }
    let row = unit_at(&plate[0], &places[0]);
    product(vec![transpose(whole.clone()), row])
}

/// Places counted from 1, as entries are.
pub fn from_one(at: &[Place], plate: &[Index]) -> Vec<Place> {
    let from = |i: &Index| crate::expr::Size::one().minus(&i.first);
    at.iter().zip(plate).map(|(p, i)| p.shifted(&from(i))).collect()
}

/// The column that is 1 at a place and 0 elsewhere.
pub fn unit_at(index: &Index, place: &Place) -> Expr {
    let taken = place.letters().cloned().collect();
    let own = Index::to(fresh(&taken), index.count());
    let body = gathered(Gathering::Sum, vec![], vec![same(own.place(), place.clone())], integer(1));
    variable(Indexed::Stack { over: vec![own], body }.symbol(), &Shape::vector(index.count()))
}

/// The array that is 1 at an entry and 0 elsewhere.
pub fn unit(of: &Expr, at: &[Place]) -> Expr {
    let sizes = [&of.shape().rows, &of.shape().cols];
    let columns = at.iter().zip(sizes).map(|(p, n)| unit_at(&Index::to(Name::new("i"), n.clone()), p));
    let columns: Vec<Expr> = columns.collect();
    match columns.as_slice() {
        [column] if of.shape().is_row() => transpose(column.clone()),
        [column] => column.clone(),
        [row, column, ..] => product(vec![row.clone(), transpose(column.clone())]),
        [] => integer(1),
    }
}

/// Every variable with its shape.
pub fn collect(e: &Expr, f: &mut dyn FnMut(&Symbol, &Shape)) {
    if let Some(v) = e.as_variable() {
        f(&v.name, &v.shape);
    }
    e.args().iter().for_each(|a| collect(a, f));
}
