//! Steps of a derivation: what the engine's proofs and the sweep's own moves were, each with its rule and its reason.

use super::gathering::told_of_factors;
use super::problem::Local;
use super::sentence::Sentence;
use crate::engine::ProofStep;
use crate::expr::{Expr, Op, Partial, Shape, Symbol, had, variable};
use crate::rules::{self, Reason};
use std::sync::Arc;

/// One move: a term, what became of it, by which rule, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The name of the rule, as `gradus rules` knows it.
    pub rule: String,
    /// The term before.
    pub before: Expr,
    /// The term after.
    pub after: Expr,
    /// The reason.
    pub why: Sentence,
}

/// What a block of steps establishes.
#[derive(Clone, Debug, PartialEq)]
pub enum Goal {
    /// The local derivative of a definition: `∂z/∂x`.
    Local,
    /// What reaches a variable in all: contributions added up.
    Total,
    /// A cotangent gets a name: the error signal δ.
    Named(Symbol),
    /// From the Jacobian to the shape convention.
    Reshape,
}

/// A block of steps about how `of` moves with `wrt`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What it is for.
    pub goal: Goal,
    /// What moves.
    pub of: Symbol,
    /// What moves it.
    pub wrt: Symbol,
    /// Whether it belongs to the Jacobian form.
    pub jacobian: bool,
    /// The moves, in order.
    pub steps: Vec<Step>,
    /// `left = result` is what the block shows.
    pub left: Expr,
    /// The right side of what it shows.
    pub result: Expr,
}

impl Block {
    /// The same block, going on to another form of its result.
    pub fn go_on(&mut self, local: &Local) {
        self.steps.extend(shown(&local.steps));
        self.result = local.result.clone();
    }
}

/// The rule that reads J off J dx: the one move whose sides are not equal.
pub const READ_JACOBIAN: &str = "read_jacobian";

/// ∂⁺y/∂x: how y moves with x where x stands in its formula, everything else there held fixed.
pub fn direct_symbol(y: &Symbol, x: &Symbol) -> Symbol {
    Symbol::Partial(Arc::new(Partial { of: y.clone(), by: vec![x.clone()], direct: true }))
}

/// The symbol ∂y/∂x, of the shape its value has.
pub fn partial(y: &Symbol, x: &Symbol, shape: &Shape) -> Expr {
    variable(Symbol::partial(y, x), shape)
}

/// That all which comes from `x` adds up to the tidied result; `left` is its symbol.
pub fn total_block(of: &Symbol, x: &Symbol, left: Expr, local: &Local) -> Block {
    let steps = shown(&local.steps);
    let (of, wrt, result) = (of.clone(), x.clone(), local.result.clone());
    Block { goal: Goal::Total, of, wrt, jacobian: false, steps, left, result }
}

/// One symbol after another by the chain rule.
pub fn by_chain_rule(before: &Expr, after: &Expr, why: Sentence) -> Step {
    Step { rule: "chain_rule".to_owned(), before: before.clone(), after: after.clone(), why }
}

/// What a symbol is where several paths lead: the sum of what comes along each.
pub fn fan_out(left: &Expr, sum: &Expr, why: Sentence) -> Step {
    Step { rule: "fan_out".to_owned(), before: left.clone(), after: sum.clone(), why }
}

/// The steps of a proof as they are.
pub fn shown(steps: &[ProofStep]) -> Vec<Step> {
    steps.iter().map(|s| from_proof(s, &Expr::clone)).collect()
}

/// A step of a proof with the reason its rule gives.
pub fn from_proof(step: &ProofStep, put: &dyn Fn(&Expr) -> Expr) -> Step {
    let of_factors = if step.rule == "powers" { told_of_factors(step).map(|why| why.map(put)) } else { None };
    let of_rule = || step.reason.as_ref().map_or_else(|| reason(&step.rule), |here| Sentence::from(&here.map(put)));
    let why = of_factors.unwrap_or_else(of_rule);
    Step { rule: step.rule.clone(), before: put(&step.before), after: put(&step.after), why }
}

/// Why the rule of this name holds, in its own letters.
pub fn reason(rule: &str) -> Sentence {
    rules::find(rule).map_or_else(Sentence::default, |r| Sentence::from(&Reason::of(r)))
}

/// ⟨c, a⟩ of scalars is c a: nothing of the cotangent 1 is shown, and numbers stand in front.
pub fn without_scalar_pairing(e: &Expr) -> Expr {
    e.rewrite(&mut |e| match (e.op(), e.args()) {
        (Op::Inner, [c, a]) if a.is_scalar() => had(vec![c.clone(), a.clone()]),
        _ => e,
    })
}
