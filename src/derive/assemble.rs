//! What sweeps find, put together: stacked targets, results written out, and in terms of the document.

use super::charts::{in_document, put_back};
use super::idiom::Idiom;
use super::local::{Solver, TIDY_NODES};
use super::options::Form;
use super::pass::Swept;
use super::result::{Derivation, Derivative, ResultKind};
use super::target::Target;
use crate::expr::{Expr, Op, Shape, Symbol, build, zeros};
use crate::fuel;
use crate::program::{Definition, Inliner, Program};
use std::collections::BTreeMap;

impl Derivation {
    /// What a sweep found, target by target.
    pub(super) fn add(&mut self, form: Form, targets: &[Target], swept: Swept) {
        let Swept { totals, deltas, blocks } = swept;
        for t in targets {
            let result = stacked(t, form, (&self.of, &self.of_shape), &totals);
            self.derivatives.push(Derivative {
                outer: vec![],
                wrt: t.clone(),
                quantity: ResultKind::Derivative,
                form,
                shape: result.shape().clone(),
                result,
                inlined: None,
            });
        }
        self.deltas.extend(deltas);
        self.blocks.extend(blocks);
    }

    /// What writes results out, in the document's variables.
    pub(super) fn inliner(&self, deltas: &[Definition]) -> Inliner {
        let own = |d: &&Definition| self.charts.iter().any(|c| c.of.name == d.name);
        Inliner::new(self.forward.iter().chain(deltas).filter(|d| !own(d)))
    }

    /// Every result in the document's variables alone, as far as there is fuel for what is only another way of writing.
    /// Neither what is derived nor its limits depend on it.
    pub(super) fn write_out(&mut self, solver: &Solver) {
        let inliner = self.inliner(&self.deltas);
        let (mut tidier, derivatives) = (solver.afresh(), &mut self.derivatives);
        let idiom = Idiom::of(&self.forward);
        fuel::aside(|| {
            for one in derivatives {
                let written_out = inliner.inline(&one.result).map(|e| tidied(e, &mut tidier, &idiom));
                if fuel::is_spent() {
                    return;
                }
                one.inlined = written_out;
            }
        });
    }

    /// The derivation in terms of the document, whose variables the coordinates are not.
    pub(super) fn in_document(mut self, program: Program) -> Derivation {
        let charts = std::mem::take(&mut self.charts);
        self.forward = in_document(&charts, &self.forward);
        self.deltas = in_document(&charts, &self.deltas);
        self.program = put_back(&charts, &self.program, program);
        let told = |e: &Expr| charts.iter().fold(e.clone(), |e, c| c.in_terms(&e));
        for one in &mut self.derivatives {
            one.result = told(&one.result);
            one.inlined = one.inlined.as_ref().map(&told);
            for target in one.outer.iter_mut().chain([&mut one.wrt]) {
                *target = charts.iter().fold(target.clone(), |target, c| c.told(target));
            }
        }
        self
    }
}

fn tidied(e: Expr, solver: &mut Solver, idiom: &Idiom) -> Expr {
    if e.nodes() <= TIDY_NODES { idiom.told(&solver.compact(&e)).result } else { e }
}

/// The derivative by a target: of its parts stacked (shape convention) or side by side (Jacobian).
pub(super) fn stacked(
    target: &Target,
    form: Form,
    (of, shape): (&Symbol, &Shape),
    totals: &BTreeMap<(Symbol, Symbol), Expr>,
) -> Expr {
    let count = shape.count();
    let part = |(name, shape): &(Symbol, Shape)| {
        let own = if form == Form::Jacobian { Shape::new(count.clone(), shape.count()) } else { shape.clone() };
        totals.get(&(of.clone(), name.clone())).cloned().unwrap_or_else(|| zeros(&own))
    };
    let parts: Vec<Expr> = target.parts.iter().map(part).collect();
    match (parts.len(), form) {
        (1, _) => parts.into_iter().next().expect("one part"),
        (n, Form::Jacobian) => beside(n, parts),
        (n, Form::Shape | Form::Both | Form::Differential) => build(Op::Block { rows: n, cols: 1 }, parts),
    }
}

/// Columns side by side; stacks of equally many scalars are read as one matrix, row by row.
fn beside(n: usize, parts: Vec<Expr>) -> Expr {
    let rows = |e: &Expr| match e.op() {
        Op::Block { rows, cols: 1 } if e.args().iter().all(Expr::is_scalar) => Some(*rows),
        _ => None,
    };
    match parts.first().and_then(rows) {
        Some(r) if parts.iter().all(|p| rows(p) == Some(r)) => {
            let entries = (0..r).flat_map(|i| parts.iter().map(move |p| p.args()[i].clone())).collect();
            build(Op::Block { rows: r, cols: n }, entries)
        }
        _ => build(Op::Block { rows: 1, cols: n }, parts),
    }
}
