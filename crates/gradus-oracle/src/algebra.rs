//! Sums, products and Kronecker products of values, which keep the structure of their arguments where that is cheaper.

use super::evaluate::{bounded, too_large};
use super::value::{Value, dot};
use super::{MAX_ENTRIES, Matrix, Scalar};
use crate::diag::Error;
use std::sync::Arc;

use Value::*;

/// A B.
///
/// # Errors
/// `Limit` for a result of more than `MAX_ENTRIES` entries that must be written out.
pub fn product<T: Scalar>(a: &Value<T>, b: &Value<T>) -> Result<Value<T>, Error> {
    match (a, b) {
        (Zero(rows, _), b) => Ok(Zero(*rows, b.ncols())),
        (a, Zero(_, cols)) => Ok(Zero(a.nrows(), *cols)),
        (Identity(_, k), v) | (v, Identity(_, k)) => Ok(v.clone().scaled(*k)),
        (Diagonal(d), Diagonal(e)) => Ok(Diagonal((d * e).into_shared())),
        (Commutation(n, m, k), Commutation(p, q, l)) if (n, m) == (q, p) => Ok(Identity(n * m, *k * *l)),
        (Product(k, factors), b) => Ok(after(factors, b)?.scaled(*k)),
        (a, Product(k, factors)) => Ok(before(a, factors)?.scaled(*k)),
        (Kron(k, f), Kron(l, g)) if f[0].ncols() == g[0].nrows() && f[1].ncols() == g[1].nrows() => {
            kron(*k * *l, product(&f[0], &g[0])?, product(&f[1], &g[1])?)
        }
        (Kron(k, f), b) if f[0].ncols() == 1 => kron(*k, f[0].clone(), product(&f[1], b)?),
        (Kron(k, f), b) if f[1].ncols() == 1 => kron(*k, product(&f[0], b)?, f[1].clone()),
        (a, Kron(k, g)) if g[0].nrows() == 1 => kron(*k, g[0].clone(), product(a, &g[1])?),
        (a, Kron(k, g)) if g[1].nrows() == 1 => kron(*k, product(a, &g[0])?, g[1].clone()),
        (Dense(x), Dense(y)) if x.ncols() != 1 => {
            bounded(x.nrows() as i64, y.ncols() as i64)?;
            Ok(Dense(dot(x, y)))
        }
        (Dense(_), Dense(_)) => in_factors(vec![a.clone(), b.clone()]),
        (s, Dense(x)) => s.apply(x).map(Dense),
        (Dense(x), s) => Ok(Dense(s.transposed().apply(&x.clone().reversed_axes())?.reversed_axes())),
        (Diagonal(_) | Commutation(..) | Kron(..) | Sum(_), Diagonal(_) | Commutation(..) | Kron(..) | Sum(_)) => {
            in_factors(vec![a.clone(), b.clone()])
        }
    }
}

/// A product that is left alone, if that pays.
fn in_factors<T: Scalar>(factors: Vec<Value<T>>) -> Result<Value<T>, Error> {
    Product(T::one(), factors.into()).kept()
}

/// A product of factors times b, from the right.
fn after<T: Scalar>(factors: &[Value<T>], b: &Value<T>) -> Result<Value<T>, Error> {
    let Some((last, rest)) = factors.split_last() else { return Ok(b.clone()) };
    match product(last, b)? {
        Product(k, tail) => Ok(in_factors([rest, &tail[..]].concat())?.scaled(k)),
        value => after(rest, &value),
    }
}

/// a times a product of factors, from the left.
fn before<T: Scalar>(a: &Value<T>, factors: &[Value<T>]) -> Result<Value<T>, Error> {
    let Some((first, rest)) = factors.split_first() else { return Ok(a.clone()) };
    match product(a, first)? {
        Product(k, head) => Ok(in_factors([&head[..], rest].concat())?.scaled(k)),
        value => before(&value, rest),
    }
}

/// k A ⊗ B. A row before a column is their outer product: xᵀ ⊗ (y ⊗ B) = (y xᵀ) ⊗ B.
///
/// # Errors
/// `Limit` for more rows or columns than `MAX_ENTRIES`.
pub fn kron<T: Scalar>(k: T, a: Value<T>, b: Value<T>) -> Result<Value<T>, Error> {
    let sides = [a.nrows().checked_mul(b.nrows()), a.ncols().checked_mul(b.ncols())];
    if sides.iter().any(|side| side.is_none_or(|n| n as i64 > MAX_ENTRIES)) {
        return Err(too_large());
    }
    match (a, b) {
        (Dense(a), b) if a.len() == 1 => Ok(b.scaled(k * a[(0, 0)])),
        (a, Dense(b)) if b.len() == 1 => Ok(a.scaled(k * b[(0, 0)])),
        (a, b) if matches!(a, Zero(..)) || matches!(b, Zero(..)) => {
            Ok(Zero(a.nrows() * b.nrows(), a.ncols() * b.ncols()))
        }
        (Identity(n, c), Identity(m, d)) => Ok(Identity(n * m, k * c * d)),
        (a, Kron(c, f)) if a.nrows() == 1 && f[0].ncols() == 1 => kron(k * c, product(&f[0], &a)?, f[1].clone()),
        (a, Kron(c, f)) if a.ncols() == 1 && f[0].nrows() == 1 => kron(k * c, product(&a, &f[0])?, f[1].clone()),
        (a, b) => Kron(k, Arc::new([a, b])).kept(),
    }
}

/// A + B. Kronecker products with a common factor stay one.
///
/// # Errors
/// `Limit` for a result of more than `MAX_ENTRIES` entries that must be written out.
pub fn sum<T: Scalar>(a: Value<T>, b: Value<T>) -> Result<Value<T>, Error> {
    match (a, b) {
        (Zero(..), v) | (v, Zero(..)) => Ok(v),
        (Identity(n, k), Identity(_, l)) => Ok(Identity(n, k + l)),
        (Diagonal(d), Identity(_, k)) | (Identity(_, k), Diagonal(d)) => Ok(Diagonal(d.mapv_into(|x| x + k))),
        (Diagonal(d), Diagonal(e)) => Ok(Diagonal(d + &e)),
        (Kron(k, f), Kron(l, g)) if same(&f[0], &g[0]) => {
            kron(T::one(), f[0].clone(), sum(f[1].clone().scaled(k), g[1].clone().scaled(l))?)
        }
        (Kron(k, f), Kron(l, g)) if same(&f[1], &g[1]) => {
            kron(T::one(), sum(f[0].clone().scaled(k), g[0].clone().scaled(l))?, f[1].clone())
        }
        (Dense(a), Dense(b)) => Ok(Dense(a + &b)),
        (Dense(mut a), s) | (s, Dense(mut a)) => {
            s.add_to(T::one(), a.view_mut())?;
            Ok(Dense(a))
        }
        (a, b) => Sum(terms(a).into_iter().chain(terms(b)).collect()).kept(),
    }
}

fn terms<T: Scalar>(a: Value<T>) -> Vec<Value<T>> {
    match a {
        Sum(terms) => terms.to_vec(),
        Dense(_) | Zero(..) | Identity(..) | Diagonal(_) | Commutation(..) | Kron(..) | Product(..) => vec![a],
    }
}

/// Whether two values are seen to be one without looking far: what is held twice, equal identities, equal parts.
fn same<T: Scalar>(a: &Value<T>, b: &Value<T>) -> bool {
    let entries = |a: &Matrix<T>, b: &Matrix<T>| {
        a.dim() == b.dim() && a.strides() == b.strides() && (a.as_ptr() == b.as_ptr() || equal_entries(a, b))
    };
    match (a, b) {
        (Dense(a), Dense(b)) | (Diagonal(a), Diagonal(b)) => entries(a, b),
        (Identity(n, k), Identity(m, l)) => n == m && equal(*k, *l),
        (Commutation(n, m, k), Commutation(p, q, l)) => (n, m) == (p, q) && equal(*k, *l),
        (Kron(k, f), Kron(l, g)) => equal(*k, *l) && same(&f[0], &g[0]) && same(&f[1], &g[1]),
        (Dense(_) | Zero(..) | Identity(..) | Diagonal(_) | Commutation(..) | Kron(..) | Sum(_) | Product(..), _) => {
            false
        }
    }
}

fn equal<T: Scalar>(a: T, b: T) -> bool {
    a.re() == b.re() && a.tangent() == b.tangent()
}

fn equal_entries<T: Scalar>(a: &Matrix<T>, b: &Matrix<T>) -> bool {
    a.iter().zip(b.iter()).all(|(x, y)| equal(*x, *y))
}

#[cfg(test)]
mod tests {
    use super::super::Random;
    use super::super::chain::{Prefixes, chain};
    use super::*;
    use ndarray::Array2;

    /// Every entry by the definitions, without structure.
    fn naive(v: &Value<f64>) -> Array2<f64> {
        match v {
            Dense(a) => a.to_owned(),
            Zero(r, c) => Array2::zeros((*r, *c)),
            Identity(n, k) => Array2::eye(*n) * *k,
            Diagonal(d) => Array2::from_diag(&d.column(0)),
            Commutation(n, m, k) => {
                let mut all = Array2::zeros((n * m, n * m));
                for (i, j) in (0..*n).flat_map(|i| (0..*m).map(move |j| (i, j))) {
                    all[(j + i * m, i + j * n)] = *k; // entry (i, j) of X: n × m in vec Xᵀ and in vec X
                }
                all
            }
            Kron(k, f) => ndarray::linalg::kron(&naive(&f[0]), &naive(&f[1])) * *k,
            Sum(terms) => terms.iter().map(naive).reduce(|a, b| a + b).expect("terms"),
            Product(k, factors) => factors.iter().map(naive).reduce(|a, b| a.dot(&b)).expect("factors") * *k,
        }
    }

    struct Shapes(Random);

    impl Shapes {
        fn below(&mut self, n: usize) -> usize {
            self.0.below(n)
        }

        fn dense(&mut self, dim: (usize, usize)) -> Matrix<f64> {
            Array2::from_shape_fn(dim, |_| self.0.uniform(-1.0, 1.0)).into_shared()
        }

        /// A divisor of n.
        fn divisor(&mut self, n: usize) -> usize {
            let divisors: Vec<usize> = (1..=n).filter(|d| n.is_multiple_of(*d)).collect();
            divisors[self.below(divisors.len())]
        }

        /// A value of this extent with a random structure.
        fn value(&mut self, (r, c): (usize, usize), depth: usize) -> Value<f64> {
            let k = self.0.uniform(0.5, 1.5);
            match self.below(if depth == 0 { 4 } else { 9 }) {
                0 if r == c => Identity(r, k),
                1 if r == c => Diagonal(self.dense((r, 1))),
                2 if r == c => {
                    let n = self.divisor(r);
                    Commutation(n, r / n, k)
                }
                3 if self.below(4) == 0 => Zero(r, c),
                4 | 5 => {
                    let (n, m) = (self.divisor(r), self.divisor(c));
                    let left = self.value((n, m), depth - 1);
                    Kron(k, Arc::new([left, self.value((r / n, c / m), depth - 1)]))
                }
                6 => Sum([self.value((r, c), depth - 1), self.value((r, c), depth - 1)].into()),
                7 | 8 => {
                    let n = 1 + self.below(6);
                    Product(k, [self.value((r, n), depth - 1), self.value((n, c), depth - 1)].into())
                }
                _ if self.below(2) == 0 => Dense(self.dense((c, r)).reversed_axes()),
                _ => Dense(self.dense((r, c))),
            }
        }

        fn extent(&mut self) -> usize {
            [1, 2, 3, 4, 6, 8, 12][self.below(7)]
        }
    }

    #[track_caller]
    fn assert_close(got: &Value<f64>, expected: &Array2<f64>, what: &dyn std::fmt::Debug) {
        let got = got.to_dense().expect("small");
        assert_eq!(got.dim(), expected.dim(), "{what:?}");
        let scale = expected.iter().fold(1.0f64, |m, x| m.max(x.abs()));
        assert!(got.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-12 * scale), "{what:?}: {got} {expected}");
    }

    const SAMPLES: u64 = 600;

    #[test]
    fn structured_operations_are_the_dense_ones() {
        for seed in 0..SAMPLES {
            let mut shapes = Shapes(Random::new(seed));
            let (r, k, c) = (shapes.extent(), shapes.extent(), shapes.extent());
            let (a, b, d) = (shapes.value((r, k), 2), shapes.value((k, c), 2), shapes.value((r, k), 2));
            let x = shapes.dense((k, c));
            let (na, nb) = (naive(&a), naive(&b));
            assert_close(&a, &na, &a);
            assert_close(&a.transposed(), &na.t().to_owned(), &a);
            assert_close(&a.clone().scaled(-3.0), &(&na * -3.0), &a);
            assert_close(&Dense(a.apply(&x).expect("small")), &na.dot(&x), &(&a, &x));
            assert_close(&product(&a, &b).expect("small"), &na.dot(&nb), &(&a, &b));
            assert_close(&sum(a.clone(), d.clone()).expect("small"), &(&na + &naive(&d)), &(&a, &d));
            let whole = kron(2.0, a.clone(), b.clone()).expect("small");
            assert_close(&whole, &(ndarray::linalg::kron(&na, &nb) * 2.0), &(&a, &b));
        }
    }

    /// Remembers everything.
    struct Memory(Vec<Option<Value<f64>>>);

    impl Prefixes<f64> for Memory {
        fn known(&self, count: usize) -> Option<Value<f64>> {
            self.0[count].clone()
        }

        fn learn(&mut self, count: usize, value: &Value<f64>) {
            self.0[count] = Some(value.clone());
        }
    }

    #[test]
    fn chains_are_products_in_any_order() {
        for seed in 0..SAMPLES / 4 {
            let mut shapes = Shapes(Random::new(seed));
            let length = if seed.is_multiple_of(50) { 45 } else { 2 + shapes.below(6) };
            let extents: Vec<usize> = (0..=length).map(|_| shapes.extent()).collect();
            let factors: Vec<Value<f64>> = extents.windows(2).map(|e| shapes.value((e[0], e[1]), 1)).collect();
            let expected = factors.iter().map(naive).reduce(|a, b| a.dot(&b)).expect("factors");
            let mut memory = Memory(vec![None; length + 1]);
            for _ in 0..2 {
                assert_close(&chain(factors.clone(), &mut memory).expect("small"), &expected, &factors);
            }
        }
    }

    #[test]
    fn mirrored_chains_are_symmetric() {
        let mut shapes = Shapes(Random::new(1));
        let (x, d) = (Dense(shapes.dense((9, 300))), Diagonal(shapes.dense((9, 1))));
        for factors in [vec![x.transposed(), x.clone()], vec![x.transposed(), d, x.clone()]] {
            let expected = factors.iter().map(naive).reduce(|a, b| a.dot(&b)).expect("factors");
            let got = chain(factors, &mut Memory(vec![None; 4])).expect("small");
            assert_close(&got, &expected, &"symmetric");
            let even = |a: &Matrix<f64>| a.iter().zip(a.t()).all(|(x, y)| (x - y).abs() <= 1e-12 * x.abs().max(1.0));
            assert!(matches!(&got, Dense(a) if even(a)), "but for rounding in the blocks on the diagonal");
        }
    }

    #[test]
    fn structure_is_kept() {
        let mut shapes = Shapes(Random::new(1));
        let (x, m) = (Dense(shapes.dense((50, 1))), Dense(shapes.dense((40, 40))));
        let left = kron(1.0, x.clone(), m.clone()).expect("small");
        let both = sum(left.clone(), kron(1.0, x.clone(), m.clone()).expect("small")).expect("small");
        assert!(matches!(&both, Kron(_, f) if f[1].dim() == (40, 40)), "x ⊗ A + x ⊗ B is x ⊗ (A + B)");
        let whole = kron(1.0, x.transposed(), both).expect("small");
        assert!(matches!(&whole, Kron(_, f) if matches!(&f[0], Product(..))), "xᵀ ⊗ (x ⊗ A) is (x xᵀ) ⊗ A");
        let huge = kron(1.0, Identity(1 << 12, 1.0), m).expect("never written out");
        assert_eq!(huge.apply(&shapes.dense((40 << 12, 1))).expect("a column").len(), 40 << 12);
        assert!(huge.to_dense().is_err());
    }
}
