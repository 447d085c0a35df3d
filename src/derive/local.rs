//! Local problems: the differential of one definition in one of its variables, and what follows from it — the pullback
//! of a cotangent and the Jacobian. Solved once up to renaming: a thousand equal layers are one problem.

use crate::engine::{self, Context, DIRECTED, Phase, ProofStep, Varying, textbook_size};
use crate::expr::{
    Builtin, Expr, Name, Op, Shape, Size, add, builtin, differential, eye, had, inner, is_zero, mul, variable,
};
use crate::rules::{Fact, Topic};
use std::collections::{BTreeMap, HashMap};

/// The cotangent of the definition in a local problem; the sweep puts the real one in its place.
pub const COTANGENT: &str = "Ḡ";

/// A local result with its proof.
#[derive(Clone, Debug)]
pub struct Local {
    pub result: Expr,
    /// Differentiation, then pullback or Jacobian, in the order in which it was done.
    pub steps: Vec<ProofStep>,
}

/// The local problems of one derivation, remembered.
pub struct Solver {
    facts: BTreeMap<Name, Vec<Fact>>,
    memory: HashMap<Problem, Result<Local, Expr>>,
}

/// A problem up to renaming: the term, the variable, what is known of its variables, and what is asked.
type Problem = (Expr, Name, Facts, Question);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Question {
    Pullback,
    Jacobian,
    Tidy,
    Reshape,
}

/// A far larger cost than any size: the form is not the one the phase is after.
const WRONG_FORM: u64 = 1_000_000;

impl Solver {
    pub fn new(facts: BTreeMap<Name, Vec<Fact>>) -> Solver {
        Solver { facts, memory: HashMap::new() }
    }

    /// How many problems were solved so far.
    pub fn problems(&self) -> usize {
        self.memory.len()
    }

    /// The gradient of ⟨Ḡ, value⟩ in `wrt`, in the shape of `wrt`. `Err` holds a term whose differential no rule knows.
    pub fn pullback(&mut self, value: &Expr, wrt: &Name, shape: &Shape) -> Result<Local, Expr> {
        self.solve(value, wrt, shape, Question::Pullback)
    }

    /// ∂vec(value)/∂vec(wrt)ᵀ.
    pub fn jacobian(&mut self, value: &Expr, wrt: &Name, shape: &Shape) -> Result<Local, Expr> {
        self.solve(value, wrt, shape, Question::Jacobian)
    }

    /// The form an author would print.
    pub fn tidy(&mut self, e: &Expr) -> Local {
        if e.args().is_empty() {
            return Local { result: e.clone(), steps: vec![] };
        }
        let nowhere = Name::new("");
        self.solve(e, &nowhere, &Shape::scalar(), Question::Tidy).unwrap_or_else(|e| Local { result: e, steps: vec![] })
    }

    /// A Jacobian's transpose, reshaped, as an author would print it: without ⊗, unvec and diag where that is possible.
    pub fn reshape(&mut self, e: &Expr) -> Local {
        let nowhere = Name::new("");
        self.solve(e, &nowhere, &Shape::scalar(), Question::Reshape)
            .unwrap_or_else(|e| Local { result: e, steps: vec![] })
    }

    fn solve(&mut self, value: &Expr, wrt: &Name, shape: &Shape, question: Question) -> Result<Local, Expr> {
        let renaming = Renaming::of(value);
        let canonical = renaming.forth(value);
        let target = renaming.name_forth(wrt);
        let facts = renaming.facts(&self.facts);
        let key = (canonical.clone(), target.clone(), facts.clone(), question);
        if !self.memory.contains_key(&key) {
            let x = variable(&target, &renaming.shape_forth(shape));
            let answer = match question {
                Question::Pullback => {
                    differentiate(&canonical, &x, &facts).and_then(|d| pull_back(d, &canonical, &x, &facts))
                }
                Question::Jacobian => differentiate(&canonical, &x, &facts).and_then(|d| to_jacobian(d, &x, &facts)),
                Question::Tidy => Ok(tidy(&canonical, &facts, &[Topic::Algebra], &engine::taste)),
                Question::Reshape => Ok(tidy(&canonical, &facts, &[Topic::Algebra, Topic::Jacobian], &reshaped)),
            };
            self.memory.insert(key.clone(), answer);
        }
        match &self.memory[&key] {
            Ok(local) => Ok(renaming.local_back(local)),
            Err(e) => Err(renaming.back(e)),
        }
    }
}

type Facts = BTreeMap<Name, Vec<Fact>>;

/// d(value), with d pushed inwards until it stands at `x` alone.
fn differentiate(value: &Expr, x: &Expr, facts: &Facts) -> Result<Local, Expr> {
    let name = &x.as_variable().expect("targets are variables").name;
    let context = Context { varying: Varying::On(vec![name.clone()]), facts: facts.clone() };
    let measure = |e: &Expr| textbook_size(e) + WRONG_FORM * unfinished(e) + AWKWARD * moving_krons(e);
    let phase =
        Phase { topics: &[Topic::Differential, Topic::Function], tidy: false, budget: DIRECTED, measure: &measure };
    let outcome = engine::run(&differential(value.clone()), context, &phase);
    match stuck(&outcome.result) {
        Some(e) => Err(e),
        None => Ok(Local { result: outcome.result, steps: outcome.steps }),
    }
}

/// Far larger than the size of any term that does without: a differential inside ⊗ leads to commutation matrices.
const AWKWARD: u64 = 1_000;

fn moving_krons(e: &Expr) -> u64 {
    u64::from(*e.op() == Op::Kron && holds_differential(e)) + e.args().iter().map(moving_krons).sum::<u64>()
}

/// How many differentials of terms that are not variables are left, and derivatives of built-ins not written out.
fn unfinished(e: &Expr) -> u64 {
    let own = match e.op() {
        Op::Differential => u64::from(e.args()[0].as_variable().is_none()),
        Op::Map(m) => u64::from(m.order > 0 && matches!(m.function, crate::expr::Function::Builtin(_))),
        _ => 0,
    };
    own + e.args().iter().map(unfinished).sum::<u64>()
}

/// The innermost term no rule could differentiate.
fn stuck(e: &Expr) -> Option<Expr> {
    let below = e.args().iter().find_map(stuck);
    let own = match e.op() {
        Op::Differential if e.args()[0].as_variable().is_none() => Some(e.args()[0].clone()),
        Op::Map(m) if m.order > 0 && matches!(m.function, crate::expr::Function::Builtin(_)) => Some(e.clone()),
        _ => None,
    };
    below.or(own)
}

/// ⟨Ḡ, d⟩ = ⟨gradient, dX⟩.
fn pull_back(d: Local, value: &Expr, x: &Expr, facts: &Facts) -> Result<Local, Expr> {
    let g = variable(&Name::new(COTANGENT), value.shape());
    if is_zero(&d.result) {
        return Ok(Local { result: crate::expr::zeros(x.shape()), steps: d.steps });
    }
    let dx = differential(x.clone());
    let measure = |e: &Expr| textbook_size(e) + WRONG_FORM * pairings(e, &dx);
    let outcome = linear_phase(&inner(g, d.result.clone()), Topic::Pullback, &measure, facts);
    let steps = [d.steps, outcome.steps].concat();
    match outcome.result.op() {
        Op::Inner if outcome.result.args()[1] == dx => {
            let gradient = outcome.result.args()[0].clone();
            if holds_differential(&gradient) { Err(d.result) } else { Ok(Local { result: gradient, steps }) }
        }
        _ => Err(d.result),
    }
}

/// Inner products that are not yet with dX itself count most, each inner product counts.
fn pairings(e: &Expr, dx: &Expr) -> u64 {
    let own = match e.op() {
        Op::Inner if e.args()[1] == *dx => 1,
        Op::Inner if holds_differential(e) => 100,
        _ => 0,
    };
    own + e.args().iter().map(|a| pairings(a, dx)).sum::<u64>()
}

pub fn holds_differential(e: &Expr) -> bool {
    *e.op() == Op::Differential || e.args().iter().any(holds_differential)
}

/// vec(d) = J vec(dX).
fn to_jacobian(d: Local, x: &Expr, facts: &Facts) -> Result<Local, Expr> {
    let moved = differential(x.clone());
    let target = builtin(Builtin::Vec, moved.clone());
    let (rows, cols) = (d.result.shape().count(), x.shape().count());
    if is_zero(&d.result) {
        return Ok(Local { result: crate::expr::zeros(&Shape::new(rows, cols)), steps: d.steps });
    }
    let measure = |e: &Expr| {
        textbook_size(e) + WRONG_FORM * u64::from(linear_factor(e, &target).is_none() && holds_differential(e))
    };
    let vec = |e: &Expr| Expr::node(Op::Builtin(Builtin::Vec), vec![e.clone()]);
    let start = if d.result.is_scalar() { d.result.clone() } else { vec(&d.result) };
    let outcome = linear_phase(&start, Topic::Jacobian, &measure, facts);
    let steps = [d.steps, outcome.steps].concat();
    linear_factor(&outcome.result, &target).map(|result| Local { result, steps }).ok_or(d.result)
}

fn linear_phase(start: &Expr, topic: Topic, measure: &engine::Measure, facts: &Facts) -> engine::Outcome {
    let context = Context { varying: Varying::Differential, facts: facts.clone() };
    engine::run(start, context, &Phase { topics: &[topic], tidy: false, budget: DIRECTED, measure })
}

/// Reads J off a term that is J v for the given v, a sum of such terms, or such a term scaled.
fn linear_factor(e: &Expr, v: &Expr) -> Option<Expr> {
    if e == v {
        return Some(eye(&v.shape().rows.clone()));
    }
    match e.op() {
        Op::Add => e.args().iter().map(|a| linear_factor(a, v)).collect::<Option<Vec<_>>>().map(add),
        Op::Had => scaled_factor(e, v),
        Op::Block { rows, cols: 1 } => {
            let q = v.shape().count();
            let part = |a: &Expr| {
                if holds_differential(a) {
                    linear_factor(a, v)
                } else {
                    Some(crate::expr::zeros(&Shape::new(a.shape().rows.clone(), q.clone())))
                }
            };
            let parts = e.args().iter().map(part).collect::<Option<Vec<_>>>()?;
            Some(crate::expr::build(Op::Block { rows: *rows, cols: 1 }, parts))
        }
        Op::Mul => {
            let (last, chain) = e.args().split_last()?;
            let clean = !chain.iter().any(holds_differential);
            let j = linear_factor(last, v).filter(|_| clean)?;
            Some(mul([chain, &[j]].concat()))
        }
        _ => None,
    }
}

/// Scalar factors beside J v; a column beside a scalar `a v`.
fn scaled_factor(e: &Expr, v: &Expr) -> Option<Expr> {
    let (moving, fixed): (Vec<Expr>, Vec<Expr>) = e.args().iter().cloned().partition(holds_differential);
    let [moving] = moving.as_slice() else { return None };
    let j = linear_factor(moving, v)?;
    let fixed = had(fixed);
    match (fixed.is_scalar(), moving.is_scalar() && fixed.shape().is_vector()) {
        (true, _) => Some(had(vec![fixed, j])),
        (false, true) => Some(mul(vec![fixed, j])),
        (false, false) => None,
    }
}

/// Tidies until nothing better is found: a fresh graph, seeded with the better form, has its whole budget again.
fn tidy(e: &Expr, facts: &Facts, topics: &[Topic], measure: &engine::Measure) -> Local {
    let phase = Phase { topics, tidy: true, budget: engine::TIDY, measure };
    let mut local = Local { result: e.clone(), steps: vec![] };
    loop {
        let context = Context { varying: Varying::On(vec![]), facts: facts.clone() };
        let outcome = engine::run(&local.result, context, &phase);
        let better = measure(&outcome.result) < measure(&local.result);
        local = Local { result: outcome.result, steps: [local.steps, outcome.steps].concat() };
        if !better || outcome.saturated {
            return local;
        }
    }
}

/// The measure of the reshape: what belongs to the Jacobian form costs most.
fn reshaped(e: &Expr) -> u64 {
    engine::taste(e) + WRONG_FORM * jacobian_operators(e)
}

fn jacobian_operators(e: &Expr) -> u64 {
    let own =
        matches!(e.op(), Op::Unvec(..) | Op::Kron | Op::Commutation(..) | Op::Builtin(Builtin::Diag | Builtin::Vec));
    u64::from(own) + e.args().iter().map(jacobian_operators).sum::<u64>()
}

/// Variables and sizes numbered in order of appearance, so that equal problems look equal.
struct Renaming {
    names: Vec<(Name, Shape)>,
    sizes: Vec<Name>,
}

impl Renaming {
    fn of(e: &Expr) -> Renaming {
        let mut renaming = Renaming { names: vec![], sizes: vec![] };
        renaming.visit(e);
        renaming
    }

    fn visit(&mut self, e: &Expr) {
        match e.op() {
            Op::Variable(v) => {
                if !self.names.iter().any(|(n, _)| *n == v.name) {
                    self.names.push((v.name.clone(), v.shape.clone()));
                }
                self.visit_shape(&v.shape);
            }
            Op::Ones(s) | Op::Zeros(s) => self.visit_shape(s),
            Op::SizeNumber(n) | Op::Eye(n) | Op::Tril(n) => self.visit_size(n),
            Op::Unit(n, m) | Op::Commutation(n, m) | Op::Unvec(n, m) => {
                [n, m].into_iter().for_each(|s| self.visit_size(s))
            }
            Op::Slice { rows, cols } => {
                [&rows.first, &rows.last, &cols.first, &cols.last].into_iter().for_each(|s| self.visit_size(s))
            }
            Op::Number(_)
            | Op::Constant(_)
            | Op::Add
            | Op::Had
            | Op::Mul
            | Op::Kron
            | Op::Transpose
            | Op::Inverse
            | Op::MatrixPower(_)
            | Op::Pow
            | Op::Map(_)
            | Op::Builtin(_)
            | Op::Block { .. }
            | Op::Differential
            | Op::Inner => {}
        }
        e.args().iter().for_each(|a| self.visit(a));
    }

    fn visit_shape(&mut self, s: &Shape) {
        self.visit_size(&s.rows);
        self.visit_size(&s.cols);
    }

    fn visit_size(&mut self, s: &Size) {
        for n in s.names() {
            if !self.sizes.contains(n) {
                self.sizes.push(n.clone());
            }
        }
    }

    fn name_forth(&self, name: &Name) -> Name {
        match self.names.iter().position(|(n, _)| n == name) {
            Some(i) => Name::new(&format!("v{i:03}")),
            None => name.clone(),
        }
    }

    fn shape_forth(&self, s: &Shape) -> Shape {
        s.substitute(&|n| self.sizes.iter().position(|m| m == n).map(|i| Size::name(Name::new(&format!("s{i:03}")))))
    }

    fn shape_back(&self, s: &Shape) -> Shape {
        let index = |n: &Name| n.as_str().strip_prefix('s')?.parse::<usize>().ok();
        s.substitute(&|n| index(n).and_then(|i| self.sizes.get(i)).map(|m| Size::name(m.clone())))
    }

    fn forth(&self, e: &Expr) -> Expr {
        map_leaves(e, &|n| self.name_forth(n), &|s| self.shape_forth(s))
    }

    fn back(&self, e: &Expr) -> Expr {
        let index = |n: &Name| n.as_str().strip_prefix('v')?.parse::<usize>().ok();
        let name = |n: &Name| index(n).and_then(|i| self.names.get(i)).map_or_else(|| n.clone(), |(m, _)| m.clone());
        map_leaves(e, &name, &|s| self.shape_back(s))
    }

    fn local_back(&self, local: &Local) -> Local {
        let step = |s: &ProofStep| ProofStep {
            rule: s.rule.clone(),
            before: self.back(&s.before),
            after: self.back(&s.after),
        };
        Local { result: self.back(&local.result), steps: local.steps.iter().map(step).collect() }
    }

    fn facts(&self, facts: &Facts) -> Facts {
        self.names.iter().filter_map(|(n, _)| Some((self.name_forth(n), facts.get(n)?.clone()))).collect()
    }
}

/// Replaces names and shapes in every leaf and every operator that holds a size.
fn map_leaves(e: &Expr, name: &dyn Fn(&Name) -> Name, shape: &dyn Fn(&Shape) -> Shape) -> Expr {
    let size = |s: &Size| shape(&Shape::vector(s.clone())).rows;
    let range = |r: &crate::expr::Range| crate::expr::Range { first: size(&r.first), last: size(&r.last) };
    let op = match e.op() {
        Op::Variable(v) => return variable(&name(&v.name), &shape(&v.shape)),
        Op::Ones(s) => Op::Ones(shape(s)),
        Op::Zeros(s) => Op::Zeros(shape(s)),
        Op::SizeNumber(n) => Op::SizeNumber(size(n)),
        Op::Eye(n) => Op::Eye(size(n)),
        Op::Tril(n) => Op::Tril(size(n)),
        Op::Unit(n, i) => Op::Unit(size(n), size(i)),
        Op::Commutation(n, m) => Op::Commutation(size(n), size(m)),
        Op::Unvec(n, m) => Op::Unvec(size(n), size(m)),
        Op::Slice { rows, cols } => Op::Slice { rows: range(rows), cols: range(cols) },
        Op::Number(_)
        | Op::Constant(_)
        | Op::Add
        | Op::Had
        | Op::Mul
        | Op::Kron
        | Op::Transpose
        | Op::Inverse
        | Op::MatrixPower(_)
        | Op::Pow
        | Op::Map(_)
        | Op::Builtin(_)
        | Op::Block { .. }
        | Op::Differential
        | Op::Inner => e.op().clone(),
    };
    let args = e.args().iter().map(|a| map_leaves(a, name, shape)).collect();
    crate::expr::build(op, args)
}
