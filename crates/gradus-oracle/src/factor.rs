//! Inverse, determinant and powers of square matrices, over any scalar type.

use super::Scalar;
use ndarray::{Array2, ArrayView2};

/// A pivot below this many rounding errors of the terms it was computed from counts as zero.
const PIVOT_ROUNDINGS: f64 = 1000.0;

/// P A = L U with partial pivoting on the real parts; L has a unit diagonal.
pub struct LuFactors<T> {
    lu: Array2<T>,
    /// The sums of magnitudes that the entries of `lu` were computed from: the scale of their rounding errors.
    magnitudes: Array2<f64>,
    rows: Vec<usize>,
    odd: bool,
}

impl<T: Scalar> LuFactors<T> {
    /// `None` when the matrix is singular to working precision.
    pub fn new(a: ArrayView2<T>) -> Option<LuFactors<T>> {
        let n = a.nrows();
        let magnitudes = a.mapv(|x| x.re().abs());
        let mut factors = LuFactors { lu: a.to_owned(), magnitudes, rows: (0..n).collect(), odd: false };
        for k in 0..n {
            let pivot = factors.pivot(k);
            let noise = factors.magnitudes[(pivot, k)] * f64::EPSILON * PIVOT_ROUNDINGS;
            if factors.lu[(pivot, k)].re().abs() <= noise {
                return None;
            }
            factors.swap(k, pivot);
            factors.eliminate(k);
        }
        Some(factors)
    }

    fn pivot(&self, k: usize) -> usize {
        let size = |i: &usize| self.lu[(*i, k)].re().abs();
        (k..self.rows.len()).max_by(|i, j| size(i).total_cmp(&size(j)).then(j.cmp(i))).unwrap_or(k)
    }

    fn swap(&mut self, i: usize, j: usize) {
        if i != j {
            self.rows.swap(i, j);
            self.odd = !self.odd;
            for c in 0..self.lu.ncols() {
                self.lu.swap((i, c), (j, c));
                self.magnitudes.swap((i, c), (j, c));
            }
        }
    }

    fn eliminate(&mut self, k: usize) {
        let n = self.rows.len();
        for i in k + 1..n {
            let factor = self.lu[(i, k)] / self.lu[(k, k)];
            self.lu[(i, k)] = factor;
            for j in k + 1..n {
                let subtrahend = factor * self.lu[(k, j)];
                self.lu[(i, j)] -= subtrahend;
                self.magnitudes[(i, j)] += factor.re().abs() * self.magnitudes[(k, j)];
            }
        }
    }

    pub fn inverse(&self) -> Array2<T> {
        let n = self.rows.len();
        let mut x = Array2::from_elem((n, n), T::zero());
        self.rows.iter().enumerate().for_each(|(i, row)| x[(i, *row)] = T::one());
        for c in 0..n {
            for i in 0..n {
                x[(i, c)] = (0..i).fold(x[(i, c)], |sum, j| sum - self.lu[(i, j)] * x[(j, c)]);
            }
            for i in (0..n).rev() {
                let sum = (i + 1..n).fold(x[(i, c)], |sum, j| sum - self.lu[(i, j)] * x[(j, c)]);
                x[(i, c)] = sum / self.lu[(i, i)];
            }
        }
        x
    }

    pub fn determinant(&self) -> T {
        let sign = if self.odd { -T::one() } else { T::one() };
        self.lu.diag().iter().fold(sign, |product, pivot| product * *pivot)
    }

    /// log |det A|.
    pub fn log_determinant(&self) -> T {
        self.lu.diag().iter().fold(T::zero(), |sum, pivot| {
            let magnitude = if pivot.re() < 0.0 { -*pivot } else { *pivot };
            sum + magnitude.ln()
        })
    }
}

/// The algorithm without divisions takes time n⁴: larger singular matrices are left alone.
const MAX_DIVISIONLESS: usize = 40;

/// det A. Of a matrix that is singular to working precision it is 0, with the derivative it has there; of a large one it is
/// not a number.
pub fn determinant<T: Scalar>(a: ArrayView2<T>) -> T {
    match LuFactors::new(a) {
        Some(factors) => factors.determinant(),
        None if a.nrows() > MAX_DIVISIONLESS => T::from(f64::NAN),
        None => {
            let noisy = divisionless(a);
            noisy - noisy.re()
        }
    }
}

/// R. S. Bird, A simple division-free algorithm for computing determinants (2011): n − 1 times X ↦ μ(X) A.
fn divisionless<T: Scalar>(a: ArrayView2<T>) -> T {
    let n = a.nrows();
    let mut x = a.to_owned();
    for _ in 1..n {
        x = mu(&x).dot(&a);
    }
    if n.is_multiple_of(2) { -x[(0, 0)] } else { x[(0, 0)] }
}

/// The strict upper triangle of X, with −(X_{i+1,i+1} + … + X_{nn}) on the diagonal.
fn mu<T: Scalar>(x: &Array2<T>) -> Array2<T> {
    Array2::from_shape_fn(x.dim(), |(i, j)| match i.cmp(&j) {
        std::cmp::Ordering::Less => x[(i, j)],
        std::cmp::Ordering::Equal => (i + 1..x.nrows()).fold(T::zero(), |sum, k| sum - x[(k, k)]),
        std::cmp::Ordering::Greater => T::zero(),
    })
}

/// A to the power k ≥ 1, by squaring.
pub fn power<T: Scalar>(a: Array2<T>, mut k: u64) -> Array2<T> {
    let mut square = a;
    let mut result: Option<Array2<T>> = None;
    while k > 0 {
        if k & 1 == 1 {
            result = Some(result.map_or_else(|| square.clone(), |r| r.dot(&square)));
        }
        k >>= 1;
        if k > 0 {
            square = square.dot(&square);
        }
    }
    result.unwrap_or(square)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn inverse_and_determinant() {
        let a = array![[0.0, 2.0, 1.0], [1.0, -1.0, 3.0], [2.0, 5.0, 0.5]];
        let factors = LuFactors::new(a.view()).expect("invertible");
        let product = a.dot(&factors.inverse());
        assert!((product - Array2::<f64>::eye(3)).iter().all(|x| x.abs() < 1e-15));
        assert!((factors.determinant() - 18.0).abs() < 1e-13);
        assert!((divisionless(a.view()) - 18.0).abs() < 1e-13);
        assert!((factors.log_determinant() - 18f64.ln()).abs() < 1e-14);
    }

    #[test]
    fn singular_matrices() {
        let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
        assert!(LuFactors::new(a.view()).is_none());
        assert_eq!(determinant(a.view()), 0.0);
        let thin = array![[0.3, 1.1], [0.7, -0.2], [1.3, 0.4]];
        assert!(LuFactors::new(thin.dot(&thin.t()).view()).is_none());
        assert!(LuFactors::new(array![[1.0, 0.0], [0.0, 1e-30]].view()).is_some());
    }

    #[test]
    fn powers() {
        let a = array![[1.0, 1.0], [0.0, 1.0]];
        assert_eq!(power(a, 13), array![[1.0, 13.0], [0.0, 1.0]]);
    }
}
