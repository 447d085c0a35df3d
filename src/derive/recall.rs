//! Terms that a definition names are called by its name.

use super::local::Solver;
use super::problem::Local;
use super::steps::{Block, Goal, Step};
use crate::engine::ProofStep;
use crate::expr::{Expr, Op, Symbol, build, variable};
use crate::program::Definition;
use rustc_hash::FxHashMap as HashMap;

/// Values of definitions, by which they are recognised.
#[derive(Default)]
pub struct Recall {
    known: HashMap<Expr, Symbol>,
}

impl Recall {
    /// Of the definitions that results may speak of: not those that are differentiated or differentiated by.
    pub fn new(definitions: &[Definition], is_special: impl Fn(&Symbol) -> bool) -> Recall {
        let worth_it =
            |d: &&Definition| !is_special(&d.name) && d.name.as_partial().is_none() && !d.value.args().is_empty();
        let known = definitions.iter().filter(worth_it).map(|d| (d.value.clone(), d.name.clone())).collect();
        Recall { known }
    }

    /// A further name.
    pub fn learn(&mut self, value: &Expr, name: &Symbol) {
        self.known.entry(value.clone()).or_insert_with(|| name.clone());
    }

    /// The same steps, with every value called by its name; but d(f(z)) is how f(z) moves.
    pub fn spoken(&self, blocks: Vec<Block>) -> Vec<Block> {
        let step = |s: Step| Step { before: self.called(&s.before), after: self.called(&s.after), ..s };
        let block = |b: Block| {
            let steps = b.steps.into_iter().map(step).filter(|s| s.before != s.after).collect();
            Block { steps, result: self.called(&b.result), ..b }
        };
        // where the move was to call values by their names, nothing is left of it
        blocks.into_iter().map(block).filter(|b| b.goal != Goal::Total || !b.steps.is_empty()).collect()
    }

    fn called(&self, e: &Expr) -> Expr {
        if let Some(name) = self.known.get(e) {
            return variable(name, e.shape());
        }
        if *e.op() == Op::Differential {
            return e.clone();
        }
        let args: Vec<Expr> = e.args().iter().map(|a| self.called(a)).collect();
        if args == e.args() { e.clone() } else { build(e.op().clone(), args) }
    }

    /// The form an author would print: tidy, and `h ∘ (1 − h)` for h = σ(z).
    pub fn tidy(&self, e: &Expr, solver: &mut Solver) -> Local {
        let mut local = solver.tidy(e);
        let named = local.result.rewrite(&mut |e| match self.known.get(&e) {
            Some(name) => variable(name, e.shape()),
            None => e,
        });
        if named == local.result {
            return local;
        }
        let (before, after) = (local.result.clone(), named.clone());
        local.steps.push(ProofStep::new("use_name", before, after));
        let tidy = solver.tidy(&named);
        local.steps.extend(tidy.steps);
        Local { result: tidy.result, steps: local.steps }
    }
}
