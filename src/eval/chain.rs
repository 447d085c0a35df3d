//! Chains of products in the order that costs least, what other chains start with computed once.

use super::Scalar;
use super::algebra::product;
use super::value::{Value, symmetric_dot};
use crate::diag::Error;

/// Longer chains are multiplied greedily: the best order takes time cubic in the length to find.
const MAX_PLANNED: usize = 40;

/// What an order of products goes by: how large a partial product is, what multiplying by it costs, whether its entries
/// are written out.
#[derive(Clone, Copy)]
struct Extent {
    rows: f64,
    cols: f64,
    rate: f64,
    dense: bool,
}

impl Extent {
    fn of<T: Scalar>(value: &Value<T>) -> Extent {
        let (rows, cols) = value.dim();
        let dense = matches!(value, Value::Dense(_));
        Extent { rows: rows as f64, cols: cols as f64, rate: value.rate(), dense }
    }

    /// What a product costs, and what comes out.
    fn times(self, other: Extent) -> (f64, Extent) {
        let (rows, cols) = (self.rows, other.cols);
        let written = Extent { rows, cols, rate: 2.0 * rows * cols, dense: true };
        match (self.dense, other.dense) {
            (true, true) if self.cols > 1.0 || rows == 1.0 || cols == 1.0 => (2.0 * rows * self.cols * cols, written),
            (false, true) => (self.rate * cols, written),
            (true, false) => (other.rate * rows, written),
            (true, true) | (false, false) => {
                (rows.min(cols), Extent { rows, cols, rate: self.rate + other.rate, dense: false })
            }
        }
    }
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
    match factors.len() {
        0..=2 => ordered(&Order { splits: vec![0; 4], length: factors.len() }, &factors, (0, factors.len() - 1), prefixes),
        3..=MAX_PLANNED => {
            let order = Order::best(&factors, prefixes);
            ordered(&order, &factors, (0, factors.len() - 1), prefixes)
        }
        _ => greedy(factors),
    }
}

/// Where each partial product `first..=last` is split.
struct Order {
    splits: Vec<usize>,
    length: usize,
}

impl Order {
    /// The classical dynamic program (Cormen et al., ch. 14.2) with the costs of structured factors; among equals the one
    /// whose left part is longest, so that chains that begin alike share it.
    fn best<T: Scalar>(factors: &[Value<T>], prefixes: &impl Prefixes<T>) -> Order {
        let n = factors.len();
        let mut splits = vec![0; n * n];
        let mut best: Vec<(f64, Extent)> = Vec::with_capacity(n * n);
        best.resize(n * n, (0.0, Extent::of(&factors[0])));
        factors.iter().enumerate().for_each(|(i, f)| best[i * n + i].1 = Extent::of(f));
        for length in 1..n {
            for first in 0..n - length {
                let last = first + length;
                let mut choice: Option<(f64, Extent)> = None;
                for split in (first..last).rev() {
                    let ((left, a), (right, b)) = (best[first * n + split], best[(split + 1) * n + last]);
                    let (own, extent) = a.times(b);
                    let cost = left + right + own;
                    if choice.is_none_or(|(c, _)| cost < c) {
                        choice = Some((cost, extent));
                        splits[first * n + last] = split;
                    }
                }
                let known = (first == 0).then(|| prefixes.known(last + 1)).flatten().map(|v| (0.0, Extent::of(&v)));
                best[first * n + last] = known.or(choice).unwrap_or(best[first * n + first]);
            }
        }
        Order { splits, length: n }
    }
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
    let split = order.splits[first * order.length + last];
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
    let middle = factors.len() % 2 == 0 || matches!(factors[half], Value::Diagonal(_));
    middle && factors[..half].iter().zip(factors.iter().rev()).all(pair)
}

/// The cheapest neighbours first, the right ones among equals: a vector at either end keeps everything a vector.
fn greedy<T: Scalar>(mut factors: Vec<Value<T>>) -> Result<Value<T>, Error> {
    let mut extents: Vec<Extent> = factors.iter().map(Extent::of).collect();
    while factors.len() > 1 {
        let cost = |i: &usize| extents[*i].times(extents[*i + 1]).0;
        let pairs = (0..factors.len() - 1).rev();
        let at = pairs.min_by(|i, j| cost(i).total_cmp(&cost(j))).unwrap_or(0);
        let right = factors.remove(at + 1);
        extents.remove(at + 1);
        factors[at] = product(&factors[at], &right)?;
        extents[at] = Extent::of(&factors[at]);
    }
    Ok(factors.swap_remove(0))
}
