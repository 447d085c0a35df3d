//! The lecture's own argument: how a derivative by indices comes about, one reason after the other. The derivative goes
//! inside the sum, at a place it is an ordinary one, and of the terms only those remain in which the target stands.

use super::super::sentence::{Sentence, Word};
use super::super::steps::{Block, Goal, Step};
use super::forward::Forward;
use super::gather::{gathered, same};
use super::letters::{all_apart, bound_apart};
use super::local::gradients;
use super::reverse::{Reverse, collect, moving_part, others, share};
use super::shorter::depth;
use super::targets::{IndexedTarget, sampled};
use super::within::joined_sums;
use super::{Calculus, column, joined, weight};
use crate::diag::Error;
use crate::expr::{
    Comparator, Elementwise, Expr, Function, Gathering, Index, Indexed, Map, Name, Op, Partial, Place, PlaceCondition,
    Shape, Symbol, add, as_number, elementwise, had, integer, neg, transpose, variable, zeros,
};
use crate::program::Definition;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Definitions are written into a value as long as it has at most so many nodes.
const MAX_NODES: u64 = 400;
/// More moves than these are no explanation.
const MAX_STEPS: usize = 24;

/// What is done to derivatives that are still to be taken, the first of these first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Advance {
    SumRule,
    SumInside,
    MeanInside,
    Others(Gathering),
    Factor,
    Chain,
    Handed,
    Place,
}

/// What is derived, and in which layout.
struct ExplainedGoal {
    label: Symbol,
    /// What its letters run over.
    scope: Vec<Index>,
    /// Whether the derivative of a scalar is a row.
    row: bool,
    /// Why the term to begin with is what it is called.
    why: &'static str,
}

/// Explains one derivative.
pub struct Explainer<'a, 'b> {
    calculus: &'a mut Calculus<'b>,
    target: &'a IndexedTarget,
    active: BTreeSet<Symbol>,
    /// The members of the target that were met, at other letters than its own.
    met: BTreeSet<Symbol>,
}

impl<'a, 'b> Explainer<'a, 'b> {
    pub fn new(calculus: &'a mut Calculus<'b>, target: &'a IndexedTarget) -> Explainer<'a, 'b> {
        let active = calculus.active(&target.name);
        Explainer { calculus, target, active, met: BTreeSet::new() }
    }

    /// The steps from a value to its derivative, of a scalar as a `row` or in the shape of the target; `None` where they would
    /// be too many.
    ///
    /// # Errors
    /// As for the derivative.
    pub fn block(&mut self, of: &IndexedTarget, row: bool, result: &Expr) -> Result<Option<Block>, Error> {
        let value = of.value(self.calculus.program);
        let written = self.written_out(&value, usize::MAX);
        let why =
            if written == value { "what it stands for" } else { "what it stands for, its definitions written out" };
        let goal = ExplainedGoal { label: of.label(self.calculus.program), scope: of.scope.clone(), row, why };
        self.steps(goal, &written, result)
    }

    /// The same from a derivative, by `outer`, to that of the next order.
    ///
    /// # Errors
    /// As for the derivative.
    pub fn further(
        &mut self,
        of: &IndexedTarget,
        outer: &[IndexedTarget],
        below: &Expr,
        result: &Expr,
    ) -> Result<Option<Block>, Error> {
        let own = of.label(self.calculus.program);
        let label = outer.iter().fold(own, |label, t| Symbol::partial(&label, &t.symbol()));
        let scope = outer.iter().fold(of.scope.clone(), |scope, t| joined(&scope, &t.scope));
        let why = if outer.len() == 1 { "the first derivative" } else { "the derivative below" };
        self.steps(ExplainedGoal { label, scope, row: true, why }, below, result)
    }

    fn steps(&mut self, goal: ExplainedGoal, written: &Expr, result: &Expr) -> Result<Option<Block>, Error> {
        let ExplainedGoal { label, scope, row, why } = goal;
        let scope = joined(&scope, &self.target.scope);
        let left = variable(Symbol::partial(&label, &self.target.symbol()), result.shape());
        // a sum runs over letters that the target does not have
        let written = all_apart(written, &scope.iter().map(|i| i.letter.clone()).collect());
        let mut steps = vec![];
        let row = row && written.is_scalar() && !self.target.shape.is_scalar();
        let still = self.still(&written);
        let mut current = if row { transpose(column(still)) } else { still };
        steps.push(Step {
            rule: "definition".to_owned(),
            before: left.clone(),
            after: current.clone(),
            why: why.into(),
        });
        let apart = logarithms_apart(&written);
        if apart != written && !row {
            let after = self.still(&apart);
            let why = "the logarithm of a product is the sum of the logarithms, and that of exp(a) is a".into();
            steps.push(Step { rule: "log_of_product".to_owned(), before: current, after: after.clone(), why });
            current = after;
        }
        while let Some(next) = self.first_move(&current) {
            if steps.len() > MAX_STEPS {
                return Ok(None);
            }
            let after = self.moved_on(&current, next, &scope)?;
            let why = self.reason(next);
            steps.push(Step { rule: word(next).to_owned(), before: current, after: after.clone(), why });
            current = after;
        }
        let remaining = picked(&current);
        // what a first look leaves in a sum within sums a second one takes out
        let first = self.calculus.normal(&current, &scope);
        let form = self.calculus.normal(&first, &scope);
        if form != current {
            let (rule, why) = match remaining.is_empty() {
                false => ("remaining_terms", remain(&remaining)),
                true => {
                    ("tidy", "what does not depend on an index stands before the sum, like terms are joined".into())
                }
            };
            steps.push(Step { rule: rule.to_owned(), before: current, after: form.clone(), why });
        }
        if form != *result {
            let one = joined_sums(&form);
            let is_joined = one != form && self.calculus.normal(&one, &scope) == *result;
            let why = if is_joined { "sums over the same places are one" } else { "the same, tidied" }.into();
            steps.push(Step { rule: "tidy".to_owned(), before: form, after: result.clone(), why });
        }
        let jacobian = row || !written.is_scalar() || label.as_partial().is_some();
        let wrt = self.target.symbol();
        Ok(Some(Block { goal: Goal::Total, of: label, wrt, jacobian, steps, left, result: result.clone() }))
    }

    /// ∂e/∂target, not yet taken.
    fn still(&self, e: &Expr) -> Expr {
        let of = match e.as_variable() {
            Some(v) if v.name.as_indexed().is_some() => v.name.clone(),
            _ => Indexed::Gathered { by: Gathering::Sum, over: vec![], when: vec![], body: e.clone() }.symbol(),
        };
        let by = vec![self.target.symbol()];
        variable(Symbol::Partial(Arc::new(Partial { of, by, direct: false })), &self.shape_of(e))
    }

    /// The shape of a derivative: that of the target for a scalar, else that of the Jacobian.
    fn shape_of(&self, e: &Expr) -> Shape {
        match e.is_scalar() {
            true => self.target.shape.clone(),
            false => Shape::new(e.shape().count(), self.target.shape.count()),
        }
    }

    /// What a symbol is the derivative of, not yet taken.
    fn as_still(&self, symbol: &Symbol) -> Option<Expr> {
        let partial = symbol.as_partial()?;
        let shape = match partial.of.as_indexed()? {
            Indexed::Gathered { by: Gathering::Sum, over, when, body } if over.is_empty() && when.is_empty() => {
                return Some(body.clone());
            }
            Indexed::Gathered { body, .. } => body.shape().clone(),
            Indexed::Member { family, .. } => self.calculus.member_shape(family).ok()?,
            Indexed::Entry { .. } => Shape::scalar(),
            Indexed::Stack { .. } | Indexed::Number(_) => return None,
        };
        Some(variable(partial.of.clone(), &shape))
    }

    fn moves(&self, e: &Expr) -> bool {
        let mut found = false;
        collect(e, &mut |s, _| found |= self.calculus.moves(s, &self.active));
        found
    }

    /// The value with its scalar and random definitions that move in their places, as long as sums stand at most so deep in sums.
    pub fn written_out(&self, e: &Expr, deepest: usize) -> Expr {
        let mut value = e.clone();
        let random = sampled(self.calculus.program);
        let moved = |d: &&Definition| d.name != self.target.name && self.active.contains(&d.name);
        for d in self.calculus.program.definitions.iter().rev().filter(moved) {
            let put = self.calculus.put(&value, &|name| (*name == d.name).then(|| d.value.clone()));
            // what is random is told where its expectation is
            if (d.value.is_scalar() || random.contains(&d.name)) && weight(&put) <= MAX_NODES && depth(&put) <= deepest
            {
                value = put;
            }
        }
        value
    }

    /// The kind of move that comes next.
    fn first_move(&self, e: &Expr) -> Option<Advance> {
        let mut found: Option<Advance> = None;
        self.each(e, &mut |body| {
            let own = self.kind(body);
            found = Some(found.map_or(own, |f| f.min(own)));
        });
        found
    }

    /// Everything whose derivative is not taken yet.
    fn each(&self, e: &Expr, f: &mut dyn FnMut(&Expr)) {
        collect(e, &mut |s, _| match (self.as_still(s), s.as_indexed()) {
            (Some(body), _) => f(&body),
            (None, Some(Indexed::Gathered { body, .. })) => self.each(body, f),
            (None, _) => {}
        });
    }

    fn kind(&self, body: &Expr) -> Advance {
        if let Some(Indexed::Gathered { by, over, .. }) = body.as_variable().and_then(|v| v.name.as_indexed()) {
            return match by {
                // a bracket is a factor of what stands in it
                Gathering::Sum if over.is_empty() => Advance::Factor,
                Gathering::Sum => Advance::SumInside,
                Gathering::Mean | Gathering::Expectation => Advance::MeanInside,
                Gathering::Product | Gathering::Maximum | Gathering::Minimum => Advance::Others(*by),
            };
        }
        let leaves = self.calculus.leaves(body, &self.active);
        let termwise = *body.op() == Op::Add || *body.op() == Op::Had && !body.is_scalar();
        let inner = leaves.iter().any(|(s, shape)| is_gathered(s) && (shape.is_scalar() || termwise));
        match body.op() {
            Op::Add if inner => Advance::SumRule,
            Op::Had if inner && self.moving_factor(body).is_some() => Advance::Factor,
            _ if inner && body.is_scalar() => Advance::Chain,
            _ if body.is_scalar() && leaves.keys().any(is_gathered) => Advance::Handed,
            _ => Advance::Place,
        }
    }

    /// The one factor that moves, where it is a sum.
    fn moving_factor(&self, body: &Expr) -> Option<Expr> {
        let moving: Vec<&Expr> = body.args().iter().filter(|f| self.moves(f)).collect();
        let gathered = |f: &&&Expr| f.as_variable().is_some_and(|v| is_gathered(&v.name));
        let moving = moving.first().filter(|f| moving.len() == 1 && gathered(f))?;
        let scaled = body.args().iter().all(|f| f.is_scalar() || f == *moving);
        scaled.then(|| (*moving).clone())
    }

    /// The term after all moves of one kind.
    fn moved_on(&mut self, e: &Expr, next: Advance, scope: &[Index]) -> Result<Expr, Error> {
        let mut failed = None;
        let after = e.rewrite(&mut |e| {
            let Some(v) = e.as_variable() else { return e };
            let one = match (self.as_still(&v.name), v.name.as_indexed()) {
                (Some(body), _) if self.kind(&body) == next => self.taken(&body, next, scope),
                (None, Some(Indexed::Gathered { by, over, when, body })) => {
                    let inner: Vec<Index> = over.iter().chain(scope).cloned().collect();
                    self.moved_on(body, next, &inner).map(|b| gathered(*by, over.clone(), when.clone(), b))
                }
                _ => return e,
            };
            one.unwrap_or_else(|error| {
                failed = failed.take().or(Some(error));
                e
            })
        });
        failed.map_or(Ok(after), Err)
    }

    /// One derivative, taken one level further.
    fn taken(&mut self, body: &Expr, next: Advance, scope: &[Index]) -> Result<Expr, Error> {
        match next {
            Advance::SumRule => {
                let terms: Vec<Expr> = body.args().iter().filter(|t| self.moves(t)).map(|t| self.still(t)).collect();
                Ok(add(terms))
            }
            Advance::Factor => {
                let Some(moving) = self.moving_factor(body) else { return self.inside(body, scope) };
                let still = self.still(&moving);
                let put = |f: &Expr| if *f == moving { still.clone() } else { f.clone() };
                Ok(had(body.args().iter().map(put).collect()))
            }
            Advance::SumInside | Advance::MeanInside | Advance::Others(_) => self.inside(body, scope),
            Advance::Chain | Advance::Handed | Advance::Place if body.is_scalar() => self.along(body, scope),
            Advance::Chain | Advance::Handed | Advance::Place => {
                let scope = joined(scope, &self.target.scope);
                let jacobian = Forward::new(self.calculus, self.target).of(body, &scope)?;
                self.met.extend(self.members(body));
                Ok(jacobian)
            }
        }
    }

    fn inside(&mut self, body: &Expr, scope: &[Index]) -> Result<Expr, Error> {
        let Some(Indexed::Gathered { by, over, when, body }) = body.as_variable().and_then(|v| v.name.as_indexed())
        else {
            return Ok(body.clone());
        };
        let (over, when, body) = bound_apart(over, when, body, &scope.iter().map(|i| i.letter.clone()).collect());
        let inner = self.still(&moving_part(*by, body.clone()));
        let (by, factor) = match by {
            Gathering::Sum | Gathering::Expectation => (*by, integer(1)),
            Gathering::Mean => (Gathering::Sum, share(&over, &when)),
            Gathering::Product | Gathering::Maximum | Gathering::Minimum => {
                (Gathering::Sum, others(*by, &over, &when, &body))
            }
        };
        Ok(gathered(by, over, when, had(vec![factor, inner])))
    }

    /// By the rules for ordinary variables; what is gathered inside stays to be derived.
    fn along(&mut self, body: &Expr, scope: &[Index]) -> Result<Expr, Error> {
        let leaves = self.calculus.leaves(body, &self.active);
        let mut parts = vec![zeros(&self.target.shape)];
        for (leaf, gradient) in gradients(body, &integer(1), &leaves, &mut self.calculus.solver)? {
            let gradient = self.calculus.normal(&gradient, scope);
            parts.push(match leaf.as_indexed() {
                None if leaf == self.target.name && self.target.at.is_none() => gradient,
                Some(Indexed::Member { family, at }) if *family == self.target.name && self.target.at.is_some() => {
                    self.met.insert(leaf.clone());
                    self.where_it_is(at, gradient)
                }
                Some(Indexed::Gathered { .. }) if leaves[&leaf].is_scalar() => {
                    had(vec![gradient, self.still(&variable(leaf.clone(), &Shape::scalar()))])
                }
                Some(_) | None => Reverse::of_leaf(self.calculus, &leaf, gradient, self.target, scope)?,
            });
        }
        Ok(add(parts))
    }

    /// The members of the target in a term.
    fn members(&self, e: &Expr) -> BTreeSet<Symbol> {
        let own = |s: &Symbol| match s.as_indexed() {
            Some(Indexed::Member { family, at }) => {
                *family == self.target.name && self.target.at.as_ref().is_some_and(|own| own != at)
            }
            Some(_) | None => false,
        };
        self.calculus.leaves(e, &self.active).into_keys().filter(|s| own(s)).collect()
    }

    /// The gradient by a member counts where that is the target.
    fn where_it_is(&self, at: &[Place], gradient: Expr) -> Expr {
        let own = self.target.at.iter().flatten();
        let equal: Vec<PlaceCondition> =
            at.iter().zip(own).filter(|(a, o)| a != o).map(|(a, o)| same(a.clone(), o.clone())).collect();
        if equal.is_empty() { gradient } else { gathered(Gathering::Sum, vec![], equal, gradient) }
    }

    fn reason(&self, next: Advance) -> Sentence {
        match next {
            Advance::SumRule => "a sum is derived term by term, and what does not move falls away".into(),
            Advance::SumInside => "the derivative goes inside the sum".into(),
            Advance::MeanInside => "the derivative goes inside the mean".into(),
            Advance::Others(Gathering::Product) => "each factor moves while the others stay".into(),
            Advance::Others(_) => "only the one that is reached moves it".into(),
            Advance::Factor => "a factor that does not move stands before the derivative".into(),
            Advance::Chain => "the derivative of the outer function, times that of what is inside".into(),
            Advance::Handed => "what the whole hands to the sum goes to each of its terms".into(),
            Advance::Place if self.met.is_empty() => {
                "with the indices held fixed this is an ordinary derivative".into()
            }
            Advance::Place => {
                let own = Word::from(&self.target.symbol());
                let met = self.met.iter().next().map(|m| [Word::from(m), " is ".into(), own.clone()]);
                let places =
                    ", no other member moves with it; with the indices held fixed the rest is an ordinary derivative";
                Sentence::new(met.into_iter().flatten().chain([" where their indices agree".into(), places.into()]))
            }
        }
    }
}

fn word(next: Advance) -> &'static str {
    match next {
        Advance::SumRule => "sum_rule",
        Advance::SumInside => "inside_the_sum",
        Advance::MeanInside => "inside_the_mean",
        Advance::Others(Gathering::Product) => "product_rule",
        Advance::Others(_) => "the_one_reached",
        Advance::Factor => "constant_factor",
        Advance::Chain => "chain_rule",
        Advance::Handed => "into_the_sum",
        Advance::Place => "at_a_place",
    }
}

fn is_gathered(symbol: &Symbol) -> bool {
    matches!(symbol.as_indexed(), Some(Indexed::Gathered { over, .. }) if !over.is_empty())
}

/// What is easier derived: log(exp(a) / b) as a − log(b), also within sums.
fn logarithms_apart(e: &Expr) -> Expr {
    e.rewrite(&mut |e| {
        let symbol = e.as_variable().map(|v| v.name.clone());
        match symbol.as_ref().and_then(Symbol::as_indexed) {
            Some(Indexed::Gathered { by, over, when, body }) => {
                gathered(*by, over.clone(), when.clone(), logarithms_apart(body))
            }
            Some(_) => e,
            None => logarithm_apart(&e).unwrap_or(e),
        }
    })
}

fn logarithm_apart(e: &Expr) -> Option<Expr> {
    let of = |e: &Expr, function| match e.op() {
        Op::Map(m) if *m == Map { function: Function::Builtin(function), order: 0 } => Some(e.args()[0].clone()),
        _ => None,
    };
    let product = of(e, Elementwise::Log).filter(|a| *a.op() == Op::Had && a.is_scalar())?;
    let (exponents, rest): (Vec<Expr>, Vec<Expr>) =
        product.args().iter().cloned().partition(|f| of(f, Elementwise::Exp).is_some());
    let exponents: Vec<Expr> = exponents.iter().filter_map(|f| of(f, Elementwise::Exp)).collect();
    let below = match rest.as_slice() {
        [one] if *one.op() == Op::Pow && as_number(&one.args()[1]).is_some_and(|p| *p == (-1).into()) => {
            neg(elementwise(Elementwise::Log, one.args()[0].clone()))
        }
        _ => elementwise(Elementwise::Log, had(rest)),
    };
    (!exponents.is_empty()).then(|| add([exponents, vec![below]].concat()))
}

/// The letters of sums that brackets inside them fix, with their places.
fn picked(e: &Expr) -> Vec<(Name, Place)> {
    let mut found = vec![];
    pick(e, &mut vec![], &mut found);
    found
}

fn pick(e: &Expr, bound: &mut Vec<Name>, found: &mut Vec<(Name, Place)>) {
    collect(e, &mut |s, _| {
        let Some(Indexed::Gathered { over, when, body, .. }) = s.as_indexed() else { return };
        let outside = bound.len();
        bound.extend(over.iter().map(|i| i.letter.clone()));
        for c in when.iter().filter(|c| c.relation == Comparator::Equal) {
            let sides = [(&c.left, &c.right), (&c.right, &c.left)];
            let fixed = sides.into_iter().find_map(|(own, other)| {
                let letter = own.at_rest().cloned().filter(|l| bound.contains(l))?;
                Some((letter, other.clone()))
            });
            found.extend(fixed.filter(|f| !found.contains(f)));
        }
        pick(body, bound, found);
        bound.truncate(outside);
    });
}

fn remain(picked: &[(Name, Place)]) -> Sentence {
    let places: Vec<String> = picked.iter().map(|(l, p)| format!("{l} = {p}")).collect();
    let terms = if places.len() == 1 { "only the term" } else { "of each sum only the term" };
    format!("{terms} {} remains", places.join(", ")).as_str().into()
}
