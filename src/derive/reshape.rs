//! From the Jacobian form to the shape convention, as steps of its own: the lecture's point is to see it.

use super::local::{Solver, TIDY_NODES};
use super::options::Form;
use super::problem::Local;
use super::recall::replaced;
use super::result::{Derivation, Derivative};
use super::sentence::{Sentence, Word};
use super::steps::{Block, Goal, Step, partial, reason, shown};
use crate::engine::ProofStep;
use crate::expr::{Expr, Op, Symbol, mul, transpose, variable};
use crate::fuel;
use crate::program::{Definition, Inliner};

/// A block for every target that has both forms: the row stands up, or is folded back into a matrix. Where no rule leads
/// from one to the other, that their numbers agree is said when they are `checked`, and nothing otherwise.
pub fn blocks(d: &Derivation, solver: &mut Solver, checked: bool) -> Vec<Block> {
    let jacobians = d.derivatives.iter().filter(|x| x.form == Form::Jacobian && x.wrt.parts.len() == 1);
    let pairs =
        jacobians.filter_map(|j| Some((j, d.derivatives.iter().find(|s| s.form == Form::Shape && s.wrt == j.wrt)?)));
    let mut pairs: Vec<_> = pairs.enumerate().collect();
    // short ones first, so that a long one leaves something to do them with
    pairs.sort_by_key(|(_, (j, _))| j.result.nodes());
    let mut found: Vec<_> =
        pairs.into_iter().filter_map(|(at, (j, s))| Some((at, block(d, j, s, solver, checked)?))).collect();
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, block)| block).collect()
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
    solver.set_out_anew();
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
        let unfolded = self.unfolded();
        let by_rules = self.by_tidying(&unfolded).or_else(|| self.by_proof(&unfolded.result));
        match by_rules {
            Some(steps) => Some([shown(&unfolded.steps), steps].concat()),
            None => checked.then(|| vec![last("compare_forms", self.start, self.gradient)]),
        }
    }

    /// What is folded back, with all before ⊗ as one row, whatever that is made of: unvec((r (xᵀ ⊗ I))ᵀ) is rᵀ xᵀ.
    fn unfolded(&mut self) -> Local {
        let same = Local { result: self.start.clone(), steps: vec![] };
        let Some(front) = front(self.start) else { return same };
        let name = Symbol::Rest;
        let short = replaced(self.start, &front, &variable(&name, front.shape()));
        let put = |e: &Expr| e.substitute(&|n| (*n == name).then(|| front.clone()));
        let local = self.solver.reshape(&short);
        Local { result: put(&local.result), steps: local.steps.iter().map(|s| s.map(&put)).collect() }
    }

    /// What is tidied without ⊗, unvec and diag is the gradient, up to the names of error signals.
    fn by_tidying(&mut self, unfolded: &Local) -> Option<Vec<Step>> {
        let local = self.solver.reshape(&unfolded.result);
        let mut steps = shown(&local.steps);
        if local.result != *self.gradient {
            // also without the error signals that others are made of
            let written_out = Inliner::new(self.d.deltas.iter()).inline(self.gradient)?;
            steps.extend(shown(&self.solver.prove_by_form(&local.result, &written_out, &[])?));
            steps.push(last("use_delta", &written_out, self.gradient));
        }
        Some(steps)
    }

    /// The proof that `check` would give: where the forward pass is left as it is, or with all of it written out.
    fn by_proof(&mut self, unfolded: &Expr) -> Option<Vec<Step>> {
        let signals = &self.d.deltas;
        let all = [&self.d.forward[..], signals].concat();
        let searched = [signals, &all].into_iter().find_map(|names| self.solver.prove(unfolded, self.gradient, names));
        let found = searched.or_else(|| self.solver.prove_by_form(unfolded, self.gradient, signals));
        found.or_else(|| self.by_last_forms(unfolded, &all)).map(|s| shown(&s))
    }

    /// The way of both to one last form, with all that is named written out.
    fn by_last_forms(&mut self, unfolded: &Expr, names: &[Definition]) -> Option<Vec<ProofStep>> {
        let inliner = Inliner::new(names.iter());
        let [from, to] = [unfolded, self.gradient].map(|e| self.last_forms(e, &inliner));
        let (there, back) = from.iter().find_map(|a| Some((a, to.iter().find(|b| b.result == a.result)?)))?;
        let turned = |s: &ProofStep| ProofStep { before: s.after.clone(), after: s.before.clone(), ..s.clone() };
        Some(there.steps.iter().cloned().chain(back.steps.iter().rev().map(turned)).collect())
    }

    /// The last forms of a term: of it as it is, and multiplied out.
    fn last_forms(&mut self, e: &Expr, inliner: &Inliner) -> Vec<Local> {
        let Some(full) = inliner.inline(e).filter(|full| full.nodes() <= TIDY_NODES) else { return vec![] };
        let start = Local { result: full.clone(), steps: vec![ProofStep::new("definition", e.clone(), full)] };
        let expanded = start.clone().then(|e| self.solver.expanded(e)).then(|e| self.solver.expanded(e));
        let forms = [start, expanded].map(|local| local.then(|e| self.solver.finish(e))).to_vec();
        // what was made of a term on an empty tank is no form of it
        if fuel::is_spent() { vec![] } else { forms }
    }
}

/// The product before ⊗ in what is folded back, where it is more than a letter.
fn front(folded: &Expr) -> Option<Expr> {
    let Op::Unvec(..) = folded.op() else { return None };
    let chain = chain_with_kron(folded)?;
    let at = chain.args().iter().position(|f| *f.op() == Op::Kron)?;
    let front = mul(chain.args()[..at].to_vec());
    (at > 0 && *front.op() == Op::Mul).then_some(front)
}

fn chain_with_kron(e: &Expr) -> Option<&Expr> {
    let own = *e.op() == Op::Mul && e.args().iter().any(|f| *f.op() == Op::Kron);
    if own { Some(e) } else { e.args().iter().find_map(chain_with_kron) }
}

fn last(rule: &str, before: &Expr, after: &Expr) -> Step {
    Step { rule: rule.to_owned(), before: before.clone(), after: after.clone(), why: reason(rule) }
}
