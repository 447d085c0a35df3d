//! Nothing is shown that the independent evaluator does not confirm: every result, and every step.

use super::options::Form;
use super::result::{Derivation, Derivative};
use super::steps::{Block, READ_JACOBIAN};
use super::target::Target;
use crate::diag::Error;
use crate::eval;
use crate::expr::{Expr, Op, Symbol};
use crate::program::{Definition, Program};
use rustc_hash::FxHashMap as HashMap;

impl Derivation {
    /// Compares every result, shared and inlined, with automatic differentiation of the document, and checks every step.
    /// `place` is the document, with the targets as they are to be taken: on their structure or beside it.
    pub(super) fn verify(&mut self, place: &Program) -> Result<(), Error> {
        let extra = self.extra_definitions();
        let mut checks = Vec::new();
        for form in [Form::Shape, Form::Jacobian] {
            let of_form: Vec<&Derivative> = self.derivatives.iter().filter(|d| d.form == form).collect();
            checks.extend(self.check_both(place, &self.of, &of_form, &extra)?);
        }
        self.check = weakest(checks);
        self.check_steps(&self.program, &extra)
    }

    /// Checks derivatives of `of`, of one form: as they are shown with named parts, and written out.
    pub(super) fn check_both(
        &self,
        program: &Program,
        of: &Symbol,
        derivatives: &[&Derivative],
        extra: &[Definition],
    ) -> Result<Vec<eval::Check>, Error> {
        let rounds = rounds(derivatives.iter().flat_map(|d| parts(d)));
        rounds.iter().map(|parts| check_parts(program, of, parts, extra)).collect()
    }

    /// Checks every step by itself.
    pub(super) fn check_steps(&self, program: &Program, extra: &[Definition]) -> Result<(), Error> {
        if self.blocks.is_empty() {
            return Ok(());
        }
        let passages: Vec<eval::Passage> = self.blocks.iter().map(passage).collect();
        eval::check_passages(program, extra, &passages)
    }
}

/// What all checks together warrant.
pub fn weakest(checks: Vec<eval::Check>) -> Option<eval::Check> {
    checks.into_iter().reduce(eval::Check::and)
}

/// What a derivative claims of one part of its target.
struct ClaimedPart {
    wrt: Symbol,
    form: eval::ClaimedForm,
    result: Expr,
    inlined: Option<Expr>,
}

impl ClaimedPart {
    fn claim(&self) -> eval::Candidate<'_> {
        eval::Candidate { wrt: &self.wrt, derivative: &self.result, also: self.inlined.as_ref(), form: self.form }
    }
}

fn parts(d: &Derivative) -> Vec<ClaimedPart> {
    let form = if d.form == Form::Shape { eval::ClaimedForm::Shape } else { eval::ClaimedForm::Jacobian };
    let written_out = d.inlined.as_ref().filter(|i| **i != d.result);
    let inlined = written_out.map_or_else(Vec::new, |e| unstacked(&d.wrt, d.form, e));
    let mut inlined = inlined.into_iter().map(|(_, e)| e);
    let results = unstacked(&d.wrt, d.form, &d.result);
    results.into_iter().map(|(wrt, result)| ClaimedPart { wrt, form, result, inlined: inlined.next() }).collect()
}

/// Parts in groups that hold no name twice.
fn rounds(parts: impl Iterator<Item = ClaimedPart>) -> Vec<Vec<ClaimedPart>> {
    let (mut seen, mut rounds) = (HashMap::<Symbol, usize>::default(), Vec::<Vec<ClaimedPart>>::new());
    for part in parts {
        let round = seen.entry(part.wrt.clone()).or_default();
        if rounds.len() == *round {
            rounds.push(vec![]);
        }
        rounds[*round].push(part);
        *round += 1;
    }
    rounds
}

fn check_parts(
    program: &Program,
    of: &Symbol,
    parts: &[ClaimedPart],
    extra: &[Definition],
) -> Result<eval::Check, Error> {
    eval::check(program, of, extra, &parts.iter().map(ClaimedPart::claim).collect::<Vec<_>>())
}

fn passage(block: &Block) -> eval::Passage<'_> {
    let moves = block.steps.iter().map(|s| eval::Move {
        rule: &s.rule,
        before: &s.before,
        after: &s.after,
        reads_jacobian: s.rule == READ_JACOBIAN,
    });
    eval::Passage {
        moving: &block.wrt,
        symbol: block.left.as_variable().map(|v| &v.name),
        moves: moves.collect(),
        result: &block.result,
    }
}

/// The claims a result makes of the parts of its target.
fn unstacked(target: &Target, form: Form, result: &Expr) -> Vec<(Symbol, Expr)> {
    if target.parts.len() == 1 {
        return vec![(target.parts[0].0.clone(), result.clone())];
    }
    let mut first = crate::expr::Size::one();
    let mut out = Vec::new();
    for (name, shape) in &target.parts {
        let count = shape.rows.clone();
        let range =
            crate::expr::Range { first: first.clone(), last: first.plus(&count).minus(&crate::expr::Size::one()) };
        let all = |s: &crate::expr::Size| crate::expr::Range::all(s);
        let op = match form {
            Form::Jacobian => Op::Slice { rows: all(&result.shape().rows), cols: range },
            Form::Shape | Form::Both | Form::Differential => Op::Slice { rows: range, cols: all(&result.shape().cols) },
        };
        out.push((name.clone(), Expr::node(op, vec![result.clone()])));
        first = first.plus(&count);
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::derive::Step;
    use crate::derive::{Form, Options, derive};
    use crate::expr::{had, integer};

    #[test]
    fn a_wrong_step_is_found_out() {
        let options = Options { form: Some(Form::Both), steps: true, ..Options::default() };
        let right = derive("s = u^T f(W x + b)", &options).expect("the lecture's network");
        let all = right.blocks.iter().flat_map(|b| &b.steps);
        // "∂s/∂x = …" says what a symbol stands for
        let stated = |s: &&Step| s.before.as_variable().is_some_and(|v| v.name.as_partial().is_some());
        let (steps, statements) = (all.clone().count(), all.filter(stated).count());
        let places = right.blocks.iter().enumerate().flat_map(|(i, b)| (0..b.steps.len()).map(move |j| (i, j)));
        let caught = places.filter(|(i, j)| {
            let mut wrong = right.clone();
            let after = &mut wrong.blocks[*i].steps[*j].after;
            *after = had(vec![integer(2), after.clone()]);
            wrong.verify(&right.program).is_err()
        });
        assert_eq!((caught.count(), statements < steps / 3), (steps - statements, true), "of {steps} steps");
    }
}
