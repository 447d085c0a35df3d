//! Expressions as a list of steps: equal subtrees once, arguments before operators, without recursion.

use crate::expr::{Expr, Op, Symbol, variable};
use crate::program::Definition;
use rustc_hash::FxHashMap as HashMap;

/// One operator, applied to the values of earlier steps.
pub struct PlanStep {
    /// The expression whose root it is.
    pub e: Expr,
    /// The steps its arguments are.
    pub args: Vec<usize>,
    /// Of a product chain: numbers of what its first two, three, … factors make, the same wherever chains begin alike.
    pub prefixes: Vec<usize>,
}

/// How expressions are evaluated together: what they have in common once. A step that is a name with an argument is a
/// definition, by which later ones call it.
pub struct Plan {
    pub steps: Vec<PlanStep>,
    /// How many steps ask for each one; one more for a root, which stays.
    pub uses: Vec<usize>,
    /// How many chains begin with each prefix.
    pub prefix_uses: Vec<usize>,
    /// The steps of the definitions and, after them, of the results.
    pub roots: Vec<usize>,
}

impl Plan {
    /// Of definitions in dependency order, and of results in terms of them and other names.
    pub fn new<'a>(
        definitions: impl IntoIterator<Item = &'a Definition>,
        results: impl IntoIterator<Item = &'a Expr>,
    ) -> Plan {
        let mut planner = Planner::default();
        let mut roots = vec![];
        for d in definitions {
            let value = planner.root(&d.value);
            roots.push(planner.define(d, value));
        }
        for e in results {
            roots.push(planner.root(e));
        }
        planner.plan(roots)
    }
}

#[derive(Default)]
struct Planner {
    steps: Vec<PlanStep>,
    /// Steps of subtrees that more than one place holds, by address.
    visited: HashMap<usize, usize>,
    /// The step of each fingerprint.
    known: HashMap<u64, usize>,
    /// The steps of definitions.
    defined: HashMap<Symbol, usize>,
    /// The prefix a prefix and a further factor make; the first prefix is a factor alone.
    prefixes: HashMap<(Start, usize), usize>,
}

/// What a prefix adds a factor to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Start {
    Factor(usize),
    Prefix(usize),
}

impl Planner {
    /// The step of a whole expression, after those it needs.
    fn root(&mut self, root: &Expr) -> usize {
        let mut work = vec![(root, false)];
        let mut done: Vec<usize> = vec![];
        while let Some((e, arguments_done)) = work.pop() {
            if arguments_done {
                let args = done.split_off(done.len() - e.args().len());
                let step = self.step(e, args);
                done.push(step);
            } else if let Some(known) = self.visited.get(&e.address()) {
                done.push(*known);
            } else if let Some(known) = e.as_variable().and_then(|v| self.defined.get(&v.name)) {
                done.push(*known);
            } else {
                work.push((e, true));
                work.extend(e.args().iter().rev().map(|a| (a, false)));
            }
        }
        done[0]
    }

    /// The step of a name that stands for the value of an earlier step from now on.
    fn define(&mut self, d: &Definition, value: usize) -> usize {
        self.steps.push(PlanStep { e: variable(&d.name, d.value.shape()), args: vec![value], prefixes: vec![] });
        self.defined.insert(d.name.clone(), self.steps.len() - 1);
        self.steps.len() - 1
    }

    /// The step of `e`: an earlier one where the same operator has the same arguments.
    fn step(&mut self, e: &Expr, args: Vec<usize>) -> usize {
        let known = self.known.get(&e.fingerprint()).copied();
        let equal = |i: &usize| self.steps[*i].args == args && self.steps[*i].e.op() == e.op();
        let index = known.filter(equal).unwrap_or_else(|| {
            let prefixes = if *e.op() == Op::Mul { self.chain(&args) } else { vec![] };
            self.steps.push(PlanStep { e: e.clone(), args, prefixes });
            self.known.entry(e.fingerprint()).or_insert(self.steps.len() - 1);
            self.steps.len() - 1
        });
        if e.is_shared() && !e.args().is_empty() {
            self.visited.insert(e.address(), index);
        }
        index
    }

    fn chain(&mut self, factors: &[usize]) -> Vec<usize> {
        let mut start = Start::Factor(factors[0]);
        let mut prefixes = Vec::with_capacity(factors.len() - 1);
        for factor in &factors[1..] {
            let fresh = self.prefixes.len();
            let prefix = *self.prefixes.entry((start, *factor)).or_insert(fresh);
            prefixes.push(prefix);
            start = Start::Prefix(prefix);
        }
        prefixes
    }

    fn plan(self, roots: Vec<usize>) -> Plan {
        let (mut uses, mut prefix_uses) = (vec![0; self.steps.len()], vec![0; self.prefixes.len()]);
        self.steps.iter().flat_map(|s| &s.args).for_each(|i| uses[*i] += 1);
        self.steps.iter().flat_map(|s| &s.prefixes).for_each(|i| prefix_uses[*i] += 1);
        roots.iter().for_each(|i| uses[*i] += 1);
        Plan { steps: self.steps, uses, prefix_uses, roots }
    }
}
