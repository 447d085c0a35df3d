//! The reverse sweep: from the value back to the variables, every definition hands on the cotangent that reaches it (the
//! lecture's δ), in the shape convention.

use super::cut::is_spoken_of;
use super::local::Solver;
use super::pass::{LONG, Link, Pass, Swept, Walk, backwards};
use super::problem::Local;
use super::recall::Recall;
use super::sentence::{Sentence, Word};
use super::steps::{Block, Goal, Step, fan_out, from_proof, partial, total_block, without_scalar_pairing};
use crate::diag::Error;
use crate::engine::ProofStep;
use crate::expr::{Expr, Op, Purpose, Shape, Symbol, integer, variable};
use crate::program::Definition;
use std::collections::BTreeMap;

/// What is swept: definitions in order, the value's name, the targets with their shapes.
pub struct Task<'a> {
    pub definitions: &'a [Definition],
    pub of: &'a Symbol,
    /// The name by which steps speak of the value.
    pub label: &'a Symbol,
    pub targets: &'a BTreeMap<Symbol, Shape>,
    pub steps: bool,
    /// Whether the derivatives will be differentiated again: then every error signal serves more than once.
    pub again: bool,
}

/// Cotangents of fewer nodes are written where they are used.
const NAMED_FROM: u64 = 3;
/// Cotangents of more nodes get a name where they would be written more than once.
const REPEATED: u64 = 20;

/// Sweeps in the shape convention; the value is a scalar. `Err` says what could not be differentiated, and where.
pub fn pullbacks(task: &Task, solver: &mut Solver) -> Result<Swept, Error> {
    let recall = Recall::new(task.definitions, |n| n == task.of || task.targets.contains_key(n));
    let walk = Walk::new(task.definitions, task.targets.keys().cloned(), recall, solver).told(task.steps);
    let mut pass = Pullback { task, walk };
    backwards(&mut pass, (task.of, integer(1)), task.targets.keys())?;
    Ok(pass.walk.found())
}

struct Pullback<'a> {
    task: &'a Task<'a>,
    walk: Walk<'a>,
}

impl<'a> Pass<'a> for Pullback<'a> {
    fn walk(&mut self) -> &mut Walk<'a> {
        &mut self.walk
    }

    fn step(&mut self, link: &Link, cotangent: &Expr) -> Result<Expr, Error> {
        let local = self.walk.solver.pullback(&link.term, &link.operand, &link.shape).map_err(|r| r.of(link.of))?;
        let put = |e: &Expr| e.substitute(&|n| (*n == Symbol::Cotangent).then(|| cotangent.clone()));
        let contribution = put(&local.result);
        if self.walk.steps {
            let show = |e: &Expr| without_scalar_pairing(&put(e));
            let steps = local.steps.iter().map(|s| from_proof(s, &show)).filter(|s| s.before != s.after).collect();
            self.walk.out.blocks.push(Block {
                goal: Goal::Local,
                of: link.of.name.clone(),
                wrt: link.operand.clone(),
                jacobian: false,
                steps,
                left: partial(self.task.label, &link.operand, &link.shape),
                result: contribution.clone(),
            });
        }
        Ok(contribution)
    }

    fn arrive(&mut self, at: &Symbol, definition: Option<&Definition>, contributions: Vec<Expr>) -> Expr {
        let total = self.total(at, contributions);
        if self.task.targets.contains_key(at) {
            self.walk.out.totals.insert((self.task.of.clone(), at.clone()), total.clone());
        }
        match definition {
            Some(d) => self.named(d, total),
            None => total,
        }
    }
}

impl Pullback<'_> {
    /// The sum of the contributions, tidied.
    fn total(&mut self, name: &Symbol, contributions: Vec<Expr>) -> Expr {
        let count = contributions.len();
        let (sum, local) = self.walk.combined(contributions);
        if self.walk.steps && (count > 1 || !local.steps.is_empty()) {
            match self.handed_on_alone(name, &sum).filter(|_| count == 1) {
                Some(block) => block.go_on(&local),
                None => self.tell_total(name, &sum, count, &local),
            }
        }
        local.result
    }

    /// The block that hands a definition all that reaches it: what becomes of that belongs there.
    fn handed_on_alone(&mut self, name: &Symbol, handed: &Expr) -> Option<&mut Block> {
        let is_target = self.task.targets.contains_key(name);
        let own = |b: &&mut Block| b.goal == Goal::Local && b.wrt == *name && b.result == *handed;
        self.walk.out.blocks.iter_mut().rev().find(own).filter(|_| !is_target)
    }

    fn tell_total(&mut self, name: &Symbol, sum: &Expr, count: usize, local: &Local) {
        let left = partial(self.task.label, name, sum.shape());
        let mut block = total_block(self.task.of, name, left, local);
        if count > 1 {
            let why = format!(" is used in {count} places: what arrives along each path adds up");
            let why = Sentence::new([Word::from(name), why.into()]);
            block.steps.insert(0, fan_out(&block.left, sum, why));
        }
        self.walk.out.blocks.push(block);
    }

    /// All that reaches a definition; named δ when it is worth a name and used more than once.
    fn named(&mut self, d: &Definition, total: Expr) -> Expr {
        // p ∘ (g − (pᵀ g) 𝟏): what reaches a softmax is used twice, unless p is in it, and something may cancel
        let spoken_of = is_spoken_of(d.value.op()) && !total.mentions(&d.name);
        let uses = self.walk.operands(&d.name).len() + usize::from(spoken_of);
        let again = self.task.again && *total.op() == Op::Had;
        let worth_naming = match uses {
            0 | 1 if !again => total.nodes() > LONG || (total.nodes() > REPEATED && self.is_repeated(d)),
            _ => total.nodes() >= NAMED_FROM,
        };
        // what does not depend on anything is no error signal, but a constant
        if !worth_naming || total.is_fixed() {
            return total;
        }
        if let Some(value) = self.own_value(&total) {
            return self.called_by_name(d, &total, value);
        }
        let name = Symbol::made(Purpose::Signal, vec![d.name.clone()], 0);
        let delta = variable(&name, d.value.shape());
        self.walk.define(&name, &total, d);
        if self.walk.steps {
            let block = self.named_block(d, name, delta.clone(), uses, total);
            self.walk.out.blocks.push(block);
        }
        delta
    }

    /// The name of the value, where a signal is the value itself: dp/dz = p of p = e^z / Z.
    fn own_value(&self, total: &Expr) -> Option<Expr> {
        let is_value = |d: &&Definition| d.name == *self.task.of && d.name != Symbol::Bare && d.value == *total;
        let of = self.task.definitions.iter().find(is_value)?;
        Some(variable(&of.name, total.shape()))
    }

    fn called_by_name(&mut self, d: &Definition, total: &Expr, name: Expr) -> Expr {
        let told = |b: &&mut Block| b.wrt == d.name && b.result == *total;
        if let Some(block) = self.walk.out.blocks.iter_mut().rev().find(told) {
            let step = ProofStep::new("use_name", total.clone(), name.clone());
            block.go_on(&Local { result: name.clone(), steps: vec![step] });
        }
        name
    }

    /// Whether what reaches a definition stands more than once in what it hands on: `δ − sum(δ)/n` for a centred value.
    fn is_repeated(&mut self, d: &Definition) -> bool {
        let links = self.walk.operands(&d.name).to_vec();
        links.iter().any(|(x, shape)| {
            let local = self.walk.solver.pullback(&d.value, x, shape);
            local.is_ok_and(|local| cotangents(&local.result) > 1)
        })
    }

    fn named_block(&self, d: &Definition, name: Symbol, delta: Expr, uses: usize, total: Expr) -> Block {
        let why = match uses {
            0 | 1 => ": it has grown long, so it gets a name".to_owned(),
            _ => format!(": it is used {uses} times, so it gets a name and is computed once"),
        };
        let step = Step {
            rule: "name_delta".to_owned(),
            before: partial(self.task.label, &d.name, d.value.shape()),
            after: delta.clone(),
            why: Sentence::new(["the local error signal at ".into(), Word::from(&d.name), why.into()]),
        };
        Block {
            goal: Goal::Named(name),
            of: self.task.of.clone(),
            wrt: d.name.clone(),
            jacobian: false,
            steps: vec![step],
            left: delta,
            result: total,
        }
    }
}

/// How often a pullback holds what it pulls back.
fn cotangents(e: &Expr) -> usize {
    let own = e.as_variable().is_some_and(|v| v.name == Symbol::Cotangent);
    usize::from(own) + e.args().iter().map(cotangents).sum::<usize>()
}
