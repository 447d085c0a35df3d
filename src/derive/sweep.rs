//! The reverse sweep: from the value back to the variables, every definition hands on the cotangent that reaches it (the
//! lecture's δ), in the shape convention.

use super::cut::is_spoken_of;
use super::local::Solver;
use super::recall::Recall;
use super::sentence::{Sentence, Word};
use super::steps::{Block, Goal, Step, fan_out, from_proof, partial, total_block, without_unit_pairing};
use super::terms::Terms;
use crate::diag::Error;
use crate::expr::{Expr, Op, Purpose, Shape, Symbol, add, integer, variable};
use crate::program::Definition;
use rustc_hash::FxHashMap as HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What a sweep found.
#[derive(Debug, Default)]
pub struct Swept {
    /// The total derivative of a definition by a target.
    pub totals: BTreeMap<(Symbol, Symbol), Expr>,
    /// Named cotangents or Jacobians, in the order in which results may use them.
    pub deltas: Vec<Definition>,
    pub blocks: Vec<Block>,
}

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

/// Cotangents of more nodes get a name even where they are used once: what is handed on must not grow with the depth.
pub const LONG: u64 = 40;

struct Sweep<'a> {
    task: &'a Task<'a>,
    solver: &'a mut Solver,
    arrived: HashMap<Symbol, Vec<Expr>>,
    recall: Recall,
    terms: Terms<'a>,
    out: Swept,
}

/// Sweeps in the shape convention; the value is a scalar. `Err` says what could not be differentiated, and where.
pub fn pullbacks(task: &Task, solver: &mut Solver) -> Result<Swept, Error> {
    let recall = Recall::new(task.definitions, |n| n == task.of || task.targets.contains_key(n));
    let terms = Terms::new(task.definitions);
    let mut sweep = Sweep { task, solver, arrived: HashMap::default(), recall, terms, out: Swept::default() };
    sweep.run(integer(1))?;
    let blocks = sweep.recall.spoken(sweep.out.blocks);
    Ok(Swept { blocks, ..sweep.out })
}

impl Sweep<'_> {
    fn run(&mut self, start: Expr) -> Result<(), Error> {
        let active = active(self.task.definitions, self.task.targets.keys().cloned());
        self.arrived.insert(self.task.of.clone(), vec![start]);
        let definitions = self.task.definitions;
        for d in definitions.iter().rev() {
            let Some(contributions) = self.arrived.remove(&d.name) else { continue };
            let operands: Vec<(Symbol, Shape)> = operands(&d.value, &active);
            let cotangent = self.arrive(d, contributions, operands.len());
            for (x, shape) in operands {
                self.hand_on(d, &x, &shape, &cotangent)?;
            }
        }
        let targets: Vec<Symbol> = self.task.targets.keys().cloned().collect();
        for t in targets {
            if let Some(contributions) = self.arrived.remove(&t) {
                let total = self.total(&t, contributions);
                self.out.totals.insert((self.task.of.clone(), t), total);
            }
        }
        Ok(())
    }

    /// All that reaches a definition; named δ when it is worth a name and used more than once.
    fn arrive(&mut self, d: &Definition, contributions: Vec<Expr>, uses: usize) -> Expr {
        let total = self.total(&d.name, contributions);
        if self.task.targets.contains_key(&d.name) {
            self.out.totals.insert((self.task.of.clone(), d.name.clone()), total.clone());
        }
        // p ∘ (g − (pᵀ g) 𝟏): what reaches a softmax is used twice, unless p is in it, and something may cancel
        let uses = uses + usize::from(is_spoken_of(d.value.op()) && !total.mentions(&d.name));
        let again = self.task.again && *total.op() == Op::Had;
        let worth_naming = if uses < 2 && !again { total.nodes() > LONG } else { total.nodes() >= NAMED_FROM };
        if !worth_naming {
            return total;
        }
        let name = Symbol::made(Purpose::Signal, vec![d.name.clone()], 0);
        let delta = variable(&name, d.value.shape());
        self.out.deltas.push(Definition { name: name.clone(), value: total.clone(), written: None, span: d.span });
        if self.task.steps {
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
            self.out.blocks.push(Block {
                goal: Goal::Named(name),
                of: self.task.of.clone(),
                wrt: d.name.clone(),
                jacobian: false,
                steps: vec![step],
                left: delta.clone(),
                result: total,
            });
        }
        delta
    }

    /// The sum of the contributions, tidied.
    fn total(&mut self, name: &Symbol, contributions: Vec<Expr>) -> Expr {
        let count = contributions.len();
        let sum = add(contributions);
        let local = self.recall.tidy(&sum, self.solver);
        if self.task.steps && (count > 1 || !local.steps.is_empty()) {
            let left = partial(self.task.label, name, sum.shape());
            let mut block = total_block(self.task.of, name, left, &local);
            if count > 1 {
                let why = format!(" is used in {count} places: what arrives along each path adds up");
                let why = Sentence::new([Word::from(name), why.into()]);
                block.steps.insert(0, fan_out(&block.left, &sum, why));
            }
            self.out.blocks.push(block);
        }
        local.result
    }

    /// What definition `d` hands to its operand `x`.
    fn hand_on(&mut self, d: &Definition, x: &Symbol, shape: &Shape, cotangent: &Expr) -> Result<(), Error> {
        for term in self.terms.with(d, x) {
            let contribution = self.local_pullback(d, &term, x, shape, cotangent)?;
            self.arrived.entry(x.clone()).or_default().push(contribution);
        }
        Ok(())
    }

    fn local_pullback(
        &mut self,
        d: &Definition,
        term: &Expr,
        x: &Symbol,
        shape: &Shape,
        cotangent: &Expr,
    ) -> Result<Expr, Error> {
        let local = self.solver.pullback(term, x, shape).map_err(|r| r.of(d))?;
        let put = |e: &Expr| e.substitute(&|n| (*n == Symbol::Cotangent).then(|| cotangent.clone()));
        let contribution = put(&local.result);
        if self.task.steps {
            let show = |e: &Expr| without_unit_pairing(&put(e));
            let steps = local.steps.iter().map(|s| from_proof(s, &show)).filter(|s| s.before != s.after).collect();
            self.out.blocks.push(Block {
                goal: Goal::Local,
                of: d.name.clone(),
                wrt: x.clone(),
                jacobian: false,
                steps,
                left: partial(self.task.label, x, shape),
                result: contribution.clone(),
            });
        }
        Ok(contribution)
    }
}

/// Names through which a target is reached.
pub fn active(definitions: &[Definition], targets: impl Iterator<Item = Symbol>) -> BTreeSet<Symbol> {
    let mut active: BTreeSet<Symbol> = targets.collect();
    for d in definitions {
        if d.value.variables().iter().any(|v| active.contains(v)) {
            active.insert(d.name.clone());
        }
    }
    active
}

/// The active names in a value, with their shapes.
pub fn operands(value: &Expr, active: &BTreeSet<Symbol>) -> Vec<(Symbol, Shape)> {
    let mut found = BTreeMap::new();
    collect(value, active, &mut found);
    found.into_iter().collect()
}

fn collect(e: &Expr, active: &BTreeSet<Symbol>, found: &mut BTreeMap<Symbol, Shape>) {
    if let Some(v) = e.as_variable().filter(|v| active.contains(&v.name)) {
        found.insert(v.name.clone(), v.shape.clone());
    }
    e.args().iter().for_each(|a| collect(a, active, found));
}
