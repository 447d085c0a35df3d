//! From the Jacobian form to the shape convention, as steps of its own: the lecture's point is to see it.

use super::local::Solver;
use super::options::Form;
use super::result::{Derivation, Derivative};
use super::steps::{Block, Goal, Step, from_proof, partial, reason};
use crate::expr::{Expr, Op, transpose};

/// A block for every target that has both forms: the row stands up, or is folded back into a matrix. A block is given
/// only when its end is the shape-convention result.
pub fn blocks(d: &Derivation, solver: &mut Solver) -> Vec<Block> {
    let jacobians = d.derivatives.iter().filter(|x| x.form == Form::Jacobian && x.wrt.parts.len() == 1);
    let pairs =
        jacobians.filter_map(|j| Some((j, d.derivatives.iter().find(|s| s.form == Form::Shape && s.wrt == j.wrt)?)));
    pairs.filter_map(|(j, s)| block(d, j, s, solver)).collect()
}

fn block(d: &Derivation, jacobian: &Derivative, gradient: &Derivative, solver: &mut Solver) -> Option<Block> {
    let (name, shape) = &jacobian.wrt.parts[0];
    if shape.is_scalar() {
        return None;
    }
    let column = transpose(jacobian.result.clone());
    let (start, rule) = match shape.cols.is_one() {
        true => (column, "reshape_vector"),
        false => (Expr::node(Op::Unvec(shape.rows.clone(), shape.cols.clone()), vec![column]), "reshape_matrix"),
    };
    let local = solver.reshape(&start);
    let left = partial(&d.label, name, shape);
    let stand_up = Step { rule: rule.to_owned(), before: left.clone(), after: start, why: reason(rule) };
    let mut steps = vec![stand_up];
    steps.extend(local.steps.iter().map(|s| from_proof(s, &|e| e.clone())));
    let written_out = gradient.result.substitute(&|n| d.deltas.iter().find(|x| x.name == *n).map(|x| x.value.clone()));
    let same =
        local.result == gradient.result || solver.reshape(&written_out).result == solver.reshape(&local.result).result;
    if local.result != gradient.result {
        let before = local.result.clone();
        steps.push(Step {
            rule: "use_delta".to_owned(),
            before,
            after: gradient.result.clone(),
            why: reason("use_delta"),
        });
    }
    let (of, wrt, result) = (d.of.clone(), name.clone(), gradient.result.clone());
    same.then_some(Block { goal: Goal::Reshape, of, wrt, jacobian: false, steps, left, result })
}
