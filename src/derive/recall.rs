//! Terms that a definition names are called by its name.

use super::local::{Local, Solver};
use super::steps::is_symbol;
use crate::engine::ProofStep;
use crate::expr::{Expr, Name, variable};
use crate::program::Definition;
use rustc_hash::FxHashMap as HashMap;

/// Values of definitions, by which they are recognised.
#[derive(Default)]
pub struct Recall {
    known: HashMap<Expr, Name>,
}

impl Recall {
    /// Of the definitions that results may speak of: not those that are differentiated or differentiated by.
    pub fn new(definitions: &[Definition], is_special: impl Fn(&Name) -> bool) -> Recall {
        let worth_it = |d: &&Definition| !is_special(&d.name) && !is_symbol(&d.name) && !d.value.args().is_empty();
        let known = definitions.iter().filter(worth_it).map(|d| (d.value.clone(), d.name.clone())).collect();
        Recall { known }
    }

    /// A further name.
    pub fn learn(&mut self, value: &Expr, name: &Name) {
        self.known.entry(value.clone()).or_insert_with(|| name.clone());
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
        local.steps.push(ProofStep { rule: "use_name".to_owned(), before, after });
        let tidy = solver.tidy(&named);
        local.steps.extend(tidy.steps);
        Local { result: tidy.result, steps: local.steps }
    }
}
