//! Functions of whole arrays that a text writes by entries: softmax, log-sum-exp, products.

use super::lift::Lifter;
use super::tensor::{Dimension, Tensor, TensorNetwork};
use crate::expr::{
    Axis, Builtin, Comparator, Elementwise, Expr, Function, Gathering, Index, Indexed, Op, Place, PlaceCondition,
    Shape, add, builtin, had, integer, map, mul, ones, pow, transpose,
};

impl TensorNetwork {
    /// Pairs `exp(z_i) (Σⱼ exp(zⱼ))⁻¹` among the factors as softmax, of a column or of every row.
    pub(super) fn find_softmax(&mut self) {
        while let Some((above, below, tensor)) = self.softmax_pair() {
            let others = self.factors.iter().enumerate().filter(|(i, _)| *i != above && *i != below);
            self.factors = others.map(|(_, t)| t.clone()).chain([tensor]).collect();
        }
    }

    fn softmax_pair(&self) -> Option<(usize, usize, Tensor)> {
        let pairs = self
            .factors
            .iter()
            .enumerate()
            .flat_map(|(i, a)| self.factors.iter().enumerate().map(move |(j, b)| (i, a, j, b)));
        pairs.into_iter().find_map(|(i, a, j, b)| Some((i, j, normalised(a, b)?)))
    }
}

/// The softmax that exp(z) makes with one over its sum.
fn normalised(above: &Tensor, below: &Tensor) -> Option<Tensor> {
    let z = exponential(&above.value)?;
    let inverse = |sum: Expr| pow(sum, integer(-1)) == below.value;
    match (above.axes.as_slice(), below.axes.as_slice()) {
        ([_], []) => inverse(builtin(Builtin::Sum(Axis::All), above.value.clone()))
            .then(|| Tensor { value: builtin(Builtin::Softmax(Axis::All), z.clone()), axes: above.axes.clone() }),
        ([a, b], [kept]) => {
            let along = if a == kept { b } else { a };
            let sum = |m: Expr| mul(vec![m, ones(&Shape::vector(along.size.clone()))]);
            let all = if a == kept { above.value.clone() } else { turned(&above.value) };
            let rows = if a == kept { z.clone() } else { turned(z) };
            let axes = vec![kept.clone(), along.clone()];
            [all, transpose(above.down(along))]
                .into_iter()
                .any(|m| inverse(sum(m)))
                .then(|| Tensor { value: builtin(Builtin::Softmax(Axis::Rows), rows), axes })
        }
        _ => None,
    }
}

/// The transpose, taken inside.
fn turned(e: &Expr) -> Expr {
    match e.op() {
        Op::Transpose => e.args()[0].clone(),
        Op::Add => add(e.args().iter().map(turned).collect()),
        Op::Had => had(e.args().iter().map(turned).collect()),
        Op::Mul => mul(e.args().iter().rev().map(turned).collect()),
        Op::Map(m) => map(m.function.clone(), m.order, turned(&e.args()[0])),
        Op::Pow => pow(turned(&e.args()[0]), e.args()[1].clone()),
        _ => transpose(e.clone()),
    }
}

impl Lifter {
    /// log Σ exp(zⱼ) of a column.
    pub(super) fn log_sum_exp(&mut self, e: &Expr) -> Option<Tensor> {
        let sum = argument_of(e, Elementwise::Log)?;
        let (index, exponent) = sum_of_exponentials(sum)?;
        let (along, all) = self.below(index, exponent)?;
        (all.axes == [along]).then(|| Tensor::constant(builtin(Builtin::LogSumExp, all.value)))
    }

    /// The axis of an index, and a scalar along it.
    fn below(&mut self, index: &Index, e: &Expr) -> Option<(Dimension, Tensor)> {
        let depth = self.letters.len();
        let axis = self.bind(index);
        let value = self.value(e, None, None);
        self.letters.truncate(depth);
        Some((axis?, value?))
    }

    /// Π over one index of a column or of every row; Π_{j ≠ i} of a column.
    pub(super) fn multiplied(&mut self, over: &[Index], when: &[PlaceCondition], body: &Expr) -> Option<Tensor> {
        let [index] = over else { return None };
        let (along, all) = self.below(index, body)?;
        match (when, all.axes.as_slice()) {
            ([], [_]) if all.axes.contains(&along) => {
                Some(Tensor::constant(builtin(Builtin::Prod(Axis::All), all.value)))
            }
            ([], [a, b]) => {
                let other = if *a == along { b.clone() } else { a.clone() };
                let rows = all.spread(Some(&other), Some(&along))?;
                Some(Tensor { value: builtin(Builtin::Prod(Axis::Rows), rows), axes: vec![other] })
            }
            ([c], [a]) if *a == along => {
                let outer = self.letter(left_out(c, index)?.letter.as_ref()?)?;
                let alike = outer.index.first == index.first && outer.index.last == index.last;
                let axis = outer.axis.clone().filter(|_| alike)?;
                Some(Tensor { value: builtin(Builtin::ProdOthers(Axis::All), all.value), axes: vec![axis] })
            }
            _ => None,
        }
    }
}

/// i, of `j ≠ i`.
fn left_out<'c>(c: &'c PlaceCondition, own: &Index) -> Option<&'c Place> {
    let other = if c.left == own.place() { &c.right } else { &c.left };
    let told = c.relation == Comparator::Different && (c.left == own.place() || c.right == own.place());
    (told && other.at_rest().is_some()).then_some(other)
}

fn argument_of(e: &Expr, function: Elementwise) -> Option<&Expr> {
    match e.op() {
        Op::Map(m) if m.order == 0 && m.function == Function::Builtin(function) => Some(&e.args()[0]),
        _ => None,
    }
}

fn exponential(e: &Expr) -> Option<&Expr> {
    argument_of(e, Elementwise::Exp)
}

/// k and z of Σₖ exp(z).
fn sum_of_exponentials(e: &Expr) -> Option<(&Index, &Expr)> {
    match e.as_variable()?.name.as_indexed()? {
        Indexed::Gathered { by: Gathering::Sum, over, when, body } if when.is_empty() && over.len() == 1 => {
            Some((&over[0], exponential(body)?))
        }
        _ => None,
    }
}
