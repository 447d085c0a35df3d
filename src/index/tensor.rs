//! Arrays whose sides run over named axes, and their contraction.

use crate::expr::{
    Axis as Along, Builtin, Expr, Shape, Size, add, builtin, had, integer, mul, ones, size_number, transpose,
};

/// What a side of an array runs over: an index, or the rows or columns of a member. Never of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dimension {
    /// Tells it from all others; what is met first has the lower number.
    pub number: usize,
    /// How many places it has.
    pub size: Size,
}

/// A value that depends on places along its axes, no more than two. It does not change along any other.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    /// Scalar; a column over the one axis; rows over the first and columns over the second.
    pub value: Expr,
    /// The axes.
    pub axes: Vec<Dimension>,
}

impl Tensor {
    /// What depends on no place.
    pub fn constant(value: Expr) -> Tensor {
        Tensor { value, axes: vec![] }
    }

    /// An array along the given sides; `None` for a side of one place. The diagonal where both are the same.
    pub fn new(value: Expr, rows: Option<&Dimension>, cols: Option<&Dimension>) -> Tensor {
        match (rows, cols) {
            (Some(a), Some(b)) if a == b => {
                Tensor { value: builtin(Builtin::DiagonalOf, value), axes: vec![a.clone()] }
            }
            (Some(a), Some(b)) => Tensor { value, axes: vec![a.clone(), b.clone()] },
            (Some(a), None) => Tensor { value, axes: vec![a.clone()] },
            (None, Some(b)) => Tensor { value: transpose(value), axes: vec![b.clone()] },
            (None, None) => Tensor::constant(value),
        }
    }

    fn runs_along(&self, axis: &Dimension) -> bool {
        self.axes.contains(axis)
    }

    /// The axis that is not this one.
    fn other(&self, axis: &Dimension) -> Option<&Dimension> {
        self.axes.iter().find(|a| *a != axis)
    }

    /// With its rows over the axis.
    pub(super) fn down(&self, axis: &Dimension) -> Expr {
        if self.axes.len() == 2 && self.axes[0] != *axis { transpose(self.value.clone()) } else { self.value.clone() }
    }

    /// The array over these sides, repeated along those it does not change along.
    pub fn spread(&self, rows: Option<&Dimension>, cols: Option<&Dimension>) -> Option<Expr> {
        let size = |axis: Option<&Dimension>| axis.map_or_else(Size::one, |a| a.size.clone());
        let along = |axis: Option<&Dimension>| axis.is_some_and(|a| self.runs_along(a));
        if self.axes.iter().any(|a| rows != Some(a) && cols != Some(a)) {
            return None;
        }
        let whole = Shape::new(size(rows), size(cols));
        Some(match (along(rows), along(cols)) {
            (true, true) => self.down(rows?),
            (true, false) if cols.is_some() => {
                mul(vec![self.value.clone(), transpose(ones(&Shape::vector(size(cols))))])
            }
            (false, true) if rows.is_some() => {
                mul(vec![ones(&Shape::vector(size(rows))), transpose(self.value.clone())])
            }
            (true, false) => self.value.clone(),
            (false, true) => transpose(self.value.clone()),
            (false, false) if whole.is_scalar() => self.value.clone(),
            (false, false) => had(vec![self.value.clone(), ones(&whole)]),
        })
    }
}

/// All axes of the tensors, the first met first.
fn union(tensors: &[Tensor]) -> Vec<Dimension> {
    let mut axes: Vec<Dimension> = tensors.iter().flat_map(|t| t.axes.iter().cloned()).collect();
    axes.sort_by_key(|a| a.number);
    axes.dedup();
    axes
}

/// The sum of tensors, each repeated where another changes; `None` beyond two axes.
pub(super) fn sum(tensors: &[Tensor]) -> Option<Tensor> {
    let axes = union(tensors);
    let (rows, cols) = sides(&axes)?;
    let terms = tensors.iter().map(|t| t.spread(rows, cols)).collect::<Option<_>>()?;
    Some(Tensor { value: add(terms), axes })
}

/// The product entry by entry; `None` beyond two axes.
pub(super) fn product(factors: &[Tensor]) -> Option<Tensor> {
    let axes = union(factors);
    let (rows, cols) = sides(&axes)?;
    let over = |axes: &[Option<&Dimension>]| {
        let matching = |t: &&Tensor| {
            axes.iter().flatten().count() == t.axes.len() && axes.iter().flatten().all(|a| t.runs_along(a))
        };
        factors
            .iter()
            .filter(matching)
            .map(|t| axes[0].map_or_else(|| t.value.clone(), |a| t.down(a)))
            .collect::<Vec<_>>()
    };
    let scalars = over(&[None]);
    let array = match (rows, cols) {
        (None, _) => None,
        (Some(a), None) => Some(had(over(&[Some(a)]))),
        (Some(a), Some(b)) => Some(scaled(&over(&[Some(a)]), &over(&[Some(a), Some(b)]), &over(&[Some(b)]))),
    };
    Some(Tensor { value: had(scalars.into_iter().chain(array).collect()), axes })
}

/// diag(u) M diag(v); u vᵀ where there is no matrix.
fn scaled(down: &[Expr], matrices: &[Expr], across: &[Expr]) -> Expr {
    let column = |list: &[Expr]| (!list.is_empty()).then(|| had(list.to_vec()));
    let (left, right) = (column(down), column(across));
    if matrices.is_empty() {
        return mul(left.into_iter().chain(right.map(transpose)).collect());
    }
    let diagonal = |e: Expr| builtin(Builtin::Diag, e);
    mul(left.map(diagonal).into_iter().chain([had(matrices.to_vec())]).chain(right.map(diagonal)).collect())
}

/// The rows and the columns.
fn sides(axes: &[Dimension]) -> Option<(Option<&Dimension>, Option<&Dimension>)> {
    (axes.len() <= 2).then(|| (axes.first(), axes.get(1)))
}

/// Factors, and the axes over which their product is summed.
#[derive(Default)]
pub(super) struct TensorNetwork {
    pub factors: Vec<Tensor>,
    pub summed: Vec<Dimension>,
}

impl TensorNetwork {
    /// The sum of the products; `None` where more than two axes would have to stand side by side.
    pub fn contracted(mut self) -> Option<Tensor> {
        self.find_softmax();
        while !self.summed.is_empty() {
            let axis = self.next()?;
            self.summed.retain(|a| *a != axis);
            self.eliminate(&axis)?;
        }
        product(&self.factors)
    }

    /// The axis whose factors have the fewest others, at most two.
    fn next(&self) -> Option<Dimension> {
        let fit = self.summed.iter().filter(|a| self.others(a).len() <= 2);
        fit.min_by_key(|a| self.others(a).len()).cloned()
    }

    fn others(&self, axis: &Dimension) -> Vec<Dimension> {
        let along: Vec<Tensor> = self.factors.iter().filter(|t| t.runs_along(axis)).cloned().collect();
        union(&along).into_iter().filter(|a| a != axis).collect()
    }

    fn eliminate(&mut self, axis: &Dimension) -> Option<()> {
        let others = self.others(axis);
        let (along, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.factors).into_iter().partition(|t| t.runs_along(axis));
        self.factors = rest;
        let vectors: Vec<Expr> = along.iter().filter(|t| t.axes.len() == 1).map(|t| t.value.clone()).collect();
        let matrices: Vec<Expr> = others.iter().map(|o| facing(&along, axis, o)).collect();
        let result = match (others.as_slice(), matrices.as_slice()) {
            ([], []) => Tensor::constant(if along.is_empty() { size_number(&axis.size) } else { total(vectors) }),
            ([a], [m]) if vectors.is_empty() && self.is_summed_alone(a) => {
                self.summed.retain(|b| b != a);
                Tensor::constant(builtin(Builtin::Sum(Along::All), m.clone()))
            }
            ([a], [m]) => {
                let weights = if vectors.is_empty() { ones(&Shape::vector(axis.size.clone())) } else { had(vectors) };
                Tensor::new(mul(vec![transpose(m.clone()), weights]), Some(a), None)
            }
            ([a, b], [m, n]) => {
                let weights = (!vectors.is_empty()).then(|| builtin(Builtin::Diag, had(vectors)));
                let chain = [transpose(m.clone())].into_iter().chain(weights).chain([n.clone()]);
                Tensor::new(mul(chain.collect()), Some(a), Some(b))
            }
            _ => return None,
        };
        self.factors.push(result);
        Some(())
    }

    /// Whether an axis is summed over and no factor that is left runs along it.
    fn is_summed_alone(&self, axis: &Dimension) -> bool {
        self.summed.contains(axis) && !self.factors.iter().any(|t| t.runs_along(axis))
    }
}

/// The product of the matrices over an axis and another, the axis down.
fn facing(along: &[Tensor], axis: &Dimension, other: &Dimension) -> Expr {
    had(along.iter().filter(|t| t.other(axis) == Some(other)).map(|t| t.down(axis)).collect())
}

/// The sum of the entries of a product of columns.
fn total(columns: Vec<Expr>) -> Expr {
    match <[Expr; 2]>::try_from(columns) {
        Ok([a, b]) => mul(vec![transpose(a), b]),
        Err(columns) if columns.is_empty() => integer(1),
        Err(columns) => builtin(Builtin::Sum(Along::All), had(columns)),
    }
}
