//! From the Jacobian form to the shape convention, as steps of its own: the lecture's point is to see it.

use super::local::Solver;
use super::options::Form;
use super::result::{Derivation, Derivative};
use super::sentence::{Sentence, Word};
use super::steps::{Block, Goal, Step, partial, reason, shown};
use crate::expr::{Expr, Op, transpose};
use crate::program::Inliner;

/// A block for every target that has both forms: the row stands up, or is folded back into a matrix. Where no rule leads
/// from one to the other, that their numbers agree is said when they are `checked`, and nothing otherwise.
pub fn blocks(d: &Derivation, solver: &mut Solver, checked: bool) -> Vec<Block> {
    let jacobians = d.derivatives.iter().filter(|x| x.form == Form::Jacobian && x.wrt.parts.len() == 1);
    let pairs =
        jacobians.filter_map(|j| Some((j, d.derivatives.iter().find(|s| s.form == Form::Shape && s.wrt == j.wrt)?)));
    pairs.filter_map(|(j, s)| block(d, j, s, solver, checked)).collect()
}

fn block(
    d: &Derivation,
    jacobian: &Derivative,
    gradient: &Derivative,
    solver: &mut Solver,
    checked: bool,
) -> Option<Block> {
    let (name, shape) = &jacobian.wrt.parts[0];
    if shape.is_scalar() {
        return None;
    }
    let column = transpose(jacobian.result.clone());
    let (start, rule, how) = match shape.cols.is_one() {
        true => (column, "reshape_vector", "stands up"),
        false => {
            let folded = Expr::node(Op::Unvec(shape.rows.clone(), shape.cols.clone()), vec![column]);
            (folded, "reshape_matrix", "is folded back, column by column")
        }
    };
    let left = partial(&d.label, name, shape);
    let why = [
        "the gradient has the shape of ".into(),
        Word::from(name),
        ": the row of the Jacobian form ".into(),
        how.into(),
    ];
    let stand_up = Step { rule: rule.to_owned(), before: left.clone(), after: start.clone(), why: Sentence::new(why) };
    let folded = Folding { d, solver, start: &start, gradient: &gradient.result }.steps(checked)?;
    let steps = [vec![stand_up], folded].concat();
    let (of, wrt, result) = (d.of.clone(), name.clone(), gradient.result.clone());
    Some(Block { goal: Goal::Reshape, of, wrt, jacobian: false, steps, left, result })
}

/// The way from the Jacobian form, stood up or folded back, to the gradient.
struct Folding<'a> {
    d: &'a Derivation,
    solver: &'a mut Solver,
    start: &'a Expr,
    gradient: &'a Expr,
}

impl Folding<'_> {
    fn steps(&mut self, checked: bool) -> Option<Vec<Step>> {
        self.by_tidying().or_else(|| self.by_proof()).or_else(|| checked.then(|| self.by_numbers()))
    }

    /// What is tidied without ⊗, unvec and diag is the gradient, up to the names of error signals.
    fn by_tidying(&mut self) -> Option<Vec<Step>> {
        let local = self.solver.reshape(self.start);
        let mut steps = shown(&local.steps);
        if local.result != *self.gradient {
            // also without the error signals that others are made of
            let written_out = Inliner::new(self.d.deltas.iter()).inline(self.gradient)?;
            let same = self.solver.reshape(&written_out).result == self.solver.reshape(&local.result).result;
            same.then_some(())?;
            steps.push(last("use_delta", &local.result, self.gradient));
        }
        Some(steps)
    }

    /// The proof that `check` would give: where the forward pass is left as it is, or with all of it written out.
    fn by_proof(&self) -> Option<Vec<Step>> {
        let signals = &self.d.deltas;
        let all = [&self.d.forward[..], signals].concat();
        [signals, &all]
            .into_iter()
            .find_map(|names| self.solver.prove(self.start, self.gradient, names))
            .map(|s| shown(&s))
    }

    fn by_numbers(&self) -> Vec<Step> {
        vec![last("compare_forms", self.start, self.gradient)]
    }
}

fn last(rule: &str, before: &Expr, after: &Expr) -> Step {
    Step { rule: rule.to_owned(), before: before.clone(), after: after.clone(), why: reason(rule) }
}
