//! The derivatives of the built-in scalar functions, by nested dual numbers.

use super::Scalar;
use crate::expr::{Elementwise, Real};
use num_dual::Dual;

/// The highest derivative `derivative` gives.
pub const MAX_ORDER: u32 = 6;

/// The derivative of order `order` at x; `None` beyond `MAX_ORDER`. Each order is one more dual number around x.
pub fn derivative<T: Scalar>(f: Elementwise, order: u32, x: T) -> Option<T> {
    Some(match order {
        0 => f.value(x),
        1 => f.value(seed(x)).eps,
        2 => f.value(seed(seed(x))).eps.eps,
        3 => f.value(seed(seed(seed(x)))).eps.eps.eps,
        4 => f.value(seed(seed(seed(seed(x))))).eps.eps.eps.eps,
        5 => f.value(seed(seed(seed(seed(seed(x)))))).eps.eps.eps.eps.eps,
        6 => f.value(seed(seed(seed(seed(seed(seed(x))))))).eps.eps.eps.eps.eps.eps,
        _ => return None,
    })
}

fn seed<T: Real>(x: T) -> Dual<T> {
    Dual::new(x, T::one())
}
