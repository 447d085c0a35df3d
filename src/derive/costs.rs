//! What a derivative costs: as it is written, as it is best evaluated, and in the cheapest equal form that is found.

use super::local::Solver;
use super::options::Sharing;
use super::result::{Derivation, Derivative};
use crate::diag::{Error, Kind};
use crate::engine::facts;
use crate::eval::{Move, Passage, check_passages};
use crate::expr::{Expr, Index, Indexed, Size, bases, flops, flops_as_written, flops_measured};
use crate::fuel;

/// Floating-point operations of a derivative and of the definitions it refers to, polynomials in the sizes.
#[derive(Clone, Debug)]
pub struct Flops {
    /// As it is written: every part where it stands, chains from the left, every factor in full.
    pub written: Size,
    /// The same form with equal parts once, chains in their cheapest order, structured factors never written out.
    pub evaluated: Size,
    /// An equal form that is cheaper, with what it takes evaluated well.
    pub cheapest: Option<(Expr, Size)>,
}

/// Above this many nodes no other form is looked for.
const MAX_NODES: u64 = 400;

impl Derivation {
    /// The cost of every derivative in the form that is shown. Cheapest forms are checked at a sampled point.
    ///
    /// # Errors
    /// `Internal` when a cheaper form does not have the derivative's value.
    pub fn costs(&self) -> Result<Vec<Flops>, Error> {
        if self.program.is_indexed() {
            return self.derivatives.iter().map(|one| self.indexed_cost(one)).collect();
        }
        let mut solver = Solver::new(facts(&self.program.inputs), false);
        let costs: Vec<Flops> = self.derivatives.iter().map(|one| self.cost(one, &mut solver)).collect();
        self.check_costs(&costs)?;
        Ok(costs)
    }

    /// The cost for one member: sums are counted term by term, definitions they speak of for all their members once.
    fn indexed_cost(&self, one: &Derivative) -> Result<Flops, Error> {
        let e = self.displayed(one);
        let total = |count: &dyn Fn(&Expr) -> Size| {
            let mut cost = IndexedCost { count }.cost(e)?;
            let mut needed = bases(e);
            for d in self.program.definitions.iter().rev().filter(|d| d.name != self.of) {
                if needed.contains(&d.name) {
                    needed.extend(bases(&d.value));
                    let plate = self.program.plates.get(&d.name).into_iter().flatten();
                    let members = plate.fold(Size::one(), |n, i| n.times(&i.count()));
                    cost = cost.plus(&members.times(&IndexedCost { count }.cost(&d.value)?));
                }
            }
            Ok::<Size, Error>(cost)
        };
        Ok(Flops { written: total(&flops_as_written)?, evaluated: total(&flops)?, cheapest: None })
    }

    /// The form of a derivative that is shown.
    pub fn displayed<'a>(&self, one: &'a Derivative) -> &'a Expr {
        match (self.sharing, &one.inlined) {
            (Sharing::Inline, Some(e)) => e,
            (Sharing::Inline | Sharing::Shared, _) => &one.result,
        }
    }

    fn cost(&self, one: &Derivative, solver: &mut Solver) -> Flops {
        let e = self.displayed(one);
        let cheapest = if e.nodes() <= MAX_NODES { solver.cheapest(e) } else { e.clone() };
        let cheaper = flops_measured(&cheapest) < flops_measured(e);
        Flops {
            written: self.with_shared(e, &flops_as_written),
            evaluated: self.with_shared(e, &flops),
            cheapest: cheaper.then(|| (cheapest.clone(), self.with_shared(&cheapest, &flops))),
        }
    }

    /// A count of `e` and of every definition it refers to.
    pub fn with_shared(&self, e: &Expr, count: &dyn Fn(&Expr) -> Size) -> Size {
        self.shared_by(e).into_iter().fold(count(e), |sum, s| {
            fuel::burn(sum.terms().count() as u64);
            if fuel::is_spent() {
                return sum;
            }
            sum.plus(&count(&s.value))
        })
    }

    fn check_costs(&self, costs: &[Flops]) -> Result<(), Error> {
        let passages: Vec<Passage> =
            self.derivatives.iter().zip(costs).filter_map(|(d, c)| self.passage(d, c)).collect();
        if passages.is_empty() {
            return Ok(());
        }
        check_passages(&self.program, &self.extra_definitions(), &passages)
    }

    /// From the derivative to its cheapest form in one move.
    fn passage<'a>(&'a self, one: &'a Derivative, cost: &'a Flops) -> Option<Passage<'a>> {
        let (after, _) = cost.cheapest.as_ref()?;
        let step = Move { rule: "cheapest form", before: self.displayed(one), after, reads_jacobian: false };
        Some(Passage { moving: &one.wrt.parts.first()?.0, symbol: None, moves: vec![step], result: after })
    }
}

/// Counts what stands at indices too; `count` is that of an ordinary expression.
struct IndexedCost<'a> {
    count: &'a dyn Fn(&Expr) -> Size,
}

impl IndexedCost<'_> {
    fn cost(&self, e: &Expr) -> Result<Size, Error> {
        let mut cost = (self.count)(e);
        for symbol in e.variables() {
            let Some(indexed) = symbol.as_indexed() else { continue };
            cost = cost.plus(&self.at_places(indexed)?);
        }
        Ok(cost)
    }

    /// As often as there are places: the value at each, and one operation to gather each of its entries.
    fn at_places(&self, indexed: &Indexed) -> Result<Size, Error> {
        let places = |over: &[Index]| over.iter().fold(Size::one(), |n, i| n.times(&i.count()));
        match indexed {
            Indexed::Member { .. } | Indexed::Number(_) => Ok(Size::constant(0)),
            Indexed::Entry { of, .. } => self.cost(of),
            Indexed::Stack { over, body } => Ok(places(over).times(&self.cost(body)?)),
            Indexed::Gathered { over, when, .. } if !over.is_empty() && !when.is_empty() => {
                let message = "there is no count yet of a sum over places that a condition chooses";
                Err(Error::new(Kind::Unsupported, message))
            }
            Indexed::Gathered { over, body, .. } => {
                let gathering = if over.is_empty() { Size::constant(0) } else { body.shape().count() };
                Ok(places(over).times(&self.cost(body)?.plus(&gathering)))
            }
        }
    }
}
