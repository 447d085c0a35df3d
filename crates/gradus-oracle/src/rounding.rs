//! Results that are off by a few roundings, each by others: what that changes of a value are digits floats do not know
//! (J. Vignes, A stochastic arithmetic for reliable scientific computation, 1993). It shows what no change of a point does,
//! as in 1 − σ(23) or (cosh x − sinh x) eˣ.

use super::value::Value;
use super::{Random, Scalar};
use crate::expr::{Elementwise, Expr, Function, Map, Op};

/// Roundings are not larger than this share of a number.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// The value of `e`, off by roundings. Numbers of a text are what they are: a power needs its exponent.
pub fn rounded<T: Scalar>(e: &Expr, value: Value<T>, seed: u64) -> Value<T> {
    if matches!(e.op(), Op::Number(_) | Op::SizeNumber(_)) {
        return value;
    }
    let mut random = Random::new(seed);
    let may_underflow = may_underflow(e);
    value.map_numbers(&mut |x| {
        let by = random.signed(0.5, 1.0);
        if may_underflow && x.re() == 0.0 { x + f64::MIN_POSITIVE * by.abs() } else { x * (1.0 + ROUNDING * by) }
    })
}

/// Whether a 0 may be a number too small for a float.
fn may_underflow(e: &Expr) -> bool {
    match e.op() {
        Op::Map(Map { function: Function::Builtin(f), .. }) => is_positive(*f),
        op => matches!(op, Op::Pow | Op::Had),
    }
}

fn is_positive(f: Elementwise) -> bool {
    f.about().positive
}
