//! A plan carried out: values in order, each kept until its last use.

use super::chain::chain;
use super::evaluate::{Evaluator, Matrix, check_finite, written_out};
use super::plan::Plan;
use super::rounding::rounded;
use super::slots::{Beginnings, Slots};
use super::value::Value;
use super::{Scalar, Valuation, Values};
use crate::diag::{Error, Kind};
use crate::expr::{Elementwise, Expr, Name, Op, Symbol};
use crate::fuel;
use ndarray::Array2;
use num_dual::Dual64;
use rustc_hash::FxHashMap as HashMap;
use std::collections::BTreeMap;

/// What is done with so many entries, or so many arguments, takes as long as building one node of an expression.
const ENTRIES: u64 = 64;
const ARGUMENTS: u64 = 8;

/// What names stand for in a run.
pub trait Lookup {
    type Entry: Scalar;

    /// The value of a name that the plan does not define.
    fn array(&self, name: &Symbol) -> Option<Matrix<Self::Entry>>;

    /// What a defined name stands for, given the value of its definition.
    fn named(&self, name: &Expr, value: Value<Self::Entry>) -> Result<Value<Self::Entry>, Error>;

    fn sizes(&self) -> &BTreeMap<Name, i64>;

    fn functions(&self) -> &BTreeMap<Name, Elementwise>;

    /// Which roundings results are off by, if they are.
    fn rounding(&self) -> Option<u64>;
}

/// Definitions keep the structure they have.
impl<T: Scalar> Lookup for &Valuation<T> {
    type Entry = T;

    fn array(&self, name: &Symbol) -> Option<Matrix<T>> {
        self.arrays.get(name).cloned()
    }

    fn named(&self, _: &Expr, value: Value<T>) -> Result<Value<T>, Error> {
        Ok(value)
    }

    fn sizes(&self) -> &BTreeMap<Name, i64> {
        &self.sizes
    }

    fn functions(&self) -> &BTreeMap<Name, Elementwise> {
        &self.functions
    }

    fn rounding(&self) -> Option<u64> {
        self.rounding
    }
}

/// A point at which definitions are written out.
pub struct Written<'a>(pub &'a Values);

impl Lookup for Written<'_> {
    type Entry = f64;

    fn array(&self, name: &Symbol) -> Option<Matrix<f64>> {
        self.0.arrays.get(name).cloned()
    }

    fn named(&self, name: &Expr, value: Value<f64>) -> Result<Value<f64>, Error> {
        written_out(name, value).map(Value::Dense)
    }

    fn sizes(&self) -> &BTreeMap<Name, i64> {
        &self.0.sizes
    }

    fn functions(&self) -> &BTreeMap<Name, Elementwise> {
        &self.0.functions
    }

    fn rounding(&self) -> Option<u64> {
        self.0.rounding
    }
}

/// A point at which some names move, each along its direction; definitions are written out. What a name that is a
/// definition inherits from others is added to its own direction: all derivatives are total ones.
pub struct Moving<'a> {
    pub values: &'a Values,
    pub directions: &'a HashMap<Symbol, Array2<f64>>,
}

impl Lookup for Moving<'_> {
    type Entry = Dual64;

    fn array(&self, name: &Symbol) -> Option<Matrix<Dual64>> {
        let still = self.values.arrays.get(name)?;
        let mut moving = still.mapv(Dual64::from).into_shared();
        perturb(&mut moving, self.directions.get(name));
        Some(moving)
    }

    fn named(&self, name: &Expr, value: Value<Dual64>) -> Result<Value<Dual64>, Error> {
        let mut moving = written_out(name, value)?;
        perturb(&mut moving, name.as_variable().and_then(|v| self.directions.get(&v.name)));
        Ok(Value::Dense(moving))
    }

    fn sizes(&self) -> &BTreeMap<Name, i64> {
        &self.values.sizes
    }

    fn functions(&self) -> &BTreeMap<Name, Elementwise> {
        &self.values.functions
    }

    fn rounding(&self) -> Option<u64> {
        self.values.rounding
    }
}

pub fn perturb(array: &mut Matrix<Dual64>, direction: Option<&Array2<f64>>) {
    if let Some(direction) = direction {
        array.zip_mut_with(direction, |x, v| x.eps += *v);
    }
}

/// A run of a plan, as far as it has been asked for.
pub struct Run<'a, N: Lookup> {
    plan: &'a Plan,
    names: N,
    slots: Slots<N::Entry>,
    beginnings: Slots<N::Entry>,
    next: usize,
}

impl<'a, N: Lookup> Run<'a, N> {
    pub fn new(plan: &'a Plan, names: N) -> Run<'a, N> {
        let (slots, beginnings) = (Slots::new(plan.uses.clone()), Slots::new(plan.prefix_uses.clone()));
        Run { plan, names, slots, beginnings, next: 0 }
    }

    /// The value of a root, with the structure it has.
    ///
    /// # Errors
    /// As `evaluate_structured`, of this root or any before it.
    pub fn root(&mut self, root: usize) -> Result<&Value<N::Entry>, Error> {
        let step = self.plan.roots[root];
        while self.next <= step {
            self.advance()?;
        }
        self.slots.values[step].as_ref().ok_or_else(|| Error::new(Kind::Internal, "a root without a value"))
    }

    /// Every entry of the value of a root.
    ///
    /// # Errors
    /// As `root`.
    pub fn entries(&mut self, root: usize) -> Result<Matrix<N::Entry>, Error> {
        let value = self.root(root)?.clone();
        written_out(&self.plan.steps[self.plan.roots[root]].e, value)
    }

    fn advance(&mut self) -> Result<(), Error> {
        let step = &self.plan.steps[self.next];
        let missing = || Error::new(Kind::Internal, "a step before its arguments");
        let args = step.args.iter().map(|a| self.slots.take(*a)).collect::<Option<Vec<_>>>().ok_or_else(missing)?;
        fuel::burn(1 + args.len() as u64 / ARGUMENTS + args.iter().map(Value::count).sum::<u64>() / ENTRIES);
        fuel::left()?;
        let value = match step.e.op() {
            Op::Mul => chain(args, &mut Beginnings { slots: &mut self.beginnings, of: &step.prefixes })?,
            _ => Evaluator { names: &self.names }.apply(&step.e, args)?,
        };
        let value = match self.names.rounding() {
            Some(seed) => rounded(&step.e, value, seed.wrapping_add((self.next as u64) << 8)),
            None => value,
        };
        step.prefixes.iter().for_each(|p| drop(self.beginnings.take(*p)));
        check_finite(&step.e, value.not_finite().as_ref())?;
        self.slots.values[self.next] = Some(value);
        self.next += 1;
        Ok(())
    }
}
