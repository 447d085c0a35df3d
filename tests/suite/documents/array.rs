//! Plain arrays of floats, row by row: the arithmetic of the third evaluator, which shares no code with gradus.

/// An array; a scalar is 1 × 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub rows: usize,
    pub cols: usize,
    entries: Vec<f64>,
}

impl Array {
    pub fn of(rows: usize, cols: usize, entry: impl Fn(usize, usize) -> f64) -> Array {
        let entries = (0..rows * cols).map(|i| entry(i / cols, i % cols)).collect();
        Array { rows, cols, entries }
    }

    pub fn scalar(x: f64) -> Array {
        Array::of(1, 1, |_, _| x)
    }

    pub fn column(entries: &[f64]) -> Array {
        Array::of(entries.len(), 1, |i, _| entries[i])
    }

    pub fn eye(n: usize) -> Array {
        Array::of(n, n, |i, j| f64::from(u8::from(i == j)))
    }

    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.entries[i * self.cols + j]
    }

    pub fn entry(&mut self, i: usize, j: usize) -> &mut f64 {
        &mut self.entries[i * self.cols + j]
    }

    /// The only entry of a scalar.
    pub fn only(&self) -> f64 {
        assert_eq!(self.entries.len(), 1, "a scalar");
        self.entries[0]
    }

    pub fn entries(&self) -> &[f64] {
        &self.entries
    }

    /// The entries column by column.
    pub fn stacked(&self) -> Vec<f64> {
        self.transposed().entries
    }

    pub fn row(&self, i: usize) -> &[f64] {
        &self.entries[i * self.cols..(i + 1) * self.cols]
    }

    pub fn map(&self, f: impl Fn(f64) -> f64) -> Array {
        Array::of(self.rows, self.cols, |i, j| f(self.at(i, j)))
    }

    /// Entry by entry; a scalar is broadcast.
    pub fn zip(&self, other: &Array, f: impl Fn(f64, f64) -> f64) -> Array {
        let shape = if self.entries.len() == 1 { other } else { self };
        let get = |a: &Array, i, j| if a.entries.len() == 1 { a.entries[0] } else { a.at(i, j) };
        Array::of(shape.rows, shape.cols, |i, j| f(get(self, i, j), get(other, i, j)))
    }

    pub fn transposed(&self) -> Array {
        Array::of(self.cols, self.rows, |i, j| self.at(j, i))
    }

    pub fn times(&self, other: &Array) -> Array {
        assert_eq!(self.cols, other.rows, "a product that fits");
        Array::of(self.rows, other.cols, |i, j| (0..self.cols).map(|k| self.at(i, k) * other.at(k, j)).sum())
    }

    /// Every row replaced by its image.
    pub fn by_rows(&self, f: impl Fn(&[f64]) -> Vec<f64>) -> Array {
        let entries: Vec<f64> = (0..self.rows).flat_map(|i| f(self.row(i))).collect();
        Array { entries, ..*self }
    }

    /// Every column replaced by its image.
    pub fn by_cols(&self, f: impl Fn(&[f64]) -> Vec<f64>) -> Array {
        self.transposed().by_rows(f).transposed()
    }

    pub fn sum(&self) -> f64 {
        self.entries.iter().sum()
    }

    pub fn kron(&self, other: &Array) -> Array {
        let (p, q) = (other.rows, other.cols);
        Array::of(self.rows * p, self.cols * q, |i, j| self.at(i / p, j / q) * other.at(i % p, j % q))
    }

    /// Determinant and inverse by Gauss and Jordan; the inverse of a singular matrix holds no numbers.
    pub fn eliminated(&self) -> (f64, Array) {
        let n = self.rows;
        let (mut left, mut right, mut det) = (self.clone(), Array::eye(n), 1.0);
        for k in 0..n {
            let pivot = (k..n).max_by(|i, j| left.at(*i, k).abs().total_cmp(&left.at(*j, k).abs())).expect("a row");
            if left.at(pivot, k) == 0.0 {
                return (0.0, right.map(|_| f64::NAN));
            }
            det *= left.at(pivot, k) * if pivot == k { 1.0 } else { -1.0 };
            for a in [&mut left, &mut right] {
                (0..n).for_each(|j| a.entries.swap(k * n + j, pivot * n + j));
            }
            let scale = left.at(k, k);
            for a in [&mut left, &mut right] {
                (0..n).for_each(|j| *a.entry(k, j) /= scale);
            }
            for i in (0..n).filter(|i| *i != k) {
                let factor = left.at(i, k);
                for a in [&mut left, &mut right] {
                    (0..n).for_each(|j| *a.entry(i, j) -= factor * a.at(k, j));
                }
            }
        }
        (det, right)
    }
}

/// The slope of a smooth function, from five points.
pub fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-3 * x.abs().clamp(0.1, 1.0);
    (8.0 * (f(x + h) - f(x - h)) - (f(x + 2.0 * h) - f(x - 2.0 * h))) / (12.0 * h)
}

/// The second derivative of a smooth function, from five points.
pub fn curvature(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-2 * x.abs().clamp(0.3, 1.0);
    (16.0 * (f(x + h) + f(x - h)) - (f(x + 2.0 * h) + f(x - 2.0 * h)) - 30.0 * f(x)) / (12.0 * h * h)
}

pub fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

pub fn log_sum_exp(x: &[f64]) -> f64 {
    let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + x.iter().map(|x| (x - largest).exp()).sum::<f64>().ln()
}

pub fn softmax(x: &[f64]) -> Vec<f64> {
    let total = log_sum_exp(x);
    x.iter().map(|x| (x - total).exp()).collect()
}

pub fn log_softmax(x: &[f64]) -> Vec<f64> {
    let total = log_sum_exp(x);
    x.iter().map(|x| x - total).collect()
}
