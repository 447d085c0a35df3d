//! Moves by one rule at different places of a term are one move: what crosses over in every term of a sum crosses over at once.

use super::steps::Step;
use crate::expr::{Expr, Op, add, build, had, mul};

/// Longer chains are left as they are.
const MAX_STEPS: usize = 60;
/// One move gives at most so many reasons.
const MAX_REASONS: usize = 3;

/// A move, and what it puts in the place of what.
#[derive(Clone)]
struct Move {
    step: Step,
    sites: Vec<Site>,
    reasons: usize,
}

/// A term, and what it became.
#[derive(Clone)]
struct Site {
    from: Expr,
    to: Expr,
}

/// A chain of steps with moves by one rule that could have been made at once as one.
pub(super) fn together(steps: Vec<Step>) -> Vec<Step> {
    let is_chain = steps.windows(2).all(|pair| pair[0].after == pair[1].before);
    if steps.len() < 2 || steps.len() > MAX_STEPS || !is_chain {
        return steps;
    }
    let mut moves: Vec<Move> = steps.into_iter().map(Move::new).collect();
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
fn joined(moves: &[Move], i: usize, j: usize) -> Option<Vec<Move>> {
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
            chain.push(Move { step: Step { before, after, ..m.step.clone() }, ..m.clone() });
        }
    }
    (term == *end).then_some(chain)
}

impl Move {
    fn new(step: Step) -> Move {
        let site = difference(&step.before, &step.after);
        Move { step, sites: vec![site], reasons: 1 }
    }

    /// This move and a later one by the same rule at once.
    fn and(&self, later: &Move) -> Option<Move> {
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
        Some(Move { step: Step { after, why, ..self.step.clone() }, sites, reasons })
    }

    /// What the same move makes of another term; `None` where its place is not in it.
    fn made_of(&self, e: &Expr) -> Option<Expr> {
        self.sites.iter().try_fold(e.clone(), |e, site| {
            let moved = site.moved(&e);
            (moved != e).then_some(moved)
        })
    }
}

impl Site {
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
fn difference(before: &Expr, after: &Expr) -> Site {
    let whole = || Site { from: before.clone(), to: after.clone() };
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
        (_, _, Op::Add) => Site { from: add(from), to: add(to) },
        (_, _, Op::Had) => Site { from: had(from), to: had(to) },
        ([_, ..], [_, ..], Op::Mul) => Site { from: mul(from), to: mul(to) },
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
