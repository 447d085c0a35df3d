//! The reverse sweep: from the value back to the variables, every definition hands on what reaches it. In the shape
//! convention that is a cotangent (the lecture's δ), in Jacobian form the Jacobian ∂s/∂(definition).

use super::local::{COTANGENT, Local, Solver};
use super::steps::{Block, Goal, READ_JACOBIAN, Step, from_proof, is_symbol, partial, reason, without_unit_pairing};
use crate::engine::ProofStep;
use crate::expr::{Expr, Name, Shape, add, eye, integer, mul, variable};
use crate::program::Definition;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a sweep found.
#[derive(Debug, Default)]
pub struct Swept {
    /// The total derivative of each target.
    pub totals: BTreeMap<Name, Expr>,
    /// The named cotangents, in the order in which results may use them.
    pub deltas: Vec<Definition>,
    pub blocks: Vec<Block>,
}

/// What is swept: definitions in order, the value's name and shape, the targets with their shapes.
pub struct Task<'a> {
    pub definitions: &'a [Definition],
    pub of: &'a Name,
    /// The name by which steps speak of the value.
    pub label: &'a Name,
    pub of_shape: &'a Shape,
    pub targets: &'a BTreeMap<Name, Shape>,
    pub steps: bool,
}

/// A sum of more terms is differentiated term by term by the sweep itself.
const WIDE: usize = 12;
/// Cotangents of fewer nodes are written where they are used.
const NAMED_FROM: u64 = 3;

/// Cotangents of more nodes get a name even where they are used once: what is handed on must not grow with the depth.
const LONG: u64 = 40;

struct Sweep<'a> {
    task: &'a Task<'a>,
    solver: &'a mut Solver,
    jacobian: bool,
    arrived: HashMap<Name, Vec<Expr>>,
    /// Values of definitions, to be called by their names.
    known: HashMap<Expr, Name>,
    out: Swept,
}

impl<'a> Sweep<'a> {
    fn new(task: &'a Task<'a>, solver: &'a mut Solver, jacobian: bool) -> Sweep<'a> {
        let special = |n: &Name| n == task.of || is_symbol(n) || task.targets.contains_key(n);
        let worth_it = |d: &&Definition| !special(&d.name) && !d.value.args().is_empty();
        let known = task.definitions.iter().filter(worth_it).map(|d| (d.value.clone(), d.name.clone())).collect();
        Sweep { task, solver, jacobian, arrived: HashMap::new(), known, out: Swept::default() }
    }
}

/// Sweeps in the shape convention; the value is a scalar. `Err` holds a term no rule differentiates.
pub fn pullbacks(task: &Task, solver: &mut Solver) -> Result<Swept, Expr> {
    let mut sweep = Sweep::new(task, solver, false);
    sweep.run(integer(1))?;
    Ok(sweep.out)
}

/// Sweeps in Jacobian form; the value may be any array.
pub fn jacobians(task: &Task, solver: &mut Solver) -> Result<Swept, Expr> {
    let mut sweep = Sweep::new(task, solver, true);
    sweep.run(eye(&task.of_shape.count()))?;
    Ok(sweep.out)
}

impl Sweep<'_> {
    fn run(&mut self, start: Expr) -> Result<(), Expr> {
        let active = self.active();
        self.arrived.insert(self.task.of.clone(), vec![start]);
        let definitions = self.task.definitions;
        for d in definitions.iter().rev() {
            let Some(contributions) = self.arrived.remove(&d.name) else { continue };
            let operands: Vec<(Name, Shape)> = operands(&d.value, &active);
            let cotangent = self.arrive(d, contributions, operands.len());
            for (x, shape) in operands {
                self.hand_on(d, &x, &shape, &cotangent)?;
            }
        }
        let targets: Vec<Name> = self.task.targets.keys().cloned().collect();
        for t in targets {
            if let Some(contributions) = self.arrived.remove(&t) {
                let total = self.total(&t, contributions);
                self.out.totals.insert(t, total);
            }
        }
        Ok(())
    }

    /// Names through which a target is reached.
    fn active(&self) -> BTreeSet<Name> {
        let mut active: BTreeSet<Name> = self.task.targets.keys().cloned().collect();
        for d in self.task.definitions {
            if d.value.variables().iter().any(|v| active.contains(v)) {
                active.insert(d.name.clone());
            }
        }
        active
    }

    /// All that reaches a definition; named δ when it is worth a name and used more than once.
    fn arrive(&mut self, d: &Definition, contributions: Vec<Expr>, uses: usize) -> Expr {
        let total = self.total(&d.name, contributions);
        if self.task.targets.contains_key(&d.name) {
            self.out.totals.insert(d.name.clone(), total.clone());
        }
        let worth_naming = if uses < 2 { total.nodes() > LONG } else { total.nodes() >= NAMED_FROM };
        if self.jacobian || !worth_naming {
            return total;
        }
        let name = Name::new(&format!("δ?{}", d.name));
        let delta = variable(&name, d.value.shape());
        self.out.deltas.push(Definition { name: name.clone(), value: total.clone(), written: None, span: d.span });
        if self.task.steps {
            let step = Step {
                rule: "name_delta".to_owned(),
                before: partial(self.task.label, &d.name, d.value.shape()),
                after: delta.clone(),
                why: format!(
                    "the local error signal at `{}`: {}",
                    d.name,
                    if uses < 2 {
                        "it has grown long, so it gets a name".to_owned()
                    } else {
                        format!("it is used {uses} times, so it gets a name and is computed once")
                    }
                ),
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
    fn total(&mut self, name: &Name, contributions: Vec<Expr>) -> Expr {
        let count = contributions.len();
        let sum = add(contributions);
        let local = self.solver.tidy(&sum);
        let local = self.recall(local);
        if self.task.steps && (count > 1 || !local.steps.is_empty()) {
            self.explain_total(name, count, &sum, &local);
        }
        local.result
    }

    /// Terms that a definition names are called by its name: `h ∘ (1 − h)` for h = σ(z).
    fn recall(&mut self, mut local: Local) -> Local {
        let known = &self.known;
        let named = local.result.rewrite(&mut |e| match known.get(&e) {
            Some(name) => variable(name, e.shape()),
            None => e,
        });
        if named == local.result {
            return local;
        }
        let step = |before: &Expr, after: &Expr| ProofStep {
            rule: "use_name".to_owned(),
            before: before.clone(),
            after: after.clone(),
        };
        local.steps.push(step(&local.result, &named));
        let tidy = self.solver.tidy(&named);
        local.steps.extend(tidy.steps);
        Local { result: tidy.result, steps: local.steps }
    }

    fn explain_total(&mut self, name: &Name, count: usize, sum: &Expr, local: &Local) {
        let left = partial(self.task.label, name, sum.shape());
        let mut steps = Vec::new();
        if count > 1 {
            let why = format!("`{name}` is used in {count} places: what arrives along each path adds up");
            steps.push(Step { rule: "fan_out".to_owned(), before: left.clone(), after: sum.clone(), why });
        }
        steps.extend(local.steps.iter().map(|s| from_proof(s, &|e| e.clone())));
        self.out.blocks.push(Block {
            goal: Goal::Total,
            of: self.task.of.clone(),
            wrt: name.clone(),
            jacobian: self.jacobian,
            steps,
            left,
            result: local.result.clone(),
        });
    }

    /// What definition `d` hands to its operand `x`.
    fn hand_on(&mut self, d: &Definition, x: &Name, shape: &Shape, cotangent: &Expr) -> Result<(), Expr> {
        let terms: Vec<Expr> = if *d.value.op() == crate::expr::Op::Add && d.value.args().len() > WIDE {
            d.value.args().iter().filter(|t| t.mentions(x)).cloned().collect()
        } else {
            vec![d.value.clone()]
        };
        for term in terms {
            let contribution = if self.jacobian {
                self.local_jacobian(d, &term, x, shape, cotangent)?
            } else {
                self.local_pullback(d, &term, x, shape, cotangent)?
            };
            self.arrived.entry(x.clone()).or_default().push(contribution);
        }
        Ok(())
    }

    fn local_pullback(
        &mut self,
        d: &Definition,
        term: &Expr,
        x: &Name,
        shape: &Shape,
        cotangent: &Expr,
    ) -> Result<Expr, Expr> {
        let local = self.solver.pullback(term, x, shape)?;
        let put = |e: &Expr| e.substitute(&|n| (n.as_str() == COTANGENT).then(|| cotangent.clone()));
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

    fn local_jacobian(
        &mut self,
        d: &Definition,
        term: &Expr,
        x: &Name,
        shape: &Shape,
        upstream: &Expr,
    ) -> Result<Expr, Expr> {
        let local = self.solver.jacobian(term, x, shape)?;
        let tidy = self.solver.tidy(&local.result);
        let product = chained(upstream.clone(), tidy.result.clone());
        if self.task.steps {
            self.explain_jacobian(d, x, shape, &local, &tidy, upstream, &product);
        }
        Ok(product)
    }

    #[allow(clippy::too_many_arguments)]
    fn explain_jacobian(
        &mut self,
        d: &Definition,
        x: &Name,
        shape: &Shape,
        local: &Local,
        tidy: &Local,
        upstream: &Expr,
        product: &Expr,
    ) {
        let (p, q) = (self.task.of_shape.count(), shape.count());
        let own = if d.name == *self.task.of { self.task.label } else { &d.name };
        let left = partial(own, x, tidy.result.shape());
        let mut steps: Vec<Step> = local.steps.iter().map(|s| from_proof(s, &|e| e.clone())).collect();
        if let Some(last) = steps.last() {
            let before = last.after.clone();
            steps.push(Step {
                rule: READ_JACOBIAN.to_owned(),
                before,
                after: local.result.clone(),
                why: format!("what stands before d`{x}` is ∂`{own}`/∂`{x}`"),
            });
        }
        steps.extend(tidy.steps.iter().map(|s| from_proof(s, &|e| e.clone())));
        self.out.blocks.push(Block {
            goal: Goal::Local,
            of: d.name.clone(),
            wrt: x.clone(),
            jacobian: true,
            steps,
            left: left.clone(),
            result: tidy.result.clone(),
        });
        if d.name != *self.task.of {
            self.explain_chain(d, x, &Shape::new(p, q), tidy, upstream, product);
        }
    }

    /// ∂s/∂x = ∂s/∂y ∂y/∂x, in symbols and then in terms.
    fn explain_chain(
        &mut self,
        d: &Definition,
        x: &Name,
        shape: &Shape,
        local: &Local,
        upstream: &Expr,
        product: &Expr,
    ) {
        let left = partial(self.task.label, x, shape);
        let outer = partial(self.task.label, &d.name, upstream.shape());
        let symbols = chained(outer, partial(&d.name, x, local.result.shape()));
        let chain = Step {
            rule: "chain_rule".to_owned(),
            before: left.clone(),
            after: symbols.clone(),
            why: reason("chain_rule"),
        };
        let insert = Step {
            rule: "chain_rule".to_owned(),
            before: symbols,
            after: product.clone(),
            why: "both factors are known from above".to_owned(),
        };
        let (of, wrt) = (self.task.of.clone(), x.clone());
        self.out.blocks.push(Block {
            goal: Goal::Total,
            of,
            wrt,
            jacobian: true,
            steps: vec![chain, insert],
            left,
            result: product.clone(),
        });
    }
}

/// The product of two Jacobians; a scalar one scales.
fn chained(outer: Expr, inner: Expr) -> Expr {
    if outer.is_scalar() || inner.is_scalar() { crate::expr::had(vec![outer, inner]) } else { mul(vec![outer, inner]) }
}

fn operands(value: &Expr, active: &BTreeSet<Name>) -> Vec<(Name, Shape)> {
    let mut found = BTreeMap::new();
    collect(value, active, &mut found);
    found.into_iter().collect()
}

fn collect(e: &Expr, active: &BTreeSet<Name>, found: &mut BTreeMap<Name, Shape>) {
    if let Some(v) = e.as_variable().filter(|v| active.contains(&v.name)) {
        found.insert(v.name.clone(), v.shape.clone());
    }
    e.args().iter().for_each(|a| collect(a, active, found));
}
