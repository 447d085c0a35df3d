//! Arrays that need not be written out: what is known of their structure decides how they are multiplied.

use super::builder::{EntryFactors, PlanBuilder};
use super::plan::{Id, Operation, Turned};
use crate::expr::{Axis, Rational, Shape, Size};

/// A value, with its structure. Shapes are those of the document.
#[derive(Clone, Debug)]
pub struct ArrayTerm {
    pub shape: Shape,
    pub form: ArrayForm,
}

/// What a value is held in.
#[derive(Clone, Debug)]
pub enum ArrayForm {
    /// Written out: a scalar, a vector (column or row), a matrix.
    Dense(Id),
    /// The scalar at every entry.
    Fill(Id),
    /// The scalar on the diagonal, 0 elsewhere.
    Identity(Id),
    /// The vector on the diagonal.
    Diagonal(Id),
    /// Every column is this vector.
    Columns(Id),
    /// Every row is this vector.
    Rows(Id),
    /// u vᵀ.
    Outer(Id, Id),
    /// The inverse of what was factored, times a scalar.
    Inverse(Turned, Id),
    /// Terms of which some are better not written out.
    Sum(Vec<ArrayTerm>),
}

/// The sides of an array of this shape: sides of 1 are none.
pub fn dims_of(shape: &Shape) -> Vec<Size> {
    [&shape.rows, &shape.cols].into_iter().filter(|n| !n.is_one()).cloned().collect()
}

impl ArrayTerm {
    pub fn dense(shape: &Shape, id: Id) -> ArrayTerm {
        ArrayTerm { shape: shape.clone(), form: ArrayForm::Dense(id) }
    }

    pub fn new(shape: &Shape, form: ArrayForm) -> ArrayTerm {
        ArrayTerm { shape: shape.clone(), form }
    }

    fn is_matrix(&self) -> bool {
        dims_of(&self.shape).len() == 2
    }

    /// Whether it is better not written out.
    pub fn is_structured(&self) -> bool {
        match &self.form {
            ArrayForm::Dense(_) | ArrayForm::Fill(_) | ArrayForm::Columns(_) | ArrayForm::Rows(_) => false,
            ArrayForm::Identity(_)
            | ArrayForm::Diagonal(_)
            | ArrayForm::Inverse(..)
            | ArrayForm::Outer(..)
            | ArrayForm::Sum(_) => true,
        }
    }
}

impl PlanBuilder {
    /// The entries of a term.
    pub fn written(&mut self, term: &ArrayTerm) -> Id {
        let dims = dims_of(&term.shape);
        match &term.form {
            ArrayForm::Dense(id) => *id,
            ArrayForm::Fill(s) if dims.is_empty() => *s,
            ArrayForm::Fill(s) => self.add(Operation::Fill(*s), dims),
            ArrayForm::Identity(s) => {
                let eye = self.add(Operation::Eye, dims);
                self.scaled(*s, eye)
            }
            ArrayForm::Diagonal(v) => self.add(Operation::Diagonal(*v), dims),
            ArrayForm::Columns(v) => self.add(Operation::Repeat(*v, Axis::Cols), dims),
            ArrayForm::Rows(v) => self.add(Operation::Repeat(*v, Axis::Rows), dims),
            ArrayForm::Outer(u, v) => self.outer(*u, *v),
            ArrayForm::Inverse(factor, s) => {
                let inverse = self.add(Operation::Inverse(factor.id), dims);
                let inverse = if factor.transposed { self.transpose(inverse) } else { inverse };
                self.scaled(*s, inverse)
            }
            ArrayForm::Sum(terms) => self.written_sum(terms, &term.shape),
        }
    }

    fn written_sum(&mut self, terms: &[ArrayTerm], shape: &Shape) -> Id {
        let on_diagonal = |t: &&ArrayTerm| matches!(t.form, ArrayForm::Identity(_) | ArrayForm::Diagonal(_));
        let (diagonal, rest): (Vec<&ArrayTerm>, Vec<&ArrayTerm>) = terms.iter().partition(on_diagonal);
        if rest.is_empty() || diagonal.is_empty() {
            let parts = terms.iter().map(|t| (false, self.entries(t))).collect();
            let sum = self.sum(parts);
            return self.of_shape(sum, shape);
        }
        // a diagonal is added to a matrix: one part at least is written out in full
        let repeats = |t: &ArrayTerm| matches!(t.form, ArrayForm::Fill(_) | ArrayForm::Columns(_) | ArrayForm::Rows(_));
        let full = !rest.iter().all(|t| repeats(t));
        let part = |(i, t): (usize, &ArrayTerm)| if i > 0 || full { self.entries(t) } else { self.written(t) };
        let parts = rest.into_iter().enumerate().map(part).map(|id| (false, id)).collect();
        let base = self.sum(parts);
        diagonal.into_iter().fold(base, |base, term| match term.form {
            ArrayForm::Identity(d) | ArrayForm::Diagonal(d) => {
                self.add(Operation::AddDiagonal(base, d), dims_of(shape))
            }
            _ => base,
        })
    }

    /// For what works entry by entry: scalars and vectors that count at every entry stay what they are.
    pub fn entries(&mut self, term: &ArrayTerm) -> Id {
        let dims = dims_of(&term.shape);
        match &term.form {
            ArrayForm::Fill(s) => *s,
            ArrayForm::Columns(v) => self.add(Operation::Spread(*v, Axis::Cols), dims),
            ArrayForm::Rows(v) => self.add(Operation::Spread(*v, Axis::Rows), dims),
            ArrayForm::Dense(_)
            | ArrayForm::Identity(_)
            | ArrayForm::Diagonal(_)
            | ArrayForm::Outer(..)
            | ArrayForm::Inverse(..)
            | ArrayForm::Sum(_) => self.written(term),
        }
    }

    /// A scalar that is to fill a shape, written out.
    pub fn of_shape(&mut self, id: Id, shape: &Shape) -> Id {
        let dims = dims_of(shape);
        match self.dims(id).is_empty() && !dims.is_empty() {
            true => self.add(Operation::Fill(id), dims),
            false => id,
        }
    }

    /// The sum of terms of one shape. A part that is better not written out is kept so.
    pub fn add_terms(&mut self, terms: Vec<ArrayTerm>, shape: &Shape) -> ArrayTerm {
        let mut flat: Vec<ArrayTerm> = vec![];
        for term in terms {
            match term.form {
                ArrayForm::Sum(parts) => flat.extend(parts),
                _ => flat.push(term),
            }
        }
        if shape.is_scalar() || !flat.iter().any(ArrayTerm::is_structured) {
            return self.add_dense(&flat, shape);
        }
        let (structured, dense): (Vec<ArrayTerm>, Vec<ArrayTerm>) =
            flat.into_iter().partition(ArrayTerm::is_structured);
        let mut parts = structured;
        if !dense.is_empty() {
            parts.push(self.add_dense(&dense, shape));
        }
        match self.on_diagonal(&parts) {
            Some(form) => ArrayTerm::new(shape, form),
            None if parts.len() == 1 => parts.swap_remove(0),
            None => ArrayTerm::new(shape, ArrayForm::Sum(parts)),
        }
    }

    fn add_dense(&mut self, terms: &[ArrayTerm], shape: &Shape) -> ArrayTerm {
        let all = |fits: fn(&ArrayForm) -> Option<Id>| terms.iter().map(|t| fits(&t.form)).collect::<Option<Vec<Id>>>();
        let fill = |f: &ArrayForm| if let ArrayForm::Fill(s) = f { Some(*s) } else { None };
        let columns = |f: &ArrayForm| match f {
            ArrayForm::Fill(s) | ArrayForm::Columns(s) => Some(*s),
            _ => None,
        };
        let rows = |f: &ArrayForm| match f {
            ArrayForm::Fill(s) | ArrayForm::Rows(s) => Some(*s),
            _ => None,
        };
        let plain = |ids: Vec<Id>| ids.into_iter().map(|i| (false, i)).collect();
        if let Some(ids) = all(fill) {
            let sum = self.sum(plain(ids));
            return ArrayTerm::new(shape, if shape.is_scalar() { ArrayForm::Dense(sum) } else { ArrayForm::Fill(sum) });
        }
        if let Some(ids) = all(columns) {
            let sum = self.sum(plain(ids));
            return ArrayTerm::new(shape, ArrayForm::Columns(sum));
        }
        if let Some(ids) = all(rows) {
            let sum = self.sum(plain(ids));
            return ArrayTerm::new(shape, ArrayForm::Rows(sum));
        }
        ArrayTerm::dense(shape, self.written_sum(terms, shape))
    }

    /// The sum of what stands on diagonals.
    fn on_diagonal(&mut self, parts: &[ArrayTerm]) -> Option<ArrayForm> {
        let on = |t: &ArrayTerm| match &t.form {
            ArrayForm::Identity(s) => Some((*s, true)),
            ArrayForm::Diagonal(v) => Some((*v, false)),
            _ => None,
        };
        let ids = parts.iter().map(on).collect::<Option<Vec<_>>>()?;
        let sum = self.sum(ids.iter().map(|(id, _)| (false, *id)).collect());
        Some(if ids.iter().all(|(_, scalar)| *scalar) { ArrayForm::Identity(sum) } else { ArrayForm::Diagonal(sum) })
    }

    /// A scalar times a term.
    pub fn scale_term(&mut self, s: Id, term: ArrayTerm) -> ArrayTerm {
        if self.as_number(s).is_some_and(Rational::is_one) {
            return term;
        }
        let form = match term.form {
            ArrayForm::Dense(id) => ArrayForm::Dense(self.scaled(s, id)),
            ArrayForm::Fill(t) => ArrayForm::Fill(self.scaled(s, t)),
            ArrayForm::Identity(t) => ArrayForm::Identity(self.scaled(s, t)),
            ArrayForm::Diagonal(v) => ArrayForm::Diagonal(self.scaled(s, v)),
            ArrayForm::Columns(v) => ArrayForm::Columns(self.scaled(s, v)),
            ArrayForm::Rows(v) => ArrayForm::Rows(self.scaled(s, v)),
            ArrayForm::Outer(u, v) => ArrayForm::Outer(self.scaled(s, u), v),
            ArrayForm::Inverse(f, t) => ArrayForm::Inverse(f, self.scaled(s, t)),
            ArrayForm::Sum(terms) => ArrayForm::Sum(terms.into_iter().map(|t| self.scale_term(s, t)).collect()),
        };
        ArrayTerm { form, ..term }
    }

    /// The transpose of a term.
    pub fn turn(&mut self, term: &ArrayTerm) -> ArrayTerm {
        let form = match &term.form {
            ArrayForm::Dense(id) => ArrayForm::Dense(self.transpose(*id)),
            ArrayForm::Fill(_) | ArrayForm::Identity(_) | ArrayForm::Diagonal(_) => term.form.clone(),
            ArrayForm::Columns(v) => ArrayForm::Rows(*v),
            ArrayForm::Rows(v) => ArrayForm::Columns(*v),
            ArrayForm::Outer(u, v) => ArrayForm::Outer(*v, *u),
            ArrayForm::Inverse(f, s) => ArrayForm::Inverse(self.flipped(*f), *s),
            ArrayForm::Sum(terms) => ArrayForm::Sum(terms.iter().map(|t| self.turn(t)).collect()),
        };
        ArrayTerm { shape: term.shape.transposed(), form }
    }

    /// The factors of the transpose; those of a symmetric matrix are its own.
    fn flipped(&self, factor: Turned) -> Turned {
        let lu = matches!(self.operation(factor.id), Operation::Factor(super::plan::Factoring::Lu, _));
        Turned { transposed: lu && !factor.transposed, ..factor }
    }

    /// The product of two terms.
    pub fn times(&mut self, a: &ArrayTerm, b: &ArrayTerm) -> ArrayTerm {
        let shape = Shape::new(a.shape.rows.clone(), b.shape.cols.clone());
        // what stands between may have become a number
        let (scalar, other) = if a.shape.is_scalar() { (a, b) } else { (b, a) };
        if scalar.shape.is_scalar() {
            let s = self.written(scalar);
            return self.scale_term(s, other.clone());
        }
        let form = self.times_form(a, b, &shape);
        ArrayTerm { shape, form }
    }

    fn times_form(&mut self, a: &ArrayTerm, b: &ArrayTerm, shape: &Shape) -> ArrayForm {
        match (&a.form, &b.form) {
            (ArrayForm::Sum(terms), _) => {
                let parts = terms.iter().map(|t| self.times(t, b)).collect();
                self.add_terms(parts, shape).form
            }
            (_, ArrayForm::Sum(terms)) => {
                let parts = terms.iter().map(|t| self.times(a, t)).collect();
                self.add_terms(parts, shape).form
            }
            (ArrayForm::Identity(s), _) => self.scale_term(*s, b.clone()).form,
            (_, ArrayForm::Identity(s)) => self.scale_term(*s, a.clone()).form,
            (ArrayForm::Outer(u, v), _) => {
                let right = self.row_times(*v, b);
                self.between(*u, right, shape)
            }
            (_, ArrayForm::Outer(u, v)) => {
                let left = self.times_column(a, *u);
                self.between(left, *v, shape)
            }
            (ArrayForm::Fill(_) | ArrayForm::Columns(_) | ArrayForm::Rows(_), _) if a.is_matrix() => {
                self.repeated_times(a, b, shape)
            }
            (_, ArrayForm::Fill(_) | ArrayForm::Columns(_) | ArrayForm::Rows(_)) if b.is_matrix() => {
                let (at, bt) = (self.turn(a), self.turn(b));
                let turned =
                    ArrayTerm { shape: shape.transposed(), form: self.repeated_times(&bt, &at, &shape.transposed()) };
                self.turn(&turned).form
            }
            _ if !a.is_matrix() && !b.is_matrix() => self.vectors(a, b, shape),
            _ if !b.is_matrix() => {
                let column = self.entries(b);
                let product = self.times_filled(a, column, b);
                ArrayForm::Dense(product)
            }
            _ if !a.is_matrix() => {
                let row = self.entries(a);
                let turned = self.turn(b);
                let product = self.times_filled(&turned, row, a);
                ArrayForm::Dense(product)
            }
            (ArrayForm::Diagonal(u), ArrayForm::Diagonal(v)) => ArrayForm::Diagonal(self.scaled(*u, *v)),
            (ArrayForm::Diagonal(v), _) => self.rows_scaled(*v, b, Axis::Cols),
            (_, ArrayForm::Diagonal(v)) => self.rows_scaled(*v, a, Axis::Rows),
            (ArrayForm::Inverse(f, s), _) => {
                let right = self.written(b);
                let solved = self.solve(*f, right);
                ArrayForm::Dense(self.scaled(*s, solved))
            }
            (_, ArrayForm::Inverse(f, s)) => {
                let (left, flipped) = (self.written(a), self.flipped(*f));
                let turned = self.transpose(left);
                let solved = self.solve(flipped, turned);
                let back = self.transpose(solved);
                ArrayForm::Dense(self.scaled(*s, back))
            }
            _ => {
                let (x, y) = (self.written(a), self.written(b));
                ArrayForm::Dense(self.matmul(x, y))
            }
        }
    }

    /// A matrix whose rows or columns are scaled by the entries of a vector.
    fn rows_scaled(&mut self, v: Id, term: &ArrayTerm, axis: Axis) -> ArrayForm {
        let spread = self.add(Operation::Spread(v, axis), dims_of(&term.shape));
        let entries = self.written(term);
        ArrayForm::Dense(self.scaled(spread, entries))
    }

    /// u vᵀ where v may have become a number.
    fn between(&mut self, u: Id, v: Id, shape: &Shape) -> ArrayForm {
        match dims_of(shape).len() {
            2 => ArrayForm::Outer(u, v),
            _ => ArrayForm::Dense(self.scaled(u, v)),
        }
    }

    /// vᵀ B as a vector, or as a number.
    fn row_times(&mut self, v: Id, b: &ArrayTerm) -> Id {
        let turned = self.turn(b);
        self.times_column(&turned, v)
    }

    /// A v for a vector that is written out.
    fn times_column(&mut self, a: &ArrayTerm, v: Id) -> Id {
        let column = ArrayTerm::dense(&Shape::vector(a.shape.cols.clone()), v);
        let product = self.times(a, &column);
        self.written(&product)
    }

    /// A v, where v may be a number at every entry.
    fn times_filled(&mut self, a: &ArrayTerm, v: Id, whole: &ArrayTerm) -> Id {
        match &a.form {
            ArrayForm::Diagonal(d) => {
                let product = self.scaled(v, *d);
                self.of_shape(product, &Shape::vector(a.shape.rows.clone()))
            }
            ArrayForm::Inverse(f, s) => {
                let right = self.written(whole);
                let solved = self.solve(*f, right);
                self.scaled(*s, solved)
            }
            _ if self.is_scalar(v) => {
                let matrix = self.written(a);
                let sums = self.total(matrix, Axis::Rows);
                self.scaled(v, sums)
            }
            _ => {
                let matrix = self.written(a);
                self.matvec(matrix, v)
            }
        }
    }

    /// A product of vectors: a number, or u vᵀ.
    fn vectors(&mut self, a: &ArrayTerm, b: &ArrayTerm, shape: &Shape) -> ArrayForm {
        let (u, v) = (self.entries(a), self.entries(b));
        if !shape.is_scalar() {
            return match (self.is_scalar(u), self.is_scalar(v)) {
                (true, true) => ArrayForm::Fill(self.scaled(u, v)),
                (true, false) => ArrayForm::Rows(self.scaled(u, v)),
                (false, true) => ArrayForm::Columns(self.scaled(v, u)),
                (false, false) => ArrayForm::Outer(u, v),
            };
        }
        let count = a.shape.cols.clone();
        ArrayForm::Dense(match (self.is_scalar(u), self.is_scalar(v)) {
            (false, false) => self.inner(u, v),
            (true, true) => {
                let n = self.add(Operation::Size(count), vec![]);
                self.product(EntryFactors { coefficient: Rational::one(), above: vec![n, u, v], below: vec![] })
            }
            (filled, _) => {
                let (s, x) = if filled { (u, v) } else { (v, u) };
                let sum = self.total(x, Axis::All);
                self.scaled(s, sum)
            }
        })
    }

    /// A matrix of equal rows, of equal columns or of one number, times another.
    fn repeated_times(&mut self, a: &ArrayTerm, b: &ArrayTerm, shape: &Shape) -> ArrayForm {
        let one = self.number(1);
        let (left, right) = match &a.form {
            ArrayForm::Rows(v) => (one, self.row_times(*v, b)),
            ArrayForm::Columns(v) => (*v, self.sums_of_columns(b)),
            ArrayForm::Fill(s) => (*s, self.sums_of_columns(b)),
            ArrayForm::Dense(_)
            | ArrayForm::Identity(_)
            | ArrayForm::Diagonal(_)
            | ArrayForm::Outer(..)
            | ArrayForm::Inverse(..)
            | ArrayForm::Sum(_) => {
                unreachable!("only what repeats is handed over")
            }
        };
        let wide = dims_of(shape).len() == 2;
        match (self.is_scalar(left), self.is_scalar(right)) {
            (true, false) if wide => ArrayForm::Rows(self.scaled(left, right)),
            (false, true) if wide => ArrayForm::Columns(self.scaled(right, left)),
            (false, false) => ArrayForm::Outer(left, right),
            (true, true) if !shape.is_scalar() => ArrayForm::Fill(self.scaled(left, right)),
            _ => ArrayForm::Dense(self.scaled(left, right)),
        }
    }

    /// 𝟏ᵀ B.
    fn sums_of_columns(&mut self, b: &ArrayTerm) -> Id {
        let one = self.number(1);
        let ones = ArrayTerm::new(&Shape::new(Size::one(), b.shape.rows.clone()), ArrayForm::Fill(one));
        let product = self.times(&ones, b);
        self.entries(&product)
    }
}
