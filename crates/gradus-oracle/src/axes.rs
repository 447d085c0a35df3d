//! Along how many axes the entries of an array are listed.

use super::Matrix;
use super::masks::is_masked;
use crate::expr::Shape;

/// How many axes an array has for those who ask for its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// A number.
    None,
    /// A list: a column.
    One,
    /// Rows of entries.
    Two,
}

impl Axes {
    /// Those of a shape.
    pub fn of(shape: &Shape) -> Axes {
        match (shape.is_scalar(), shape.cols.is_one()) {
            (true, _) => Axes::None,
            (false, true) => Axes::One,
            (false, false) => Axes::Two,
        }
    }

    /// The extents of an array along them.
    pub fn extents(self, array: &Matrix<f64>) -> Vec<usize> {
        match self {
            Axes::None => vec![],
            Axes::One => vec![array.nrows()],
            Axes::Two => vec![array.nrows(), array.ncols()],
        }
    }
}

/// The entries row by row, a mask as the −∞ it stands for; not copied where they lie so and nobody else holds them.
pub fn into_entries(array: Matrix<f64>) -> Vec<f64> {
    let shown = |x: f64| if is_masked(x) { f64::NEG_INFINITY } else { x };
    let array = array.mapv_into(shown);
    if !array.is_standard_layout() {
        return array.iter().copied().collect();
    }
    let count = array.len();
    match array.into_owned().into_raw_vec_and_offset() {
        (entries, Some(0) | None) if entries.len() == count => entries,
        (entries, start) => entries[start.unwrap_or(0)..][..count].to_vec(),
    }
}

/// The matrix of so many rows with these entries, row by row; they fill it.
pub fn matrix(rows: usize, entries: Vec<f64>) -> Matrix<f64> {
    let cols = entries.len() / rows.max(1);
    ndarray::Array2::from_shape_fn((rows, cols), |(i, j)| entries[i * cols + j]).into_shared()
}
