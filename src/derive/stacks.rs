//! The Hessian by stacked targets, block by block: what is below the diagonal is the transpose of what is above.

use super::local::Solver;
use super::result::{Derivation, Derivative};
use super::target::Target;
use crate::expr::{Expr, Op, build, transpose};

/// Whether a stack is of columns, so that its Hessian has a block for every two of them.
pub fn is_stack_of_columns(target: &Target) -> bool {
    target.parts.len() > 1 && target.parts.iter().all(|(_, shape)| shape.cols.is_one())
}

/// The parts of targets, each as a target of its own.
pub fn apart(targets: &[Target]) -> Vec<Target> {
    let mut parts: Vec<Target> = vec![];
    for target in targets {
        let own: Vec<Target> = match is_stack_of_columns(target) {
            true => target.parts.iter().map(|(name, shape)| Target::of(name, shape)).collect(),
            false => vec![target.clone()],
        };
        parts.extend(own.into_iter().filter(|t| !parts.iter().any(|p| p.parts == t.parts)).collect::<Vec<_>>());
    }
    parts
}

impl Derivation {
    /// Second derivatives by targets of which these were derived by the parts.
    pub(super) fn in_stacks(mut self, targets: &[Target], solver: &mut Solver) -> Derivation {
        let pairs = targets.iter().enumerate().flat_map(|(k, a)| targets[k..].iter().map(move |b| (a, b)));
        let blocks: Vec<Derivative> = pairs.filter_map(|(a, b)| self.block_matrix(a, b, solver)).collect();
        self.derivatives = blocks;
        self
    }

    fn block_matrix(&self, outer: &Target, wrt: &Target, solver: &mut Solver) -> Option<Derivative> {
        let [rows, cols] = [outer, wrt].map(|t| apart(std::slice::from_ref(t)));
        let first = self.derivatives.first()?;
        let mut block = |of: &dyn Fn(&Derivative) -> Option<Expr>| -> Option<Expr> {
            let cells = rows.iter().flat_map(|a| cols.iter().map(move |b| (a, b)));
            let cells: Option<Vec<Expr>> = cells.map(|(a, b)| self.cell(a, b, of, solver)).collect();
            Some(build(Op::Block { rows: rows.len(), cols: cols.len() }, cells?))
        };
        let result = block(&|one| Some(one.result.clone()))?;
        let inlined = block(&|one| one.inlined.clone());
        let (shape, outer, wrt) = (result.shape().clone(), vec![outer.clone()], wrt.clone());
        Some(Derivative { outer, wrt, shape, result, inlined, ..first.clone() })
    }

    /// The block of two parts, in either order.
    fn cell(
        &self,
        a: &Target,
        b: &Target,
        of: &dyn Fn(&Derivative) -> Option<Expr>,
        solver: &mut Solver,
    ) -> Option<Expr> {
        let by = |a: &Target, b: &Target| {
            let is_it = |one: &&Derivative| one.wrt.parts == b.parts && one.outer.iter().all(|o| o.parts == a.parts);
            self.derivatives.iter().find(is_it).and_then(of)
        };
        let turned = || by(b, a).map(|block| solver.tidy(&transpose(block)).result);
        by(a, b).or_else(turned)
    }
}
