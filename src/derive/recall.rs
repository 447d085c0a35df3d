//! Terms that a definition names are called by its name.

use super::local::Solver;
use super::problem::Local;
use super::steps::{Block, Goal, Step};
use crate::engine::{ProofStep, coefficient, taste};
use crate::expr::{Expr, Op, Symbol, add, build, had, integer, mul, number, variable};
use crate::program::Definition;
use rustc_hash::FxHashMap as HashMap;

/// Values of definitions, by which they are recognised.
#[derive(Default)]
pub struct Recall {
    known: HashMap<Expr, Symbol>,
    /// Terms of named sums, and what they are by the names: X (XᵀX)⁻¹ Xᵀ is I − P, where P is I − X (XᵀX)⁻¹ Xᵀ.
    rests: Vec<(Expr, Expr)>,
}

/// A term of a named sum with fewer nodes is as short as the name and the other terms.
const WORTH_A_NAME: u64 = 5;

impl Recall {
    /// Of the definitions that results may speak of: not those that are differentiated or differentiated by.
    pub fn new(definitions: &[Definition], is_special: impl Fn(&Symbol) -> bool) -> Recall {
        let worth_it =
            |d: &&Definition| !is_special(&d.name) && d.name.as_partial().is_none() && !d.value.args().is_empty();
        let known = definitions.iter().filter(worth_it).map(|d| (d.value.clone(), d.name.clone())).collect();
        Recall { known, rests: definitions.iter().filter(worth_it).flat_map(rests).collect() }
    }

    /// A further name.
    pub fn learn(&mut self, value: &Expr, name: &Symbol) {
        self.known.entry(value.clone()).or_insert_with(|| name.clone());
    }

    /// The same steps, with every value called by its name; but d(f(z)) is how f(z) moves, and the reason says f(z) too.
    pub fn spoken(&self, blocks: Vec<Block>) -> Vec<Block> {
        let step = |s: Step| {
            let (before, after) = (self.called(&s.before), self.called(&s.after));
            let stands = |e: &Expr| before.contains(e) || after.contains(e);
            let why = s.why.map(&|e| if stands(e) { e.clone() } else { self.called(e) });
            Step { rule: s.rule, before, after, why }
        };
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
        if named != local.result {
            local = renamed(local, named, solver);
        }
        for (term, rest) in &self.rests {
            let other = replaced(&local.result, term, rest);
            if other != local.result {
                let next = renamed(local.clone(), other, solver);
                local = if taste(&next.result) < taste(&local.result) { next } else { local };
            }
        }
        local
    }
}

/// What the term of a name is, tidied.
fn renamed(local: Local, named: Expr, solver: &mut Solver) -> Local {
    let use_name = ProofStep::new("use_name", local.result, named.clone());
    let tidy = solver.tidy(&named);
    Local { result: tidy.result, steps: [local.steps, vec![use_name], tidy.steps].concat() }
}

/// The products among the terms of a definition, by its name and the other terms.
pub(super) fn rests(d: &Definition) -> Vec<(Expr, Expr)> {
    if *d.value.op() != Op::Add {
        return vec![];
    }
    let name = variable(&d.name, d.value.shape());
    let rest = |term: &Expr| {
        let (product, front) = coefficient(term);
        if *product.op() != Op::Mul || product.nodes() < WORTH_A_NAME {
            return None;
        }
        let others = d.value.args().iter().filter(|t| *t != term).cloned();
        let turned = add(others.map(|t| had(vec![integer(-1), t])).chain([name.clone()]).collect());
        Some((product, had(vec![number(front.recip()?), turned])))
    };
    d.value.args().iter().filter_map(rest).collect()
}

/// A term with another in the place of a part; of a product also where it is a part of a longer one.
pub(super) fn replaced(e: &Expr, part: &Expr, by: &Expr) -> Expr {
    if e == part {
        return by.clone();
    }
    let args: Vec<Expr> = e.args().iter().map(|a| replaced(a, part, by)).collect();
    let products = *e.op() == Op::Mul && *part.op() == Op::Mul;
    let part = part.args();
    let at = if products { args.windows(part.len()).position(|w| w == part) } else { None };
    match at {
        Some(i) => mul([&args[..i], std::slice::from_ref(by), &args[i + part.len()..]].concat()),
        None if args == e.args() => e.clone(),
        None => build(e.op().clone(), args),
    }
}
