//! One local problem: the phases of the engine that lead from a term to its differential, and from there to the pullback
//! of a cotangent or to the Jacobian.

use super::linear::{holds_differential, linear_factor};
use super::refusal::Refusal;
use crate::engine::{self, Context, DIRECTED, Facts, Phase, ProofStep, Varying, textbook_size};
use crate::expr::{Builtin, Expr, Op, Shape, Slope, Symbol, builtin, differential, inner, is_zero, variable};
use crate::rules::Topic;
use std::cell::Cell;

/// A far larger cost than any size: the form is not the one the phase is after.
const WRONG_FORM: u64 = 1_000_000;

/// A local result with its proof.
#[derive(Clone, Debug)]
pub struct Local {
    pub result: Expr,
    /// Differentiation, then pullback or Jacobian, in the order in which it was done.
    pub steps: Vec<ProofStep>,
}

impl Local {
    /// What is made of the result, with the steps of both.
    pub fn then(self, next: impl FnOnce(&Expr) -> Local) -> Local {
        let after = next(&self.result);
        Local { result: after.result, steps: [self.steps, after.steps].concat() }
    }
}

/// A term is tidied after detours while that makes it shorter, at most so often.
const MAX_ROUNDS: usize = 6;
/// Detours are left where the term grows to more than so many times its nodes.
const MAX_GROWTH: u64 = 2;

/// A detour: another form of a term, and how it comes about.
struct Way {
    /// It starts from terms of at most so many nodes.
    max_nodes: u64,
    leads: fn(&Expr, &Facts) -> (Expr, Vec<ProofStep>),
}

const WAYS: [Way; 4] = [
    Way { max_nodes: 120, leads: |e, _| in_one_step("cancel", e, engine::cancelled(e)) },
    Way { max_nodes: 120, leads: |e, _| in_one_step("sum_of_terms", e, engine::sums_apart(e)) },
    Way { max_nodes: 60, leads: |e, _| in_one_step("softmax_as_quotient", e, engine::softmax_recognised(e)) },
    Way {
        max_nodes: 60,
        leads: |e, facts| {
            let normal = engine::normal_form(e, &Context { varying: Varying::On(vec![]), facts: facts.clone() });
            (normal.term, normal.steps)
        },
    },
];

fn in_one_step(rule: &str, before: &Expr, after: Expr) -> (Expr, Vec<ProofStep>) {
    (after.clone(), vec![ProofStep::new(rule, before.clone(), after)])
}

/// What a problem may use, and whether its proof is wanted.
pub struct Problem<'a> {
    pub facts: &'a Facts,
    pub explain: bool,
    /// The engine's work so far.
    pub work: &'a Cell<usize>,
}

impl Problem<'_> {
    /// d(value), with d pushed inwards until it stands at `x` alone.
    pub fn differentiate(&self, value: &Expr, x: &Expr) -> Result<Local, Refusal> {
        let name = &x.as_variable().expect("targets are variables").name;
        let context = Context { varying: Varying::On(vec![name.clone()]), facts: self.facts.clone() };
        let measure = |e: &Expr| textbook_size(e) + WRONG_FORM * unfinished(e) + AWKWARD * moving_krons(e);
        let phase = Phase {
            topics: &[Topic::Differential, Topic::Function],
            tidy: false,
            budget: DIRECTED,
            measure: &measure,
            explain: self.explain,
        };
        let outcome = self.run(&differential(value.clone()), context, &phase);
        match stuck(&outcome.result) {
            Some(e) => Err(refusal(&outcome, e)),
            None => Ok(Local { result: outcome.result, steps: outcome.steps }),
        }
    }

    /// ⟨Ḡ, d⟩ = ⟨gradient, dX⟩.
    pub fn pull_back(&self, d: Local, value: &Expr, x: &Expr) -> Result<Local, Refusal> {
        let g = variable(Symbol::Cotangent, value.shape());
        if is_zero(&d.result) {
            return Ok(Local { result: crate::expr::zeros(x.shape()), steps: d.steps });
        }
        let dx = differential(x.clone());
        let measure = |e: &Expr| textbook_size(e) + WRONG_FORM * pairings(e, &dx);
        let outcome = self.linear_phase(&inner(g, d.result.clone()), Topic::Pullback, &measure);
        let steps = [d.steps, outcome.steps.clone()].concat();
        match outcome.result.op() {
            Op::Inner if outcome.result.args()[1] == dx => {
                let gradient = outcome.result.args()[0].clone();
                if holds_differential(&gradient) {
                    Err(refusal(&outcome, d.result))
                } else {
                    Ok(Local { result: gradient, steps })
                }
            }
            _ => Err(refusal(&outcome, d.result)),
        }
    }

    /// vec(d) = J vec(dX).
    pub fn to_jacobian(&self, d: Local, x: &Expr) -> Result<Local, Refusal> {
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
        let outcome = self.linear_phase(&start, Topic::Jacobian, &measure);
        let steps = [d.steps, outcome.steps.clone()].concat();
        linear_factor(&outcome.result, &target)
            .map(|result| Local { result, steps })
            .ok_or_else(|| refusal(&outcome, d.result))
    }

    fn linear_phase(&self, start: &Expr, topic: Topic, measure: &engine::Measure) -> engine::Outcome {
        let context = Context { varying: Varying::Differential, facts: self.facts.clone() };
        self.run(
            start,
            context,
            &Phase { topics: &[topic], tidy: false, budget: DIRECTED, measure, explain: self.explain },
        )
    }

    fn run(&self, start: &Expr, context: Context, phase: &Phase) -> engine::Outcome {
        let outcome = engine::run(start, context, phase);
        self.work.set(self.work.get() + outcome.work);
        outcome
    }

    /// Of a tidy term, what detours make of it; by the last moves alone where they lead to the same.
    pub fn finish(&self, e: &Expr, measure: &engine::Measure) -> Local {
        let by_detours = self.finish_by_detours(e, measure);
        let straight = at_last(e, measure);
        if straight.result == by_detours.result { straight } else { by_detours }
    }

    /// What detours make of a term, tidied with the whole budget again, while that is shorter.
    fn finish_by_detours(&self, e: &Expr, measure: &engine::Measure) -> Local {
        let mut local = self.with_norms(e, measure);
        loop {
            let detour = self.by_detours(&local.result, measure);
            if detour.steps.is_empty() {
                return local.then(|e| at_last(e, measure));
            }
            let tidy = self.tidy(&detour.result, &[Topic::Algebra], measure);
            let came_to_rest = tidy.result == detour.result;
            local = Local { result: tidy.result, steps: [local.steps, detour.steps, tidy.steps].concat() };
            if came_to_rest {
                return local.then(|e| at_last(e, measure));
            }
        }
    }

    /// The term with sums of squares as powers of the norms that stand beside them, tidied, where that is shorter.
    fn with_norms(&self, e: &Expr, measure: &engine::Measure) -> Local {
        let same = Local { result: e.clone(), steps: vec![] };
        let (term, steps) = in_one_step("sum_of_squares", e, engine::squares_beside_norms(e));
        if term == *e {
            return same;
        }
        let tidy = self.tidy(&term, &[Topic::Algebra], measure);
        let shorter = measure(&tidy.result) < measure(e);
        if shorter { Local { result: tidy.result, steps: [steps, tidy.steps].concat() } } else { same }
    }

    /// What cancelling, known functions and the normal form make of a term, while that is shorter.
    fn by_detours(&self, e: &Expr, measure: &engine::Measure) -> Local {
        let mut local = Local { result: e.clone(), steps: vec![] };
        for _ in 0..MAX_ROUNDS {
            let mut open = WAYS.iter().filter(|way| local.result.nodes() <= way.max_nodes);
            let shorter = open.find_map(|way| self.by_way(&local.result, way, measure));
            let Some(next) = shorter else { break };
            local = Local { result: next.result, steps: [local.steps, next.steps].concat() };
        }
        local
    }

    /// What becomes of a term that is tidied again after a detour; `None` when it is no shorter.
    fn by_way(&self, e: &Expr, way: &Way, measure: &engine::Measure) -> Option<Local> {
        let (term, mut steps) = (way.leads)(e, self.facts);
        if term == *e || term.nodes() > MAX_GROWTH * e.nodes() {
            return None;
        }
        let phase =
            Phase { topics: &[Topic::Algebra], tidy: true, budget: engine::DETOUR, measure, explain: self.explain };
        let context = Context { varying: Varying::On(vec![]), facts: self.facts.clone() };
        let next = self.run(&term, context, &phase);
        steps.extend(next.steps);
        (measure(&next.result) < measure(e)).then_some(Local { result: next.result, steps })
    }

    /// What is told entry by entry where every entry is known, tidied, where that is shorter; it is tidied otherwise.
    pub fn tidy_or_listed(&self, e: &Expr, measure: &engine::Measure) -> Local {
        let tidy = self.tidy(e, &[Topic::Algebra], measure);
        let (list, step) = in_one_step("entries", e, engine::listed(e));
        if list == *e {
            return tidy;
        }
        let listed = Local { result: list, steps: step }.then(|e| self.tidy(e, &[Topic::Algebra], measure));
        if measure(&listed.result) < measure(&tidy.result) { listed } else { tidy }
    }

    /// Tidies until nothing better is found: a fresh graph, seeded with the better form, has its whole budget again.
    pub fn tidy(&self, e: &Expr, topics: &[Topic], measure: &engine::Measure) -> Local {
        let phase = Phase { topics, tidy: true, budget: engine::TIDY, measure, explain: self.explain };
        let mut local = Local { result: e.clone(), steps: vec![] };
        loop {
            let context = Context { varying: Varying::On(vec![]), facts: self.facts.clone() };
            let outcome = self.run(&local.result, context, &phase);
            let better = measure(&outcome.result) < measure(&local.result);
            local = Local { result: outcome.result, steps: [local.steps, outcome.steps].concat() };
            if !better || outcome.saturated {
                return local;
            }
        }
    }
}

/// Another form of a term, if there is one.
type Rewording = fn(&Expr) -> Option<Expr>;

/// What no measure of the parts of a term shows: it is told of the whole.
const LAST: [(&str, Rewording); 2] = [("sum_of_squares", engine::roots_as_norms), ("sign", engine::turned)];

/// A term after the last moves, each where it makes the whole shorter.
fn at_last(e: &Expr, measure: &engine::Measure) -> Local {
    let start = Local { result: e.clone(), steps: vec![] };
    LAST.iter().fold(start, |local, (rule, other)| {
        let shorter = other(&local.result).filter(|o| measure(o) < measure(&local.result));
        shorter.map_or(local.clone(), |o| {
            local.then(|e| Local { steps: vec![ProofStep::new(rule, e.clone(), o.clone())], result: o })
        })
    })
}

/// A phase that came to rest knew no rule; one that did not had no budget left.
fn refusal(outcome: &engine::Outcome, e: Expr) -> Refusal {
    if outcome.saturated { Refusal::NoRule(e) } else { Refusal::Budget(e) }
}

/// Far larger than the size of any term that does without: a differential inside ⊗ leads to commutation matrices.
const AWKWARD: u64 = 1_000;

fn moving_krons(e: &Expr) -> u64 {
    u64::from(*e.op() == Op::Kron && holds_differential(e)) + e.args().iter().map(moving_krons).sum::<u64>()
}

/// How much is left to differentiate: the nodes of terms that are not variables, the less of them the nearer to the
/// operator without a rule, and derivatives of built-ins not written out.
fn unfinished(e: &Expr) -> u64 {
    let own = match e.op() {
        Op::Differential if e.args()[0].as_variable().is_none() => e.args()[0].nodes(),
        Op::Map(m) => u64::from(m.order > 0 && matches!(m.function, crate::expr::Function::Builtin(_))),
        _ => 0,
    };
    own + e.args().iter().map(unfinished).sum::<u64>()
}

/// A derivative of a function of arrays whose own derivative is a tensor.
fn slope_without_rule(e: &Expr) -> Option<Expr> {
    let tensor = matches!(e.op(), Op::Field(f) if f.is_second() || f.slope == Some(Slope::Jacobian));
    if tensor { Some(e.clone()) } else { e.args().iter().find_map(slope_without_rule) }
}

/// The innermost term no rule could differentiate.
fn stuck(e: &Expr) -> Option<Expr> {
    let below = e.args().iter().find_map(stuck);
    let own = match e.op() {
        Op::Differential if e.args()[0].as_variable().is_none() => {
            Some(slope_without_rule(&e.args()[0]).unwrap_or_else(|| e.args()[0].clone()))
        }
        Op::Map(m) if m.order > 0 && matches!(m.function, crate::expr::Function::Builtin(_)) => Some(e.clone()),
        _ => None,
    };
    below.or(own)
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
