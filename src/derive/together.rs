//! Moves by one rule at different places of a term are one move: what crosses over in every term of a sum crosses over at once.

use super::steps::{Block, Step};
use crate::expr::{Expr, Op, add, build, had, mul};

/// Longer chains are left as they are.
const MAX_STEPS: usize = 60;
/// One move gives at most so many reasons.
const MAX_REASONS: usize = 3;

/// A move, and what it puts in the place of what.
#[derive(Clone)]
struct LocalMove {
    step: Step,
    sites: Vec<MovedPart>,
    reasons: usize,
}

/// A term, and what it became.
#[derive(Clone)]
struct MovedPart {
    from: Expr,
    to: Expr,
}

/// Steps by one rule for one reason, one after the other, are one step, and what could be made at once is.
pub(super) fn join(block: &mut Block) {
    let mut joined: Vec<Step> = vec![];
    for step in together(std::mem::take(&mut block.steps)) {
        match joined.last_mut() {
            Some(last) if is_one_move(last, &step) && last.after == step.before => {
                (last.rule, last.after) = (step.rule, step.after);
            }
            Some(_) | None => joined.push(step),
        }
    }
    joined.retain(|s| s.before != s.after);
    block.steps = without_circles(joined);
}

/// Whether two steps use one law for one reason, be it from the left or from the right.
fn is_one_move(a: &Step, b: &Step) -> bool {
    let law = |step: &Step| step.rule.strip_suffix("_back").unwrap_or(&step.rule).to_owned();
    law(a) == law(b) && a.why == b.why
}

/// Steps without those that lead back to where the chain has been.
fn without_circles(steps: Vec<Step>) -> Vec<Step> {
    let mut straight: Vec<Step> = vec![];
    let mut start = 0;
    for step in steps {
        if straight.last().is_some_and(|last| last.after != step.before) {
            start = straight.len();
        }
        match straight[start..].iter().position(|s| s.before == step.after) {
            Some(i) => straight.truncate(start + i),
            None => straight.push(step),
        }
        start = start.min(straight.len());
    }
    straight
}

/// A chain of steps with moves by one rule that could have been made at once as one.
fn together(steps: Vec<Step>) -> Vec<Step> {
    let is_chain = steps.windows(2).all(|pair| pair[0].after == pair[1].before);
    if steps.len() < 2 || steps.len() > MAX_STEPS || !is_chain {
        return steps;
    }
    let mut moves: Vec<LocalMove> = steps.into_iter().map(LocalMove::new).collect();
    let mut i = 0;
    while i < moves.len() {
        match (i + 1..moves.len()).find_map(|j| joined(&moves, i, j)) {
            Some(shorter) => moves = shorter,
            None => i += 1,
        }
    }
    moves.into_iter().map(|m| m.step).collect()
}

/// The chain with the j-th move made where the i-th is; `None` where it is of another rule, needs what comes between, or where
/// the chain would end elsewhere.
fn joined(moves: &[LocalMove], i: usize, j: usize) -> Option<Vec<LocalMove>> {
    let both = moves[i].and(&moves[j])?;
    let end = &moves.last()?.step.after;
    let rest = moves[i + 1..].iter().enumerate().filter(|(k, _)| i + 1 + k != j).map(|(_, m)| m);
    let mut chain = moves[..i].to_vec();
    let mut term = both.step.after.clone();
    chain.push(both);
    for m in rest {
        // where it was made already nothing is left of it
        if let Some(after) = m.made_of(&term) {
            let before = std::mem::replace(&mut term, after.clone());
            chain.push(LocalMove { step: Step { before, after, ..m.step.clone() }, ..m.clone() });
        }
    }
    (term == *end).then_some(chain)
}

impl LocalMove {
    fn new(step: Step) -> LocalMove {
        let site = difference(&step.before, &step.after);
        LocalMove { step, sites: vec![site], reasons: 1 }
    }

    /// This move and a later one by the same rule at once.
    fn and(&self, later: &LocalMove) -> Option<LocalMove> {
        let says_more = self.step.why != later.step.why;
        let reasons = self.reasons + if says_more { later.reasons } else { 0 };
        if self.step.rule != later.step.rule || reasons > MAX_REASONS {
            return None;
        }
        // it is no consequence of this one
        later.made_of(&self.step.before)?;
        let after = later.made_of(&self.step.after)?;
        let why = if says_more { self.step.why.and(&later.step.why) } else { self.step.why.clone() };
        let sites = self.sites.iter().chain(&later.sites).cloned().collect();
        Some(LocalMove { step: Step { after, why, ..self.step.clone() }, sites, reasons })
    }

    /// What the same move makes of another term; `None` where its place is not in it.
    fn made_of(&self, e: &Expr) -> Option<Expr> {
        self.sites.iter().try_fold(e.clone(), |e, site| {
            let moved = site.moved(&e);
            (moved != e).then_some(moved)
        })
    }
}

impl MovedPart {
    fn moved(&self, e: &Expr) -> Expr {
        if *e == self.from {
            return self.to.clone();
        }
        if *e.op() == *self.from.op()
            && matches!(e.op(), Op::Add | Op::Had)
            && let Some(others) = without(e.args(), self.from.args())
        {
            let all = [others, vec![self.to.clone()]].concat();
            return if *e.op() == Op::Add { add(all) } else { had(all) };
        }
        if *e.op() == Op::Mul && *self.from.op() == Op::Mul {
            let factors = self.from.args();
            if let Some(i) = e.args().windows(factors.len()).position(|w| w == factors) {
                return mul([&e.args()[..i], std::slice::from_ref(&self.to), &e.args()[i + factors.len()..]].concat());
            }
        }
        let args: Vec<Expr> = e.args().iter().map(|a| self.moved(a)).collect();
        if args == e.args() { e.clone() } else { build(e.op().clone(), args) }
    }
}

/// What is left of arguments without others, all of which are among them.
fn without(args: &[Expr], others: &[Expr]) -> Option<Vec<Expr>> {
    let left = left_over(args, others);
    (left.len() + others.len() == args.len() && !left.is_empty()).then_some(left)
}

/// The smallest part in which two terms differ, as it is in either.
fn difference(before: &Expr, after: &Expr) -> MovedPart {
    let whole = || MovedPart { from: before.clone(), to: after.clone() };
    if before.op() != after.op() {
        return whole();
    }
    let (from, to) = match before.op() {
        Op::Add | Op::Had => {
            let (from, to) = (left_over(before.args(), after.args()), left_over(after.args(), before.args()));
            if from.is_empty() || to.is_empty() {
                return whole();
            }
            (from, to)
        }
        Op::Mul => between(before.args(), after.args()),
        _ if before.args().len() == after.args().len() => between(before.args(), after.args()),
        _ => return whole(),
    };
    match (from.as_slice(), to.as_slice(), before.op()) {
        ([from], [to], _) => difference(from, to),
        (_, _, Op::Add) => MovedPart { from: add(from), to: add(to) },
        (_, _, Op::Had) => MovedPart { from: had(from), to: had(to) },
        ([_, ..], [_, ..], Op::Mul) => MovedPart { from: mul(from), to: mul(to) },
        _ => whole(),
    }
}

/// The arguments of the first that the second has not, each as often.
fn left_over(of: &[Expr], without: &[Expr]) -> Vec<Expr> {
    let mut others = without.to_vec();
    let mut is_left = |e: &&Expr| match others.iter().position(|o| o == *e) {
        Some(i) => {
            others.swap_remove(i);
            false
        }
        None => true,
    };
    of.iter().filter(|e| is_left(e)).cloned().collect()
}

/// The arguments that are between those that are the same at either end.
fn between(before: &[Expr], after: &[Expr]) -> (Vec<Expr>, Vec<Expr>) {
    let same = |pairs: &mut dyn Iterator<Item = (&Expr, &Expr)>| pairs.take_while(|(a, b)| a == b).count();
    let front = same(&mut before.iter().zip(after));
    let rest = before.len().min(after.len()) - front;
    let back = same(&mut before.iter().rev().zip(after.iter().rev()).take(rest));
    let part = |args: &[Expr]| args[front..args.len() - back].to_vec();
    (part(before), part(after))
}
