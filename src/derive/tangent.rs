//! The forward sweep: as a target moves, every definition hands its change on to those that use it.

use super::local::Solver;
use super::pass::{Link, Pass, Walk, forwards};
use super::product::paired_with;
use super::recall::Recall;
use crate::diag::Error;
use crate::expr::{Expr, Op, Symbol, integer, variable};
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
    let walk = Walk::new(definitions, targets.keys().cloned(), Recall::default(), solver);
    let mut pass = Tangent { walk, of, name };
    let of = forwards(&mut pass, targets.clone(), of)?.unwrap_or_else(|| integer(0));
    Ok(Tangents { of, named: pass.walk.found().deltas })
}

struct Tangent<'a> {
    walk: Walk<'a>,
    of: &'a Symbol,
    name: Option<&'a dyn Fn(&Symbol) -> Symbol>,
}

impl<'a> Pass<'a> for Tangent<'a> {
    fn walk(&mut self) -> &mut Walk<'a> {
        &mut self.walk
    }

    /// What one moving operand contributes, the others held still.
    fn step(&mut self, link: &Link, moved: &Expr) -> Result<Expr, Error> {
        let d = self.walk.solver.differential(&link.term, &link.operand, &link.shape).map_err(|r| r.of(link.of))?;
        Ok(put(&d, moved))
    }

    fn arrive(&mut self, at: &Symbol, definition: Option<&Definition>, contributions: Vec<Expr>) -> Expr {
        let change = self.walk.combined(contributions).1.result;
        match (self.name, definition) {
            (Some(name), Some(d)) if at != self.of && change.nodes() >= NAMED_FROM => {
                let symbol = name(at);
                self.walk.define(&symbol, &change, d);
                variable(&symbol, change.shape())
            }
            (Some(_) | None, _) => change,
        }
    }
}

/// The moving operand's differential replaced by its change, inner products written as the language has them.
fn put(e: &Expr, moved: &Expr) -> Expr {
    e.rewrite(&mut |e| match (e.op(), e.args()) {
        (Op::Differential, _) => moved.clone(),
        (Op::Inner, [g, a]) => paired_with(g.clone(), a.clone()),
        _ => e,
    })
}
