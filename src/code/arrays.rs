//! Functions of arrays in terms of fewer: softmax and its kin share their exponentials, moments their means.

use super::builder::{EntryFactors, PlanBuilder};
use super::lower::count_along;
use super::plan::{Id, Operation};
use super::term::{ArrayForm, ArrayTerm, dims_of};
use crate::expr::{Axis, Elementwise, Rational, Shape, Size};

/// The parts of log Σ exp x.
pub struct LogSum {
    /// x − max x.
    centred: Id,
    /// Their exponentials.
    exponentials: Id,
    /// The sums of these.
    sums: Id,
    /// log Σ exp x.
    pub total: Id,
}

impl PlanBuilder {
    /// Something done at every entry; what repeats goes on repeating.
    pub fn entry_by_entry(&mut self, term: &ArrayTerm, f: &mut dyn FnMut(&mut PlanBuilder, Id) -> Id) -> ArrayTerm {
        let form = match &term.form {
            ArrayForm::Fill(s) => ArrayForm::Fill(f(self, *s)),
            ArrayForm::Columns(v) => ArrayForm::Columns(f(self, *v)),
            ArrayForm::Rows(v) => ArrayForm::Rows(f(self, *v)),
            ArrayForm::Dense(_)
            | ArrayForm::Identity(_)
            | ArrayForm::Diagonal(_)
            | ArrayForm::Outer(..)
            | ArrayForm::Inverse(..)
            | ArrayForm::Sum(_) => {
                let id = self.written(term);
                ArrayForm::Dense(f(self, id))
            }
        };
        ArrayTerm::new(&term.shape, form)
    }

    /// The elementwise product of arrays of one shape.
    pub fn entrywise_product(&mut self, mut terms: Vec<ArrayTerm>, shape: &Shape) -> ArrayTerm {
        if terms.len() == 1 {
            return terms.swap_remove(0);
        }
        let on_diagonal = |t: &ArrayTerm| matches!(t.form, ArrayForm::Identity(_) | ArrayForm::Diagonal(_));
        if terms.iter().any(on_diagonal) {
            let above = terms.iter().map(|t| self.diagonal_of(t)).collect();
            return ArrayTerm::new(shape, ArrayForm::Diagonal(self.product_of(above)));
        }
        let all = |fits: fn(&ArrayForm) -> Option<Id>| terms.iter().map(|t| fits(&t.form)).collect::<Option<Vec<Id>>>();
        let fill = |f: &ArrayForm| if let ArrayForm::Fill(s) = f { Some(*s) } else { None };
        let columns = |f: &ArrayForm| if let ArrayForm::Fill(v) | ArrayForm::Columns(v) = f { Some(*v) } else { None };
        let rows = |f: &ArrayForm| if let ArrayForm::Fill(v) | ArrayForm::Rows(v) = f { Some(*v) } else { None };
        if let Some(ids) = all(fill) {
            return ArrayTerm::new(shape, ArrayForm::Fill(self.product_of(ids)));
        }
        if let Some(ids) = all(columns) {
            return ArrayTerm::new(shape, ArrayForm::Columns(self.product_of(ids)));
        }
        if let Some(ids) = all(rows) {
            return ArrayTerm::new(shape, ArrayForm::Rows(self.product_of(ids)));
        }
        let above = terms.iter().map(|t| self.entries(t)).collect();
        let product = self.product_of(above);
        ArrayTerm::dense(shape, self.of_shape(product, shape))
    }

    pub fn product_of(&mut self, above: Vec<Id>) -> Id {
        self.product(EntryFactors { coefficient: Rational::one(), above, below: vec![] })
    }

    /// A vector or a scalar as a matrix.
    pub fn as_matrix(&mut self, term: &ArrayTerm) -> Id {
        let id = self.written(term);
        let full = vec![term.shape.rows.clone(), term.shape.cols.clone()];
        let axis = if term.shape.is_row() { Axis::Rows } else { Axis::Cols };
        match self.dims(id).len() {
            2 => id,
            _ => self.add(Operation::AsMatrix(id, axis), full),
        }
    }

    /// A vector, or a scalar as a vector of one entry.
    pub fn as_vector(&mut self, term: &ArrayTerm) -> Id {
        let id = self.written(term);
        if self.is_scalar(id) { self.add(Operation::Fill(id), vec![Size::one()]) } else { id }
    }

    /// A matrix of this shape with the sides it has.
    pub fn flat(&mut self, id: Id, shape: &Shape) -> Id {
        let dims = dims_of(shape);
        if dims.len() == 2 { id } else { self.add(Operation::Flat(id), dims) }
    }

    /// The axis along which an array with these sides is reduced, when its document's shape is reduced along another: the
    /// rows of a column are its entries.
    pub fn along(&mut self, id: Id, axis: Axis, shape: &Shape, make: fn(Id, Axis) -> Operation, dims: Vec<Size>) -> Id {
        match self.axis(axis, shape) {
            None => id,
            Some(axis) => self.add(make(id, axis), dims),
        }
    }

    /// `None` where every slice is one entry.
    fn axis(&self, axis: Axis, shape: &Shape) -> Option<Axis> {
        match (dims_of(shape).len(), axis) {
            (0, _) => None,
            (1, Axis::All) => Some(Axis::All),
            (1, Axis::Rows) if shape.cols.is_one() => None,
            (1, Axis::Cols) if shape.rows.is_one() => None,
            (1, _) => Some(Axis::All),
            _ => Some(axis),
        }
    }

    /// Sums along an axis.
    pub fn sum_along(&mut self, term: &ArrayTerm, axis: Axis, shape: &Shape) -> Id {
        let one = self.number(1);
        let ones = |n: &Size, row: bool| {
            let shape = if row { Shape::new(Size::one(), n.clone()) } else { Shape::vector(n.clone()) };
            ArrayTerm::new(&shape, if n.is_one() { ArrayForm::Dense(one) } else { ArrayForm::Fill(one) })
        };
        let of = &term.shape;
        let summed = match axis {
            Axis::Rows => self.times(term, &ones(&of.cols, false)),
            Axis::Cols => self.times(&ones(&of.rows, true), term),
            Axis::All if of.is_scalar() => term.clone(),
            Axis::All => {
                let filled = ArrayTerm::new(of, ArrayForm::Fill(one));
                let id = self.inner_terms(&filled, term);
                ArrayTerm::dense(&Shape::scalar(), id)
            }
        };
        let id = self.entries(&summed);
        self.of_shape(id, shape)
    }

    /// What stands at every entry of a slice: a scalar, or a vector spread out again.
    fn back(&mut self, id: Id, axis: Axis, shape: &Shape) -> Id {
        match axis {
            Axis::All => id,
            Axis::Rows => self.add(Operation::Spread(id, Axis::Cols), dims_of(shape)),
            Axis::Cols => self.add(Operation::Spread(id, Axis::Rows), dims_of(shape)),
        }
    }

    pub fn log_sum_exp(&mut self, term: &ArrayTerm, axis: Axis) -> LogSum {
        let x = self.written(term);
        let Some(axis) = self.axis(axis, &term.shape) else { return self.log_of_one(x) };
        let dims = self.reduced(x, axis);
        let largest = self.add(Operation::Largest(x, axis), dims);
        let spread = self.back(largest, axis, &term.shape);
        let centred = self.sum(vec![(false, x), (true, spread)]);
        let exponentials = self.map(Elementwise::Exp, centred);
        self.centred.insert(exponentials);
        let sums = self.total(exponentials, axis);
        let logs = self.map(Elementwise::Log, sums);
        LogSum { centred, exponentials, sums, total: self.sum(vec![(false, largest), (false, logs)]) }
    }

    /// Of one entry each.
    fn log_of_one(&mut self, x: Id) -> LogSum {
        let zero = self.scaled_by(0, x);
        let one = self.map(Elementwise::Exp, zero);
        LogSum { centred: zero, exponentials: one, sums: one, total: x }
    }

    fn scaled_by(&mut self, n: i64, x: Id) -> Id {
        let n = self.number(n);
        self.scaled(n, x)
    }

    pub fn softmax(&mut self, term: &ArrayTerm, axis: Axis) -> ArrayTerm {
        let parts = self.log_sum_exp(term, axis);
        let spread = self.axis(axis, &term.shape).map(|axis| self.back(parts.sums, axis, &term.shape));
        let id = self.quotient(parts.exponentials, spread.unwrap_or(parts.sums));
        ArrayTerm::dense(&term.shape, id)
    }

    pub fn log_softmax(&mut self, term: &ArrayTerm, axis: Axis) -> ArrayTerm {
        let parts = self.log_sum_exp(term, axis);
        let logs = self.map(Elementwise::Log, parts.sums);
        let spread = self.axis(axis, &term.shape).map(|axis| self.back(logs, axis, &term.shape));
        let id = self.sum(vec![(false, parts.centred), (true, spread.unwrap_or(logs))]);
        ArrayTerm::dense(&term.shape, id)
    }

    /// x − mean x, and the mean of their squares, along an axis.
    fn centred(&mut self, term: &ArrayTerm, axis: Axis) -> (Id, Id, Option<Axis>) {
        let x = self.written(term);
        let Some(along) = self.axis(axis, &term.shape) else {
            let zero = self.scaled_by(0, x);
            return (zero, zero, None);
        };
        let n = self.add(Operation::Size(count_along(&term.shape, axis)), vec![]);
        let sums = self.total(x, along);
        let mean = self.quotient(sums, n);
        let spread = self.back(mean, along, &term.shape);
        let centred = self.sum(vec![(false, x), (true, spread)]);
        let squares = self.power(centred, Rational::from(2));
        let sums = match along {
            Axis::All => self.inner(centred, centred),
            Axis::Rows | Axis::Cols => self.total(squares, along),
        };
        (centred, self.quotient(sums, n), Some(along))
    }

    pub fn variance(&mut self, term: &ArrayTerm, axis: Axis, shape: &Shape) -> Id {
        let (_, variance, _) = self.centred(term, axis);
        self.of_shape(variance, shape)
    }

    pub fn layer_norm(&mut self, term: &ArrayTerm, axis: Axis) -> ArrayTerm {
        let (centred, variance, along) = self.centred(term, axis);
        let deviation = self.map(Elementwise::Sqrt, variance);
        let below = along.map_or(deviation, |axis| self.back(deviation, axis, &term.shape));
        ArrayTerm::dense(&term.shape, self.quotient(centred, below))
    }
}
