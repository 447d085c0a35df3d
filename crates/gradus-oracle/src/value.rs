//! A matrix with the structure it came with: diagonal, identity, Kronecker product, commutation matrix, and sums and
//! products of these. Entries are written out only when they are asked for.

use super::evaluate::{bounded, too_large};
use super::{MAX_ENTRIES, Matrix, Scalar};
use crate::diag::Error;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Array3, ArrayView2, ArrayViewMut2, Axis, s};
use std::sync::Arc;

/// A value: a matrix in the form in which it is cheapest to hold and to multiply by. Clones share.
#[derive(Clone, Debug)]
pub enum Value<T> {
    /// Every entry.
    Dense(Matrix<T>),
    /// Zeros: rows, columns.
    Zero(usize, usize),
    /// A multiple of the identity: its side, the factor.
    Identity(usize, T),
    /// A diagonal matrix, by its diagonal as a column.
    Diagonal(Matrix<T>),
    /// A multiple of K(n, m), which takes vec X to vec Xᵀ for X: n × m.
    Commutation(usize, usize, T),
    /// k A ⊗ B.
    Kron(T, Arc<[Value<T>; 2]>),
    /// A sum of values of one shape.
    Sum(Arc<[Value<T>]>),
    /// k times a product that is cheaper to hold in factors, an outer product `x yᵀ` for one.
    Product(T, Arc<[Value<T>]>),
}

use Value::*;

impl<T: Scalar> Value<T> {
    /// Rows and columns.
    pub fn dim(&self) -> (usize, usize) {
        match self {
            Dense(a) => a.dim(),
            Zero(rows, cols) => (*rows, *cols),
            Identity(n, _) => (*n, *n),
            Diagonal(d) => (d.nrows(), d.nrows()),
            Commutation(n, m, _) => (n * m, n * m),
            Kron(_, f) => (f[0].nrows() * f[1].nrows(), f[0].ncols() * f[1].ncols()),
            Sum(terms) => terms[0].dim(),
            Product(_, f) => (f[0].nrows(), f[f.len() - 1].ncols()),
        }
    }

    /// How many rows.
    pub fn nrows(&self) -> usize {
        self.dim().0
    }

    /// How many columns.
    pub fn ncols(&self) -> usize {
        self.dim().1
    }

    /// The transpose; nothing is copied but the list of parts.
    pub fn transposed(&self) -> Value<T> {
        match self {
            Dense(a) => Dense(a.clone().reversed_axes()),
            Zero(rows, cols) => Zero(*cols, *rows),
            Identity(..) | Diagonal(_) => self.clone(),
            Commutation(n, m, k) => Commutation(*m, *n, *k),
            Kron(k, f) => Kron(*k, Arc::new([f[0].transposed(), f[1].transposed()])),
            Sum(terms) => Sum(terms.iter().map(Value::transposed).collect()),
            Product(k, factors) => Product(*k, factors.iter().rev().map(Value::transposed).collect()),
        }
    }

    /// k times the value.
    pub fn scaled(self, k: T) -> Value<T> {
        match self {
            Dense(a) => Dense(times(a, k)),
            Zero(..) => self,
            Identity(n, c) => Identity(n, c * k),
            Diagonal(d) => Diagonal(times(d, k)),
            Commutation(n, m, c) => Commutation(n, m, c * k),
            Kron(c, factors) => Kron(c * k, factors),
            Sum(terms) => Sum(terms.iter().map(|t| t.clone().scaled(k)).collect()),
            Product(c, factors) => Product(c * k, factors),
        }
    }

    /// Every entry written out, blocks in their places.
    ///
    /// # Errors
    /// `Limit` for more than `MAX_ENTRIES` entries.
    pub fn to_dense(&self) -> Result<Matrix<T>, Error> {
        if let Dense(a) = self {
            return Ok(a.clone());
        }
        let (rows, cols) = self.dim();
        bounded(rows as i64, cols as i64)?;
        if let Kron(k, f) = self
            && let (Dense(a), Dense(b)) = (f[0].multiplied_out()?, f[1].multiplied_out()?)
        {
            return Ok(kron_written(*k, &a, &b));
        }
        let mut out = Array2::from_elem((rows, cols), T::zero());
        self.add_to(T::one(), out.view_mut())?;
        Ok(out.into_shared())
    }

    /// As `to_dense`, for a value no longer needed.
    pub(super) fn into_dense(self) -> Result<Matrix<T>, Error> {
        match self {
            Dense(a) => Ok(a),
            structured => structured.to_dense(),
        }
    }

    /// The value times `x`, without writing the value out: (A ⊗ B) vec X is vec(B X Aᵀ).
    ///
    /// # Errors
    /// `Limit` when something on the way has more than `MAX_ENTRIES` entries.
    ///
    /// # Panics
    /// When `x` has not as many rows as the value has columns.
    pub fn apply(&self, x: &Matrix<T>) -> Result<Matrix<T>, Error> {
        assert_eq!(self.ncols(), x.nrows(), "a {:?} matrix times a {:?} one", self.dim(), x.dim());
        bounded(self.nrows() as i64, x.ncols() as i64)?;
        Ok(match self {
            Dense(a) => dot(a, x),
            Zero(rows, _) => Matrix::from_elem((*rows, x.ncols()), T::zero()),
            Identity(_, k) => times(x.clone(), *k),
            Diagonal(d) => (x * d).into_shared(),
            Commutation(n, m, k) => times(swapped(x, *m, *n)?, *k),
            Kron(k, f) => times(kron_apply(&f[0], &f[1], x)?, *k),
            Sum(terms) => {
                let mut total = terms[0].apply(x)?;
                for term in &terms[1..] {
                    total += &term.apply(x)?;
                }
                total
            }
            Product(k, factors) => times(factors.iter().rev().try_fold(x.clone(), |x, factor| factor.apply(&x))?, *k),
        })
    }

    /// Floating-point operations to apply it to one column: what decides on the order of products.
    pub fn rate(&self) -> f64 {
        let (rows, cols) = self.dim();
        match self {
            Dense(_) => 2.0 * rows as f64 * cols as f64,
            Zero(..) => 0.0,
            Identity(..) | Diagonal(_) | Commutation(..) => rows as f64,
            Kron(_, f) => {
                let ([a, b], [s, t]) = ([f[0].rate(), f[1].rate()], [f[0].dim(), f[1].dim()]);
                let left_first = a * t.1 as f64 + s.0 as f64 * b;
                let right_first = s.1 as f64 * b + a * t.0 as f64;
                left_first.min(right_first)
            }
            Sum(terms) => terms.iter().map(|t| t.rate() + rows as f64).sum(),
            Product(_, factors) => factors.iter().map(Value::rate).sum(),
        }
    }

    /// How many arrays and marks it is made of.
    fn parts(&self) -> usize {
        match self {
            Dense(_) | Zero(..) | Identity(..) | Diagonal(_) | Commutation(..) => 1,
            Kron(_, f) => f.iter().map(Value::parts).sum(),
            Sum(terms) => terms.iter().map(Value::parts).sum(),
            Product(_, factors) => factors.iter().map(Value::parts).sum(),
        }
    }

    /// Structure is kept as long as multiplying by it is cheaper than by the entries.
    pub(super) fn kept(self) -> Result<Value<T>, Error> {
        let (rows, cols) = self.dim();
        if rows.max(cols) as i64 > MAX_ENTRIES {
            return Err(too_large());
        }
        let pays = self.rate() < 2.0 * rows as f64 * cols as f64 && self.parts() <= MAX_PARTS;
        if pays || matches!(self, Dense(_) | Zero(..) | Identity(..) | Diagonal(_)) {
            Ok(self)
        } else {
            self.to_dense().map(Dense)
        }
    }

    /// Other numbers in the same structure.
    pub(super) fn map_numbers(self, f: &mut dyn FnMut(T) -> T) -> Value<T> {
        match self {
            Dense(a) => Dense(a.mapv_into(&mut *f)),
            Zero(..) => self,
            Identity(n, k) => Identity(n, f(k)),
            Diagonal(d) => Diagonal(d.mapv_into(&mut *f)),
            Commutation(n, m, k) => Commutation(n, m, f(k)),
            Kron(k, factors) => Kron(f(k), factors),
            Sum(terms) => Sum(terms.iter().map(|t| t.clone().map_numbers(f)).collect()),
            Product(k, factors) => Product(f(k), factors),
        }
    }

    /// How many entries it has, held or not.
    pub(super) fn count(&self) -> u64 {
        let (rows, cols) = self.dim();
        rows as u64 * cols as u64
    }

    /// Whether every number it is made of is finite; the first that is not.
    pub(super) fn not_finite(&self) -> Option<T> {
        let scalar = |k: &T| (!k.is_finite()).then_some(*k);
        match self {
            Dense(a) | Diagonal(a) => {
                if all_finite(a) {
                    None
                } else {
                    a.iter().find(|x| !x.is_finite()).copied()
                }
            }
            Zero(..) => None,
            Identity(_, k) | Commutation(_, _, k) => scalar(k),
            Kron(k, f) => scalar(k).or_else(|| f.iter().find_map(Value::not_finite)),
            Sum(terms) => terms.iter().find_map(Value::not_finite),
            Product(k, factors) => scalar(k).or_else(|| factors.iter().find_map(Value::not_finite)),
        }
    }

    /// `out` + k times the value, in `out`.
    pub(super) fn add_to(&self, k: T, mut out: ArrayViewMut2<T>) -> Result<(), Error> {
        match self {
            Dense(a) if is_one(k) => out += a,
            Dense(a) => out.scaled_add(k, a),
            Zero(..) => {}
            Identity(..) | Diagonal(_) | Commutation(..) => self.each(&mut |i, j, x| {
                out[(i, j)] += k * x;
                Ok(())
            })?,
            Kron(c, f) => kron_to(k * *c, &f[0].multiplied_out()?, &f[1].multiplied_out()?, out)?,
            Sum(terms) => terms.iter().try_for_each(|t| t.add_to(k, out.view_mut()))?,
            Product(c, factors) => match &factors[..] {
                [Dense(x), Dense(y)] => general_mat_mul(k * *c, x, y, T::one(), &mut out),
                factors => multiplied(factors)?.add_to(k * *c, out)?,
            },
        }
        Ok(())
    }

    /// Entries that may not be zero, row and column first; several at one place add up.
    fn each(&self, f: &mut dyn FnMut(usize, usize, T) -> Result<(), Error>) -> Result<(), Error> {
        match self {
            Dense(a) => a.indexed_iter().try_for_each(|((i, j), x)| f(i, j, *x)),
            Zero(..) => Ok(()),
            Identity(n, k) => (0..*n).try_for_each(|i| f(i, i, *k)),
            Diagonal(d) => d.iter().enumerate().try_for_each(|(i, x)| f(i, i, *x)),
            Commutation(n, m, k) => (0..n * m).try_for_each(|from| f(from % n * m + from / n, from, *k)),
            Kron(k, factors) => {
                let (rows, cols) = factors[1].dim();
                factors[0]
                    .each(&mut |i, j, x| factors[1].each(&mut |p, q, y| f(i * rows + p, j * cols + q, *k * x * y)))
            }
            Sum(terms) => terms.iter().try_for_each(|t| t.each(f)),
            Product(..) => Dense(self.to_dense()?).each(f),
        }
    }

    /// The value with sums and products written out: a factor of ⊗ is read once for every entry of the other.
    fn multiplied_out(&self) -> Result<Value<T>, Error> {
        match self {
            Sum(_) | Product(..) => self.to_dense().map(Dense),
            Dense(_) | Zero(..) | Identity(..) | Diagonal(_) | Commutation(..) | Kron(..) => Ok(self.clone()),
        }
    }
}

fn is_one<T: Scalar>(k: T) -> bool {
    k.is_one() && k.tangent() == 0.0
}

/// k A.
fn times<T: Scalar>(a: Matrix<T>, k: T) -> Matrix<T> {
    if is_one(k) { a } else { a.mapv_into(|x| x * k) }
}

/// More parts than this are written out.
const MAX_PARTS: usize = 64;

/// A product of factors that were left alone, from its narrower end.
fn multiplied<T: Scalar>(factors: &[Value<T>]) -> Result<Value<T>, Error> {
    let [first, middle @ .., last] = factors else { return Ok(factors[0].clone()) };
    if first.nrows() < last.ncols() {
        let reversed: Vec<Value<T>> = factors.iter().rev().map(Value::transposed).collect();
        return Ok(multiplied(&reversed)?.transposed());
    }
    let rest = [std::slice::from_ref(first), middle].concat();
    rest.iter().rev().try_fold(last.to_dense()?, |x, factor| factor.apply(&x)).map(Dense)
}

/// `out` + k A ⊗ B; dense factors row by row of `out`, as memory lies.
fn kron_to<T: Scalar>(k: T, a: &Value<T>, b: &Value<T>, mut out: ArrayViewMut2<T>) -> Result<(), Error> {
    let (rows, cols) = b.dim();
    if rows == 0 || cols == 0 {
        return Ok(());
    }
    if let (Dense(a), Dense(b)) = (a, b) {
        for (i, mut row) in out.axis_iter_mut(Axis(0)).enumerate() {
            let (left, right) = (a.row(i / rows), b.row(i % rows));
            for (x, mut part) in left.iter().zip(row.exact_chunks_mut(cols)) {
                part.scaled_add(k * *x, &right);
            }
        }
        return Ok(());
    }
    a.each(&mut |i, j, x| {
        let block = s![i * rows..(i + 1) * rows, j * cols..(j + 1) * cols];
        b.add_to(k * x, out.slice_mut(block))
    })
}

/// Asked of every value that is computed: many entries at a time, which processors have instructions for.
fn all_finite<T: Scalar>(a: &Matrix<T>) -> bool {
    const AT_ONCE: usize = 64;
    let together = |entries: &[T]| entries.iter().fold(true, |all, x| all & x.is_finite());
    a.as_slice_memory_order().map_or_else(|| a.iter().all(|x| x.is_finite()), |all| all.chunks(AT_ONCE).all(together))
}

/// k A ⊗ B in one pass over new memory.
fn kron_written<T: Scalar>(k: T, a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
    let (rows, cols) = (a.nrows() * b.nrows(), a.ncols() * b.ncols());
    let b = b.as_standard_layout();
    let mut entries = Vec::with_capacity(rows * cols);
    for (left, right) in a.rows().into_iter().flat_map(|row| b.rows().into_iter().map(move |r| (row, r))) {
        let right = right.to_slice().expect("a row in the order of rows");
        for x in left {
            let factor = k * *x;
            entries.extend(right.iter().map(|y| factor * *y));
        }
    }
    Array2::from_shape_vec((rows, cols), entries).expect("as many entries as the product has").into_shared()
}

/// (A ⊗ B) x: A on the blocks of rows, B inside each, the cheaper one first.
fn kron_apply<T: Scalar>(a: &Value<T>, b: &Value<T>, x: &Matrix<T>) -> Result<Matrix<T>, Error> {
    let ([ar, ac], [br, bc]) = (<[usize; 2]>::from(a.dim()), <[usize; 2]>::from(b.dim()));
    let left_first = a.rate() * bc as f64 + ar as f64 * b.rate();
    let right_first = ac as f64 * b.rate() + a.rate() * br as f64;
    if left_first <= right_first { inside(b, &blockwise(a, x, bc)?, ar) } else { blockwise(a, &inside(b, x, ac)?, br) }
}

/// (A ⊗ I) x, with I of side `inner`.
fn blockwise<T: Scalar>(a: &Value<T>, x: &Matrix<T>, inner: usize) -> Result<Matrix<T>, Error> {
    let cols = x.ncols();
    bounded((a.nrows() * inner) as i64, cols as i64)?;
    let y = a.apply(&reshaped(x, (a.ncols(), inner * cols)))?;
    Ok(reshaped(&y, (a.nrows() * inner, cols)))
}

/// (I ⊗ B) x, with I of side `outer`.
fn inside<T: Scalar>(b: &Value<T>, x: &Matrix<T>, outer: usize) -> Result<Matrix<T>, Error> {
    swapped(&blockwise(b, &swapped(x, outer, b.ncols())?, outer)?, b.nrows(), outer)
}

/// Row i · inner + j becomes row j · outer + i: what K(inner, outer) does.
fn swapped<T: Scalar>(x: &Matrix<T>, outer: usize, inner: usize) -> Result<Matrix<T>, Error> {
    if outer == 1 || inner == 1 {
        return Ok(x.clone());
    }
    let (rows, cols) = x.dim();
    let shape = Array3::from_shape_vec((outer, inner, cols), x.iter().copied().collect());
    let cube = shape.map_err(|_| too_large())?.permuted_axes([1, 0, 2]);
    Array2::from_shape_vec((rows, cols), cube.iter().copied().collect())
        .map(Array2::into_shared)
        .map_err(|_| too_large())
}

/// The same entries in the order of rows, in another shape of as many.
fn reshaped<T: Scalar>(x: &Matrix<T>, shape: (usize, usize)) -> Matrix<T> {
    let rows = if x.is_standard_layout() { x.clone() } else { x.as_standard_layout().into_owned().into_shared() };
    rows.into_shape_with_order(shape).expect("as many entries in the order of rows")
}

/// A B; a column or a row goes through A as it lies in memory.
pub(super) fn dot<T: Scalar>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
    if b.ncols() == 1 && a.nrows() > 1 {
        return times_column(a.view(), b).into_shared();
    }
    if a.nrows() == 1 && b.ncols() > 1 {
        return times_column(b.t(), &a.clone().reversed_axes()).reversed_axes().into_shared();
    }
    a.dot(b).into_shared()
}

fn times_column<T: Scalar>(a: ArrayView2<T>, x: &Matrix<T>) -> Array2<T> {
    let x = x.column(0);
    if a.strides()[1] == 1 || a.strides()[0] != 1 {
        return a.dot(&x).insert_axis(Axis(1));
    }
    let mut y = Array2::from_elem((a.nrows(), 1), T::zero());
    for (column, entry) in a.axis_iter(Axis(1)).zip(x) {
        y.column_mut(0).scaled_add(*entry, &column);
    }
    y
}

/// Columns of a symmetric product that are computed at once: an eighth of them, and no fewer nor more than these.
const PANELS: std::ops::RangeInclusive<usize> = 32..=128;

/// A B, known to be symmetric: above the diagonal panel by panel, below it by reflection.
pub(super) fn symmetric_dot<T: Scalar>(a: &Matrix<T>, b: &Matrix<T>) -> Result<Matrix<T>, Error> {
    let n = a.nrows();
    bounded(n as i64, n as i64)?;
    let panel = (n / 8).next_multiple_of(8).clamp(*PANELS.start(), *PANELS.end());
    if n <= 2 * panel {
        return Ok(dot(a, b));
    }
    let mut out = Array2::from_elem((n, n), T::zero());
    for left in (0..n).step_by(panel) {
        let right = (left + panel).min(n);
        let panel = &mut out.slice_mut(s![..right, left..right]);
        general_mat_mul(T::one(), &a.slice(s![..right, ..]), &b.slice(s![.., left..right]), T::zero(), panel);
        let (mut below, above) = out.multi_slice_mut((s![left..right, ..left], s![..left, left..right]));
        below.assign(&above.t());
    }
    Ok(out.into_shared())
}
