//! From the Jacobian form to the shape convention, as steps of its own: the lecture's point is to see it.

use super::fold::folded;
use super::local::{Solver, TIDY_NODES};
use super::options::Form;
use super::problem::Local;
use super::result::{Derivation, Derivative};
use super::sentence::{Sentence, Word};
use super::steps::{Block, Goal, Step, partial, reason, shown};
use crate::engine::ProofStep;
use crate::expr::{Builtin, Expr, Op, transpose};
use crate::fuel;
use crate::program::Inliner;

/// What is folded to more nodes is not tidied.
const TIDIED: u64 = 100;

/// For a proof between more nodes no graph is searched.
const SEARCHED: u64 = 30;

/// For a proof of fewer steps no shorter one is sought.
const SHORT_WAY: usize = 8;

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

/// A way from what a row folds to.
type Road<'a> = fn(&mut Folding<'a>, &Expr) -> Option<Vec<Step>>;

impl<'a> Folding<'a> {
    fn steps(&mut self, checked: bool) -> Option<Vec<Step>> {
        let proved = self.at_once().or_else(|| self.by_proof(self.start));
        let told =
            |steps: Vec<Step>| steps.into_iter().filter(|s| s.before != s.after).map(|s| self.named(s)).collect();
        proved.map(told).or_else(|| checked.then(|| vec![last("compare_forms", self.start, self.gradient)]))
    }

    /// What a definition is the reason of, from the name to what it stands for or back.
    fn named(&self, step: Step) -> Step {
        let signal = |e: &Expr| self.d.deltas.iter().filter(|d| e.mentions(&d.name)).count();
        let is_back = step.rule == "definition" && signal(&step.after) > signal(&step.before);
        if is_back { last("use_delta", &step.before, &step.after) } else { step }
    }

    /// All factors folded in one step, and what is left without ⊗ brought to the gradient.
    fn at_once(&mut self) -> Option<Vec<Step>> {
        let row = match self.start.op() {
            Op::Unvec(..) => transpose(self.start.args()[0].clone()),
            _ => transpose(self.start.clone()),
        };
        let result = folded(&row, self.gradient.shape())?;
        let fold = Step { why: why_folded(self.start), ..last("fold", self.start, &result) };
        if result == *self.gradient {
            return Some(vec![fold]);
        }
        let ways: [Road<'a>; 3] = [Self::by_tidy_proof, Self::by_proof, Self::by_signals];
        let mut found: Option<Vec<Step>> = None;
        for way in ways {
            let is_settled = found.as_ref().map_or(result.nodes() > TIDIED, |steps| steps.len() < SHORT_WAY);
            let next = if found.is_some() && is_settled { None } else { way(self, &result) };
            found = found.into_iter().chain(next).min_by_key(Vec::len);
        }
        let rest = found?;
        Some([vec![fold], rest].concat())
    }

    /// The proof of what it is when it is tidy.
    fn by_tidy_proof(&mut self, e: &Expr) -> Option<Vec<Step>> {
        let tidy = self.solver.tidy(e);
        let rest = if tidy.result == *self.gradient { Some(vec![]) } else { self.by_proof(&tidy.result) };
        Some([shown(&tidy.steps), rest?].concat())
    }

    /// Both in their last form, error signals written out.
    fn by_signals(&mut self, e: &Expr) -> Option<Vec<Step>> {
        let signals = Inliner::new(self.d.deltas.iter());
        self.by_last_forms(e, &signals).map(|s| shown(&s))
    }

    /// The proof that `check` would give: where the forward pass is left as it is, or with all of it written out.
    fn by_proof(&mut self, e: &Expr) -> Option<Vec<Step>> {
        let signals = &self.d.deltas;
        let is_short = e.nodes() + self.gradient.nodes() <= SEARCHED;
        let found = if is_short { self.solver.prove(e, self.gradient, signals) } else { None };
        let found = found.or_else(|| self.solver.prove_by_form(e, self.gradient, signals));
        let all = [&self.d.forward[..], signals].concat();
        let inliner = Inliner::new(all.iter());
        let found = found.or_else(|| self.written_out(e, &inliner));
        found.or_else(|| self.by_last_forms(e, &inliner)).map(|s| shown(&s))
    }

    /// The proof with all that is named written out.
    fn written_out(&mut self, e: &Expr, inliner: &Inliner) -> Option<Vec<ProofStep>> {
        let [from, to] = [inliner.inline(e)?, inliner.inline(self.gradient)?];
        let proof = self.solver.prove_by_form(&from, &to, &[])?;
        let before = ProofStep::new("definition", e.clone(), from);
        let after = ProofStep::new("definition", to, self.gradient.clone());
        Some([vec![before], proof, vec![after]].concat())
    }

    /// The way of both to one last form, with all that is named written out.
    fn by_last_forms(&mut self, e: &Expr, inliner: &Inliner) -> Option<Vec<ProofStep>> {
        let [from, to] = [e, self.gradient].map(|e| self.last_forms(e, inliner));
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

/// Why a row folds to what it folds to, by the factors it has.
fn why_folded(start: &Expr) -> Sentence {
    let by_kron = match start.op() {
        Op::Unvec(..) => "factor by factor from the right: r (B ⊗ A) folds to Aᵀ R B, where the row r folds to R",
        _ => "standing up turns products round, factor by factor",
    };
    let holds = |e: &dyn Fn(&Op) -> bool| speaks(start, e);
    let turns = if holds(&|op| matches!(op, Op::Commutation(..))) { "; K transposes" } else { "" };
    let scales =
        if holds(&|op| *op == Op::Builtin(Builtin::Diag)) { "; diag(v) multiplies entry by entry" } else { "" };
    Sentence::from(format!("{by_kron}{turns}{scales}").as_str())
}

fn speaks(e: &Expr, of: &dyn Fn(&Op) -> bool) -> bool {
    of(e.op()) || e.args().iter().any(|a| speaks(a, of))
}

fn last(rule: &str, before: &Expr, after: &Expr) -> Step {
    Step { rule: rule.to_owned(), before: before.clone(), after: after.clone(), why: reason(rule) }
}
