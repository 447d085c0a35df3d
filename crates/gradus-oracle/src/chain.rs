//! Chains of products in the order that costs least, what other chains start with computed once.

use super::Scalar;
use super::algebra::product;
use super::value::{Value, symmetric_dot};
use crate::diag::Error;
use crate::expr::{Extent, Order};

/// Longer chains are multiplied greedily: the best order takes time cubic in the length to find.
const MAX_PLANNED: usize = 40;

fn extent<T: Scalar>(value: &Value<T>) -> Extent<f64> {
    let (rows, cols) = value.dim();
    let dense = matches!(value, Value::Dense(_));
    Extent { rows: rows as f64, cols: cols as f64, rate: value.rate(), dense }
}

/// Partial products of the first factors, by how many they are: what other chains begin with too.
pub trait Prefixes<T> {
    /// The product of the first `count` factors, if it is known.
    fn known(&self, count: usize) -> Option<Value<T>>;
    /// Keeps it.
    fn learn(&mut self, count: usize, value: &Value<T>);
}

/// The product of a chain.
///
/// # Errors
/// `Limit` where a partial product would be too large.
pub fn chain<T: Scalar>(factors: Vec<Value<T>>, prefixes: &mut impl Prefixes<T>) -> Result<Value<T>, Error> {
    if factors.len() > MAX_PLANNED {
        return greedy(factors);
    }
    let extents: Vec<Extent<f64>> = factors.iter().map(extent).collect();
    let order = Order::best(&extents, |count| prefixes.known(count).map(|v| extent(&v)));
    ordered(&order, &factors, (0, factors.len() - 1), prefixes)
}

fn ordered<T: Scalar>(
    order: &Order,
    factors: &[Value<T>],
    (first, last): (usize, usize),
    prefixes: &mut impl Prefixes<T>,
) -> Result<Value<T>, Error> {
    if first == last {
        return Ok(factors[first].clone());
    }
    if let Some(known) = (first == 0).then(|| prefixes.known(last + 1)).flatten() {
        return Ok(known);
    }
    let split = order.split(first, last);
    let left = ordered(order, factors, (first, split), prefixes)?;
    let right = ordered(order, factors, (split + 1, last), prefixes)?;
    let value = match (&left, &right) {
        (Value::Dense(a), Value::Dense(b)) if mirrored(&factors[first..=last]) => Value::Dense(symmetric_dot(a, b)?),
        _ => product(&left, &right)?,
    };
    if first == 0 {
        prefixes.learn(last + 1, &value);
    }
    Ok(value)
}

/// Whether a chain reads the same transposed: AᵀDA is symmetric.
fn mirrored<T: Scalar>(factors: &[Value<T>]) -> bool {
    let pair = |(a, b): (&Value<T>, &Value<T>)| match (a, b) {
        (Value::Dense(a), Value::Dense(b)) => {
            a.as_ptr() == b.as_ptr() && a.dim() == b.t().dim() && a.strides() == b.t().strides()
        }
        (Value::Diagonal(a), Value::Diagonal(b)) => a.as_ptr() == b.as_ptr(),
        (
            Value::Dense(_)
            | Value::Zero(..)
            | Value::Identity(..)
            | Value::Diagonal(_)
            | Value::Commutation(..)
            | Value::Kron(..)
            | Value::Sum(_)
            | Value::Product(..),
            _,
        ) => false,
    };
    let half = factors.len() / 2;
    let middle = factors.len().is_multiple_of(2) || matches!(factors[half], Value::Diagonal(_));
    middle && factors[..half].iter().zip(factors.iter().rev()).all(pair)
}

/// The cheapest neighbours first, the right ones among equals: a vector at either end keeps everything a vector.
fn greedy<T: Scalar>(mut factors: Vec<Value<T>>) -> Result<Value<T>, Error> {
    let mut extents: Vec<Extent<f64>> = factors.iter().map(extent).collect();
    while factors.len() > 1 {
        let cost = |i: &usize| extents[*i].times(&extents[*i + 1]).0;
        let pairs = (0..factors.len() - 1).rev();
        let at = pairs.min_by(|i, j| cost(i).total_cmp(&cost(j))).unwrap_or(0);
        let right = factors.remove(at + 1);
        extents.remove(at + 1);
        factors[at] = product(&factors[at], &right)?;
        extents[at] = extent(&factors[at]);
    }
    Ok(factors.swap_remove(0))
}
