//! The built-in functions of one array, over any scalar type.

use super::{Scalar, evaluate::Matrix, factor, masks::is_masked};
use crate::expr::{Axis, Builtin};
use ndarray::{Array1, Array2, ArrayView1, Axis as Dimension};

/// The rows of an array lie one after the other along this dimension,
const ROWS: Dimension = Dimension(0);
/// its columns along this one.
const COLS: Dimension = Dimension(1);

/// Along which dimension the slices lie that a function is applied to: a vector is one column.
fn across(axis: Axis) -> Dimension {
    match axis {
        Axis::Rows => ROWS,
        Axis::All | Axis::Cols => COLS,
    }
}

/// The value of a built-in function, or in words why it has none at `a`.
pub fn builtin<T: Scalar>(b: Builtin, a: Matrix<T>) -> Result<Matrix<T>, String> {
    Ok(match b {
        Builtin::Sum(Axis::All) => scalar(a.sum()),
        Builtin::Sum(Axis::Rows) => column(a.sum_axis(COLS)),
        Builtin::Sum(Axis::Cols) => column(a.sum_axis(ROWS)),
        Builtin::Prod(Axis::All) => scalar(product(a.iter().copied())),
        Builtin::Prod(axis @ (Axis::Rows | Axis::Cols)) => {
            column(a.axis_iter(across(axis)).map(|x| product(x.iter().copied())).collect())
        }
        Builtin::ProdOthers(Axis::All) => {
            let others = products_of_others(&a.iter().copied().collect::<Vec<_>>());
            Array2::from_shape_vec(a.dim(), others).expect("one for each entry").into_shared()
        }
        Builtin::ProdOthers(axis) => {
            slices(a, across(axis), |x| Array1::from(products_of_others(&x.iter().copied().collect::<Vec<_>>())))
        }
        Builtin::Mean => scalar(a.sum() / T::from(a.len() as f64)),
        Builtin::Var(Axis::All) => scalar(variance(Array1::from_iter(a.iter().copied()).view())),
        Builtin::Var(axis @ (Axis::Rows | Axis::Cols)) => column(a.axis_iter(across(axis)).map(variance).collect()),
        Builtin::Trace => scalar(a.diag().sum()),
        Builtin::Det => scalar(factor::determinant(a.view())),
        Builtin::LogDet => scalar(log_determinant(&a)?),
        Builtin::NormSquared => scalar(a.fold(T::zero(), |sum, x| sum + *x * *x)),
        // at its kink |t| has slope 0, by convention
        Builtin::Norm1 => scalar(
            a.iter().filter(|x| x.re() != 0.0).fold(T::zero(), |sum, x| if x.re() < 0.0 { sum - *x } else { sum + *x }),
        ),
        Builtin::LogSumExp if a.iter().all(|x| is_masked(x.re())) => return Err(NOTHING_LEFT.into()),
        Builtin::LogSumExp => scalar(log_sum_exp(a.iter().copied())),
        Builtin::Diag => Array2::from_diag(&a.column(0)).into_shared(),
        Builtin::Skew => {
            let (x, y, z, none) = (a[[0, 0]], a[[1, 0]], a[[2, 0]], T::zero());
            ndarray::arr2(&[[none, -z, y], [z, none, -x], [-y, x, none]]).into_shared()
        }
        Builtin::DiagonalOf => column(a.diag().to_owned()),
        Builtin::Vec => column(a.t().iter().copied().collect()),
        Builtin::Softmax(axis) => slices(unmasked(a, across(axis))?, across(axis), softmax),
        Builtin::LogSoftmax(axis) => slices(unmasked(a, across(axis))?, across(axis), log_softmax),
        Builtin::CumSum => slices(a, across(Axis::All), running_sum),
        Builtin::LayerNorm(axis) => layer_norm(a, across(axis))?,
    })
}

pub fn scalar<T: Scalar>(x: T) -> Matrix<T> {
    Array2::from_elem((1, 1), x).into_shared()
}

fn column<T: Scalar>(entries: Array1<T>) -> Matrix<T> {
    entries.insert_axis(COLS).into_shared()
}

/// Replaces every slice across `axis` (0: the rows, 1: the columns) by its image.
fn slices<T: Scalar>(mut a: Matrix<T>, axis: Dimension, f: impl Fn(ArrayView1<T>) -> Array1<T>) -> Matrix<T> {
    for mut slice in a.axis_iter_mut(axis) {
        let image = f(slice.view());
        slice.assign(&image);
    }
    a
}

fn log_determinant<T: Scalar>(a: &Matrix<T>) -> Result<T, String> {
    let factors = factor::LuFactors::new(a.view()).ok_or("the matrix is singular, its determinant 0")?;
    Ok(factors.log_determinant())
}

/// log Σ exp(xᵢ), in two parts for precision: the largest real part m, which nothing after it overflows, and
/// log Σ exp(xᵢ − m).
fn log_total<T: Scalar>(entries: impl Iterator<Item = T> + Clone) -> (f64, T) {
    let largest = entries.clone().fold(f64::NEG_INFINITY, |m, x| m.max(x.re()));
    (largest, entries.fold(T::zero(), |sum, x| sum + (x - largest).exp()).ln())
}

fn log_sum_exp<T: Scalar>(entries: impl Iterator<Item = T> + Clone) -> T {
    let (largest, rest) = log_total(entries);
    rest + largest
}

fn log_softmax<T: Scalar>(x: ArrayView1<T>) -> Array1<T> {
    let (largest, rest) = log_total(x.iter().copied());
    x.mapv(|entry| (entry - largest) - rest)
}

fn softmax<T: Scalar>(x: ArrayView1<T>) -> Array1<T> {
    let largest = x.iter().fold(f64::NEG_INFINITY, |m, x| m.max(x.re()));
    let exponentials = x.mapv(|entry| (entry - largest).exp());
    let total = exponentials.sum();
    exponentials.mapv(|e| e / total)
}

/// What a softmax of nothing but −∞ is told.
const NOTHING_LEFT: &str = "every entry is -inf: nothing is left";

/// The array, when every slice across `axis` has an entry that is not −∞.
fn unmasked<T: Scalar>(a: Matrix<T>, axis: Dimension) -> Result<Matrix<T>, String> {
    let masked = |slice: ArrayView1<T>| slice.iter().all(|x| is_masked(x.re()));
    if a.axis_iter(axis).any(masked) { Err(NOTHING_LEFT.into()) } else { Ok(a) }
}

fn running_sum<T: Scalar>(x: ArrayView1<T>) -> Array1<T> {
    x.iter().scan(T::zero(), |sum, entry| Some(*sum + *entry).inspect(|s| *sum = *s)).collect()
}

fn product<T: Scalar>(entries: impl Iterator<Item = T>) -> T {
    entries.fold(T::one(), |product, x| product * x)
}

/// The product of all entries but one, for each of them: what stands before it times what stands after it.
fn products_of_others<T: Scalar>(x: &[T]) -> Vec<T> {
    let before = x.iter().scan(T::one(), |product, entry| {
        let others = *product;
        *product *= *entry;
        Some(others)
    });
    let mut others: Vec<T> = before.collect();
    let mut after = T::one();
    for (other, entry) in others.iter_mut().zip(x).rev() {
        *other *= after;
        after *= *entry;
    }
    others
}

/// A variance of no more than this share of Σ x² is that of rounding errors, whatever the mean.
const CONSTANT: f64 = 1e-26;

/// (x − mean x) / sd x for every slice across `axis`, with the biased variance and nothing added to it.
fn layer_norm<T: Scalar>(a: Matrix<T>, axis: Dimension) -> Result<Matrix<T>, String> {
    let is_constant = |x: ArrayView1<T>| variance(x).re() <= CONSTANT * x.iter().map(|x| x.re() * x.re()).sum::<f64>();
    if a.axis_iter(axis).any(is_constant) {
        return Err("the variance is 0, or as near to it as rounding errors".into());
    }
    Ok(slices(a, axis, |x| {
        let (centre, deviation) = (mean(x), variance(x).sqrt());
        x.mapv(|entry| (entry - centre) / deviation)
    }))
}

fn mean<T: Scalar>(x: ArrayView1<T>) -> T {
    x.sum() / T::from(x.len() as f64)
}

fn variance<T: Scalar>(x: ArrayView1<T>) -> T {
    let centre = mean(x);
    mean(x.mapv(|entry| (entry - centre) * (entry - centre)).view())
}
