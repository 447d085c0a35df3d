//! Quotients in which exponentials would overflow: what is exp(x) times something is held by x, sums of exponentials by the
//! largest exponent, and only the sum of all exponents of a product is raised.

use super::builder::{EntryFactors, PlanBuilder};
use super::plan::{Id, Operation};
use super::plates::PlateOperation;
use crate::expr::{Axis, Elementwise, Gathering, Rational, Size};
use std::collections::{BTreeMap, BTreeSet};

/// exp(Σ times · exponent) times the rest.
#[derive(Clone)]
pub struct ScaledExponential {
    exponents: BTreeMap<Id, i64>,
    rest: EntryFactors,
}

impl ScaledExponential {
    fn one() -> ScaledExponential {
        ScaledExponential { exponents: BTreeMap::new(), rest: EntryFactors::one() }
    }

    /// Times another, or divided by it.
    fn take(&mut self, other: ScaledExponential, divides: bool) {
        for (id, times) in other.exponents {
            *self.exponents.entry(id).or_default() += if divides { -times } else { times };
        }
        let EntryFactors { coefficient, above, below } = other.rest;
        let (above, below) = if divides { (below, above) } else { (above, below) };
        let inverse = coefficient.recip().unwrap_or_else(Rational::one);
        self.rest.coefficient = &self.rest.coefficient * if divides { &inverse } else { &coefficient };
        self.rest.above.extend(above);
        self.rest.below.extend(below);
    }

    /// Without what stands above and below the line, and what is added and subtracted.
    fn cancelled(mut self) -> ScaledExponential {
        self.exponents.retain(|_, times| *times != 0);
        let EntryFactors { above, below, .. } = &mut self.rest;
        below.retain(|id| match above.iter().position(|a| a == id) {
            Some(k) => {
                above.remove(k);
                false
            }
            None => true,
        });
        self
    }

    fn take_whole(&mut self, id: Id, divides: bool) {
        if divides { self.rest.below.push(id) } else { self.rest.above.push(id) }
    }
}

impl PlanBuilder {
    /// A product whose exponentials stand against each other: it has one, of what is left of their exponents.
    pub fn against_each_other(&mut self, factors: &EntryFactors, dims: &[Size]) -> Option<EntryFactors> {
        let members = factors.above.iter().map(|id| (*id, false)).chain(factors.below.iter().map(|id| (*id, true)));
        let (mut whole, mut held, mut signs) = (ScaledExponential::one(), 0, BTreeSet::new());
        for (id, divides) in members.collect::<Vec<_>>() {
            match self.scaled_form(id) {
                Some(form) => {
                    held += 1;
                    signs.extend(form.exponents.values().map(|times| (*times < 0) != divides));
                    whole.take(form, divides);
                }
                None => whole.take_whole(id, divides),
            }
        }
        if held < 2 || signs.len() < 2 {
            return None;
        }
        let ScaledExponential { exponents, mut rest } = whole.cancelled();
        rest.coefficient = &rest.coefficient * &factors.coefficient;
        if let Some(exponent) = self.exponent(exponents, dims) {
            rest.above.push(self.add(Operation::Map(Elementwise::Exp, exponent), dims.to_vec()));
        }
        Some(rest)
    }

    /// The logarithm of what is an exponential, times something.
    pub fn log_by_exponent(&mut self, id: Id) -> Option<Id> {
        let dims = self.dims(id).to_vec();
        let form = self.scaled_form(id).or_else(|| self.quotient_of_exponential(id))?;
        let ScaledExponential { exponents, rest } = form.cancelled();
        let exponent = self.exponent(exponents, &dims);
        let log = match (rest.coefficient.is_one(), rest.above.as_slice(), rest.below.as_slice()) {
            (true, [], []) => None,
            (true, [], [below]) => Some((true, *below)),
            _ => Some((false, self.multiplied(rest, &dims))),
        };
        let log = log.map(|(negative, of)| (negative, self.add(Operation::Map(Elementwise::Log, of), dims.clone())));
        let terms: Vec<(bool, Id)> = exponent.map(|x| (false, x)).into_iter().chain(log).collect();
        Some(self.added(terms, &dims))
    }

    /// exp(x) times something, also where it cannot overflow: its logarithm need not be that of 0.
    fn quotient_of_exponential(&mut self, id: Id) -> Option<ScaledExponential> {
        let Operation::Product { coefficient, factors, divisors } = self.operation(id).clone() else { return None };
        let mut whole = ScaledExponential::one();
        whole.rest.coefficient = coefficient;
        for factor in factors {
            match *self.operation(factor) {
                Operation::Map(Elementwise::Exp, x) => {
                    let exponents = self.terms_of_exponent(x);
                    whole.take(ScaledExponential { exponents, rest: EntryFactors::one() }, false);
                }
                _ => whole.take_whole(factor, false),
            }
        }
        whole.rest.below.extend(divisors);
        (!whole.exponents.is_empty()).then_some(whole)
    }

    /// The exponents that an exponent is the sum of, each so many times.
    fn terms_of_exponent(&mut self, x: Id) -> BTreeMap<Id, i64> {
        let terms = match self.operation(x) {
            Operation::Sum(terms) => terms.clone(),
            _ => vec![(false, x)],
        };
        let mut all = BTreeMap::new();
        for (negative, id) in terms {
            let (less, id) = match self.operation(id).clone() {
                Operation::Product { coefficient, factors, divisors } if coefficient.is_negative() => {
                    let own = self.dims(id).to_vec();
                    let positive = EntryFactors { coefficient: -&coefficient, above: factors, below: divisors };
                    (true, self.multiplied(positive, &own))
                }
                _ => (false, id),
            };
            *all.entry(id).or_default() += if negative == less { 1 } else { -1 };
        }
        all
    }

    /// What is left of the exponents, added up.
    fn exponent(&mut self, exponents: BTreeMap<Id, i64>, dims: &[Size]) -> Option<Id> {
        let mut terms = vec![];
        for (id, times) in exponents.into_iter().filter(|(_, times)| *times != 0) {
            let scaled = EntryFactors { coefficient: times.abs().into(), above: vec![id], below: vec![] };
            let own = self.dims(id).to_vec();
            terms.push((times < 0, if times.abs() == 1 { id } else { self.multiplied(scaled, &own) }));
        }
        terms.sort_by_key(|(negative, _)| *negative);
        (!terms.is_empty()).then(|| self.added(terms, dims))
    }

    fn added(&mut self, terms: Vec<(bool, Id)>, dims: &[Size]) -> Id {
        match terms.as_slice() {
            [(false, one)] => *one,
            _ if dims.len() > 2 => self.add(Operation::Sum(terms), dims.to_vec()),
            _ => self.sum(terms),
        }
    }

    fn multiplied(&mut self, factors: EntryFactors, dims: &[Size]) -> Id {
        match (factors.coefficient.is_one(), factors.above.as_slice(), factors.below.as_slice()) {
            (true, [one], []) => *one,
            _ if dims.len() > 2 => {
                let EntryFactors { coefficient, above, below } = factors;
                self.add(Operation::Product { coefficient, factors: above, divisors: below }, dims.to_vec())
            }
            _ => self.product(factors),
        }
    }

    /// What is an exponential times something; `None` where nothing in it is one, or none that can overflow.
    fn scaled_form(&mut self, id: Id) -> Option<ScaledExponential> {
        if let Some(known) = self.scaled_forms.get(&id) {
            return known.clone();
        }
        let form = if self.centred.contains(&id) { None } else { self.fresh_scaled_form(id) };
        self.scaled_forms.insert(id, form.clone());
        form
    }

    fn fresh_scaled_form(&mut self, id: Id) -> Option<ScaledExponential> {
        let dims = self.dims(id).to_vec();
        match self.operation(id).clone() {
            Operation::Map(Elementwise::Exp, x) => {
                Some(ScaledExponential { exponents: self.terms_of_exponent(x), rest: EntryFactors::one() })
            }
            Operation::Power(a, p) => {
                let times = p.to_i64().filter(|p| (-3..=3).contains(p))?;
                let form = self.scaled_form(a)?;
                let mut whole = ScaledExponential::one();
                (0..times.abs()).for_each(|_| whole.take(form.clone(), times < 0));
                Some(whole)
            }
            // what is divided by 0 has no exponent
            Operation::Product { coefficient, factors, divisors } if !coefficient.is_zero() => {
                let mut whole = ScaledExponential::one();
                whole.rest.coefficient = coefficient;
                let members = factors.into_iter().map(|f| (f, false)).chain(divisors.into_iter().map(|d| (d, true)));
                for (member, divides) in members {
                    match self.scaled_form(member) {
                        Some(form) => whole.take(form, divides),
                        None => whole.take_whole(member, divides),
                    }
                }
                (!whole.exponents.is_empty()).then_some(whole)
            }
            Operation::Sum(terms) => self.scaled_terms(&terms, &dims),
            Operation::Spread(a, axis) => self.scaled_within(a, &dims, &|id| Operation::Spread(id, axis)),
            Operation::DiagonalOf(a) => self.scaled_within(a, &dims, &Operation::DiagonalOf),
            Operation::Transpose(a) => self.scaled_within(a, &dims, &Operation::Transpose),
            Operation::Plate(PlateOperation::Raised(a, by)) => {
                self.scaled_within(a, &dims, &|id| Operation::Plate(PlateOperation::Raised(id, by)))
            }
            Operation::Plate(PlateOperation::Shaped(a)) => {
                self.scaled_within(a, &dims, &|id| Operation::Plate(PlateOperation::Shaped(id)))
            }
            Operation::Plate(PlateOperation::Spread(a)) => {
                self.scaled_within(a, &dims, &|id| Operation::Plate(PlateOperation::Spread(id)))
            }
            Operation::Plate(PlateOperation::Member(a, at)) => {
                self.scaled_within(a, &dims, &|id| Operation::Plate(PlateOperation::Member(id, at.clone())))
            }
            Operation::Total(a, axis) => {
                let spread = |id: Id| match axis {
                    Axis::All => None,
                    Axis::Rows => Some(Operation::Spread(id, Axis::Cols)),
                    Axis::Cols => Some(Operation::Spread(id, Axis::Rows)),
                };
                self.scaled_sum(a, &dims, &|id| Operation::Largest(id, axis), &spread, &|id| Operation::Total(id, axis))
            }
            Operation::Plate(PlateOperation::Gathered(Gathering::Sum, a, over, when)) => {
                let by = over.len();
                let gathered = |by, id| Operation::Plate(PlateOperation::Gathered(by, id, over.clone(), when));
                let raised = |id: Id| Some(Operation::Plate(PlateOperation::Raised(id, by)));
                let largest = |id: Id| gathered(Gathering::Maximum, id);
                self.scaled_sum(a, &dims, &largest, &raised, &|id| gathered(Gathering::Sum, id))
            }
            _ => None,
        }
    }

    /// Σ ± exp(x) w of a few terms is exp(max x) Σ ± exp(x − max x) w. A number among them is a multiple of exp(0).
    fn scaled_terms(&mut self, terms: &[(bool, Id)], dims: &[Size]) -> Option<ScaledExponential> {
        let mut parts = vec![];
        for (negative, id) in terms {
            if self.is_number(*id) {
                parts.push((*negative, None, EntryFactors { above: vec![*id], ..EntryFactors::one() }));
                continue;
            }
            let ScaledExponential { exponents, rest } = self.scaled_form(*id)?;
            let own = self.dims(*id).to_vec();
            parts.push((*negative, Some(self.exponent(exponents, &own)?), rest));
        }
        let exponents = parts.iter().filter_map(|(_, x, _)| *x);
        let largest = exponents.reduce(|a, b| self.add(Operation::Larger(a, b), dims.to_vec()))?;
        let has_number = parts.iter().any(|(_, x, _)| x.is_none());
        let top = if has_number { self.at_least_zero(largest, dims) } else { largest };
        let mut sum = vec![];
        for (negative, x, mut rest) in parts {
            let exponential = self.exponential_below(x, top, dims);
            rest.above.push(exponential);
            sum.push((negative, self.multiplied(rest, dims)));
        }
        let sum = self.added(sum, dims);
        self.centred.insert(sum);
        let rest = EntryFactors { above: vec![sum], ..EntryFactors::one() };
        Some(ScaledExponential { exponents: BTreeMap::from([(top, 1)]), rest })
    }

    /// Whether every entry is the same number.
    fn is_number(&self, id: Id) -> bool {
        match self.operation(id) {
            Operation::Number(_) => true,
            Operation::Fill(of) => matches!(self.operation(*of), Operation::Number(_)),
            _ => false,
        }
    }

    fn at_least_zero(&mut self, x: Id, dims: &[Size]) -> Id {
        self.add(Operation::Map(Elementwise::Relu, x), dims.to_vec())
    }

    /// −x.
    pub fn opposite(&mut self, x: Id, dims: &[Size]) -> Id {
        self.multiplied(EntryFactors { coefficient: (-1).into(), above: vec![x], below: vec![] }, dims)
    }

    /// exp(x − top), which cannot overflow; without an x, exp(−top).
    fn exponential_below(&mut self, x: Option<Id>, top: Id, dims: &[Size]) -> Id {
        let centred = match x {
            Some(x) => self.added(vec![(false, x), (true, top)], dims),
            None => self.opposite(top, dims),
        };
        let exponential = self.add(Operation::Map(Elementwise::Exp, centred), dims.to_vec());
        self.centred.insert(exponential);
        exponential
    }

    /// log(1 + x). Where x is exp(e) w it is t + log(1 + (exp(−t) − 1 + exp(e − t) w)) with t = max(e, 0): nothing overflows,
    /// and a small x keeps its digits.
    pub fn log_above_one(&mut self, x: Id, dims: &[Size]) -> Id {
        let scaled = self.scaled_form(x);
        let scaled = scaled.and_then(|form| self.exponent(form.exponents, dims).map(|exponent| (exponent, form.rest)));
        let Some((exponent, mut rest)) = scaled else {
            return self.add(Operation::Map(Elementwise::Log1p, x), dims.to_vec());
        };
        let top = self.at_least_zero(exponent, dims);
        let exponential = self.exponential_below(Some(exponent), top, dims);
        rest.above.push(exponential);
        let weighted = self.multiplied(rest, dims);
        let opposite = self.opposite(top, dims);
        let less = self.add(Operation::Map(Elementwise::Expm1, opposite), dims.to_vec());
        let inner = self.added(vec![(false, less), (false, weighted)], dims);
        let log = self.add(Operation::Map(Elementwise::Log1p, inner), dims.to_vec());
        self.added(vec![(false, top), (false, log)], dims)
    }

    /// The parts of an array that is laid out otherwise.
    fn scaled_within(&mut self, of: Id, dims: &[Size], made: &dyn Fn(Id) -> Operation) -> Option<ScaledExponential> {
        let ScaledExponential { exponents, rest } = self.scaled_form(of)?;
        let exponents = exponents.into_iter().map(|(id, times)| (self.laid_out(id, dims, made), times)).collect();
        let mut out = ScaledExponential {
            exponents,
            rest: EntryFactors { coefficient: rest.coefficient, ..EntryFactors::one() },
        };
        rest.above.into_iter().for_each(|id| out.rest.above.push(self.laid_out(id, dims, made)));
        rest.below.into_iter().for_each(|id| out.rest.below.push(self.laid_out(id, dims, made)));
        Some(out)
    }

    fn laid_out(&mut self, id: Id, dims: &[Size], made: &dyn Fn(Id) -> Operation) -> Id {
        if self.is_scalar(id) { id } else { self.add(made(id), dims.to_vec()) }
    }

    /// Σ exp(x) w is exp(max x) Σ exp(x − max x) w.
    fn scaled_sum(
        &mut self,
        of: Id,
        dims: &[Size],
        largest: &dyn Fn(Id) -> Operation,
        back: &dyn Fn(Id) -> Option<Operation>,
        summed: &dyn Fn(Id) -> Operation,
    ) -> Option<ScaledExponential> {
        let whole = self.dims(of).to_vec();
        let ScaledExponential { exponents, mut rest } = self.scaled_form(of)?;
        let x = self.exponent(exponents, &whole).filter(|x| self.dims(*x).len() == whole.len())?;
        let top = self.add(largest(x), dims.to_vec());
        let below = back(top).map_or(top, |operation| self.add(operation, whole.clone()));
        let centred = self.added(vec![(false, x), (true, below)], &whole);
        let exponentials = self.add(Operation::Map(Elementwise::Exp, centred), whole.clone());
        self.centred.insert(exponentials);
        rest.above.push(exponentials);
        let weighted = self.multiplied(rest, &whole);
        let sum = self.add(summed(weighted), dims.to_vec());
        self.centred.insert(sum);
        let rest = EntryFactors { above: vec![sum], ..EntryFactors::one() };
        Some(ScaledExponential { exponents: BTreeMap::from([(top, 1)]), rest })
    }
}
