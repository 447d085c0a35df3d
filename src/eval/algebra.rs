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
        (
            Diagonal(_) | Commutation(..) | Kron(..) | Sum(_),
            Diagonal(_) | Commutation(..) | Kron(..) | Sum(_),
        ) => in_factors(vec![a.clone(), b.clone()]),
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
        (a, Kron(c, f)) if a.nrows() == 1 && f[0].ncols() == 1 => {
            kron(k * c, product(&f[0], &a)?, f[1].clone())
        }
        (a, Kron(c, f)) if a.ncols() == 1 && f[0].nrows() == 1 => {
            kron(k * c, product(&a, &f[0])?, f[1].clone())
        }
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
