//! The built-in scalar functions, their derivatives by nested dual numbers, and where they are defined.

use super::{Real, Scalar};
use crate::expr::Elementwise;
use num_dual::Dual;
use std::f64::consts::FRAC_1_SQRT_2;

/// The highest derivative `derivative` gives.
pub const MAX_ORDER: u32 = 6;

/// f(x). At a kink (0 for relu, abs, sign, step) the function and its derivatives follow the branch of x < 0 or x = 0:
/// relu′(0) = abs′(0) = sign(0) = step(0) = 0.
pub fn apply<T: Real>(f: Elementwise, x: T) -> T {
    match f {
        Elementwise::Exp => x.exp(),
        Elementwise::Log => x.ln(),
        Elementwise::Sqrt => x.power(0.5),
        Elementwise::Sin => x.sin(),
        Elementwise::Cos => x.cos(),
        Elementwise::Tan => x.tan(),
        Elementwise::Asin => x.asin(),
        Elementwise::Acos => x.acos(),
        Elementwise::Atan => x.atan(),
        Elementwise::Sinh => x.sinh(),
        Elementwise::Cosh => x.cosh(),
        Elementwise::Tanh => x.hyperbolic_tangent(),
        Elementwise::Sigmoid => sigmoid(x),
        Elementwise::Relu => by_sign(x, x, T::zero()),
        Elementwise::Softplus => softplus(x),
        Elementwise::Gelu => x * (-x * FRAC_1_SQRT_2).erfc() * 0.5,
        Elementwise::Silu => x * sigmoid(x),
        Elementwise::Erf => x.erf(),
        Elementwise::Abs => by_sign(x, x, -x),
        Elementwise::Sign => by_sign(x, T::one(), -T::one()),
        Elementwise::Step => by_sign(x, T::one(), T::zero()),
    }
}

/// One value for x > 0, one for x < 0, and zero at 0.
fn by_sign<T: Real>(x: T, positive: T, negative: T) -> T {
    match x.re() {
        re if re > 0.0 => positive,
        re if re < 0.0 => negative,
        _ => T::zero(),
    }
}

/// 1/(1 + e⁻ˣ), from the exponential that does not overflow.
fn sigmoid<T: Real>(x: T) -> T {
    if x.re() < 0.0 {
        let e = x.exp();
        e / (e + 1.0)
    } else {
        ((-x).exp() + 1.0).recip()
    }
}

/// log(1 + eˣ), from the exponential that does not overflow.
fn softplus<T: Real>(x: T) -> T {
    if x.re() < 0.0 { x.exp().ln_1p() } else { (-x).exp().ln_1p() + x }
}

/// The derivative of order `order` at x; `None` beyond `MAX_ORDER`. Each order is one more dual number around x.
pub fn derivative<T: Scalar>(f: Elementwise, order: u32, x: T) -> Option<T> {
    Some(match order {
        0 => apply(f, x),
        1 => apply(f, seed(x)).eps,
        2 => apply(f, seed(seed(x))).eps.eps,
        3 => apply(f, seed(seed(seed(x)))).eps.eps.eps,
        4 => apply(f, seed(seed(seed(seed(x))))).eps.eps.eps.eps,
        5 => apply(f, seed(seed(seed(seed(seed(x)))))).eps.eps.eps.eps.eps,
        6 => apply(f, seed(seed(seed(seed(seed(seed(x))))))).eps.eps.eps.eps.eps.eps,
        _ => return None,
    })
}

fn seed<T: Real>(x: T) -> Dual<T> {
    Dual::new(x, T::one())
}

/// What f needs of its argument, in words, when x does not have it.
pub fn violation(f: Elementwise, x: f64) -> Option<&'static str> {
    match f {
        Elementwise::Log => (x <= 0.0).then_some("the logarithm needs a positive argument"),
        Elementwise::Sqrt => (x < 0.0).then_some("the square root needs an argument of at least 0"),
        Elementwise::Asin | Elementwise::Acos => (x.abs() > 1.0).then_some("its domain is between -1 and 1"),
        Elementwise::Exp
        | Elementwise::Sin
        | Elementwise::Cos
        | Elementwise::Tan
        | Elementwise::Atan
        | Elementwise::Sinh
        | Elementwise::Cosh
        | Elementwise::Tanh
        | Elementwise::Sigmoid
        | Elementwise::Relu
        | Elementwise::Softplus
        | Elementwise::Gelu
        | Elementwise::Silu
        | Elementwise::Erf
        | Elementwise::Abs
        | Elementwise::Sign
        | Elementwise::Step => None,
    }
}
