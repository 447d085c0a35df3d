//! The forward sweep: as a target moves, every definition hands its change on to those that use it.

use super::local::Solver;
use super::product::paired_with;
use super::refusal::Refusal;
use crate::diag::Error;
use crate::expr::{Expr, Op, Symbol, add, is_zero, variable, zeros};
use crate::program::Definition;
use std::collections::BTreeMap;

/// What a forward sweep found.
pub struct Tangents {
    /// The change of the value.
    pub of: Expr,
    /// The named changes, in the order in which they may be used.
    pub named: Vec<Definition>,
}

/// Changes of fewer nodes are written where they are used.
const NAMED_FROM: u64 = 3;

/// Sweeps forwards from the changes of the targets to that of `of`. With `name`, changes get names (`name(z)` is that of
/// z); without, they are written out. `Err` says what could not be differentiated, and where.
pub fn tangents(
    definitions: &[Definition],
    of: &Symbol,
    targets: &BTreeMap<Symbol, Expr>,
    name: Option<&dyn Fn(&Symbol) -> Symbol>,
    solver: &mut Solver,
) -> Result<Tangents, Error> {
    let mut changes = targets.clone();
    let mut named = Vec::new();
    for d in definitions {
        if changes.contains_key(&d.name) {
            continue; // a target moves by itself
        }
        let change = change(&d.value, &changes, solver).map_err(|r| r.of(d))?;
        if d.name == *of {
            let of = solver.tidy(&change).result;
            return Ok(Tangents { of, named });
        }
        if is_zero(&change) {
            continue;
        }
        let change = solver.tidy(&change).result;
        let change = match name {
            Some(name) if change.nodes() >= NAMED_FROM => {
                let symbol = name(&d.name);
                let own = variable(&symbol, change.shape());
                named.push(Definition { name: symbol, value: change, written: None, span: d.span });
                own
            }
            Some(_) | None => change,
        };
        changes.insert(d.name.clone(), change);
    }
    let of = changes.get(of).cloned().unwrap_or_else(|| crate::expr::integer(0));
    Ok(Tangents { of, named })
}

/// The change of a term: the sum of what each moving operand contributes, the others held still.
fn change(value: &Expr, changes: &BTreeMap<Symbol, Expr>, solver: &mut Solver) -> Result<Expr, Refusal> {
    let mut terms = vec![zeros(value.shape())];
    for (name, shape) in operands(value) {
        if let Some(moved) = changes.get(&name) {
            let d = solver.differential(value, &name, &shape)?;
            terms.push(put(&d, moved));
        }
    }
    Ok(add(terms))
}

/// The moving operand's differential replaced by its change, inner products written as the language has them.
fn put(e: &Expr, moved: &Expr) -> Expr {
    e.rewrite(&mut |e| match (e.op(), e.args()) {
        (Op::Differential, _) => moved.clone(),
        (Op::Inner, [g, a]) => paired_with(g.clone(), a.clone()),
        _ => e,
    })
}

fn operands(e: &Expr) -> BTreeMap<Symbol, crate::expr::Shape> {
    fn collect(e: &Expr, found: &mut BTreeMap<Symbol, crate::expr::Shape>) {
        if let Some(v) = e.as_variable() {
            found.insert(v.name.clone(), v.shape.clone());
        }
        e.args().iter().for_each(|a| collect(a, found));
    }
    let mut found = BTreeMap::new();
    collect(e, &mut found);
    found
}
