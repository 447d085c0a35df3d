//! Inside a plate a term is a small program whose inputs are all its variables, what stands at indices among them: it is
//! derived like any other document.

use super::super::cut::{cut, written_out};
use super::super::jacobians::{Chains, Root, jacobians};
use super::super::local::Solver;
use super::super::pass::Swept;
use super::super::product::paired_with;
use super::super::pullback::{Task, pullbacks};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Expr, Purpose, Shape, Symbol, had, variable};
use crate::program::{Definition, Inliner, Program};
use std::collections::{BTreeMap, BTreeSet};

/// The gradient of ⟨cotangent, e⟩ in each of these variables, in its shape.
pub fn gradients(
    e: &Expr,
    cotangent: &Expr,
    leaves: &BTreeMap<Symbol, Shape>,
    solver: &mut Solver,
) -> Result<BTreeMap<Symbol, Expr>, Error> {
    if let Some(v) = e.as_variable() {
        return Ok(leaves.keys().filter(|l| **l == v.name).map(|l| (l.clone(), cotangent.clone())).collect());
    }
    let direction = Symbol::made(Purpose::Pairing, vec![], 0);
    let own = variable(&direction, e.shape());
    let value = if e.is_scalar() { e.clone() } else { paired_with(own, e.clone()) };
    let put = |g: Expr| match e.is_scalar() {
        true => had(vec![cotangent.clone(), g]),
        false => g.substitute(&|n| (*n == direction).then(|| cotangent.clone())),
    };
    let small = small(value, leaves);
    let task = Task {
        definitions: &small,
        of: &Symbol::Bare,
        label: &Symbol::Bare,
        targets: leaves,
        steps: false,
        again: false,
    };
    Ok(totals(pullbacks(&task, solver)?, &small)?.into_iter().map(|(x, g)| (x, put(g))).collect())
}

/// ∂vec(e)/∂vec(x)ᵀ for each of these variables.
pub fn local_jacobians(
    e: &Expr,
    leaves: &BTreeMap<Symbol, Shape>,
    solver: &mut Solver,
) -> Result<BTreeMap<Symbol, Expr>, Error> {
    let small = small(e.clone(), leaves);
    let (none, label) = (BTreeSet::new(), (&Symbol::Bare, &Symbol::Bare));
    let chains = Chains { definitions: &small, derived: &none, label, steps: false };
    let swept = jacobians(&chains, &[Root { of: &Symbol::Bare, targets: leaves.clone() }], solver)?;
    totals(swept, &small)
}

fn small(value: Expr, leaves: &BTreeMap<Symbol, Shape>) -> Vec<Definition> {
    let value = written_out(&Definition { name: Symbol::Bare, value, written: None, span: Span::default() });
    let program = Program { definitions: vec![value], ..Program::default() };
    cut(&program, &[Symbol::Bare], leaves).definitions
}

/// What was found, in the variables of the term alone.
fn totals(swept: Swept, small: &[Definition]) -> Result<BTreeMap<Symbol, Expr>, Error> {
    let named = small.iter().filter(|d| d.name != Symbol::Bare).chain(&swept.deltas);
    let inliner = Inliner::new(named);
    let large = || Error::new(Kind::Limit, "a term under an index has a derivative too large to be written out");
    let written = |e: &Expr| inliner.inline(e).ok_or_else(large);
    swept.totals.iter().map(|((_, x), e)| Ok((x.clone(), written(e)?))).collect()
}
