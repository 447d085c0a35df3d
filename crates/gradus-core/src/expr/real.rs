//! What a scalar function has its values over: floats, and dual numbers nested in each other.

use num_dual::{Dual, DualNum};

/// A smooth number: a float, or a dual number over smooth numbers. Nesting k deep gives k-th derivatives.
pub trait Real: DualNum<Primitive = f64> + Copy {
    /// The error function.
    fn erf(self) -> Self;
    /// 1 − erf(x), accurate where erf(x) is almost 1.
    fn erfc(self) -> Self;
    /// The derivative of this order of log Γ, for x > 0: of order 0 itself, then ψ, ψ′, …
    fn log_gamma_slope(self, order: u32) -> Self;
    /// tanh, without the overflow of sinh/cosh.
    fn hyperbolic_tangent(self) -> Self;
    /// x to a constant power, also where only the value at 0 is finite.
    fn power(self, exponent: f64) -> Self;
}

impl Real for f64 {
    fn erf(self) -> f64 {
        libm::erf(self)
    }

    fn erfc(self) -> f64 {
        libm::erfc(self)
    }

    fn log_gamma_slope(self, order: u32) -> f64 {
        match order.checked_sub(1) {
            _ if self <= 0.0 => f64::NAN,
            None => libm::lgamma(self),
            Some(m) => polygamma(m, self),
        }
    }

    fn hyperbolic_tangent(self) -> f64 {
        f64::tanh(self)
    }

    fn power(self, exponent: f64) -> f64 {
        match exponent {
            2.0 => self * self,
            -1.0 => 1.0 / self,
            0.5 => f64::sqrt(self),
            p => f64::powf(self, p),
        }
    }
}

impl<T: Real> Real for Dual<T> {
    fn erf(self) -> Dual<T> {
        Dual::new(self.re.erf(), self.eps * erf_slope(self.re))
    }

    fn erfc(self) -> Dual<T> {
        Dual::new(self.re.erfc(), -self.eps * erf_slope(self.re))
    }

    fn log_gamma_slope(self, order: u32) -> Dual<T> {
        Dual::new(self.re.log_gamma_slope(order), self.eps * self.re.log_gamma_slope(order + 1))
    }

    /// tanh′ = sech², with sech x = 2e⁻ˣ/(1 + e⁻²ˣ) for x ≥ 0.
    fn hyperbolic_tangent(self) -> Dual<T> {
        let decay = if self.re.re() < 0.0 { self.re.exp() } else { (-self.re).exp() };
        let sech = decay * 2.0 / (decay * decay + 1.0);
        Dual::new(self.re.hyperbolic_tangent(), self.eps * sech * sech)
    }

    fn power(self, exponent: f64) -> Dual<T> {
        if exponent == 0.0 {
            return Dual::from_re(T::one());
        }
        Dual::new(self.re.power(exponent), self.eps * self.re.power(exponent - 1.0) * exponent)
    }
}

/// The Bernoulli numbers B₂, B₄, …
const BERNOULLI: [f64; 8] =
    [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0, -3617.0 / 510.0];

/// ψ⁽ᵐ⁾(x) for x > 0 (Abramowitz & Stegun, 6.3 and 6.4): the recurrence up to where the asymptotic series has all digits.
fn polygamma(m: u32, x: f64) -> f64 {
    let sign = if m.is_multiple_of(2) { 1.0 } else { -1.0 };
    let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
    let power = |y: f64, n: u32| y.powi(n.cast_signed());
    let (mut y, mut shifted) = (x, 0.0);
    while y < 20.0 {
        shifted -= sign * factorial(m) / power(y, m + 1);
        y += 1.0;
    }
    let mut value = match m.checked_sub(1) {
        None => y.ln() - 0.5 / y,
        Some(below) => -sign * (factorial(below) / power(y, m) + factorial(m) / (2.0 * power(y, m + 1))),
    };
    for (bernoulli, k) in BERNOULLI.iter().zip((2u32..).step_by(2)) {
        // (k + m − 1)!/k!
        let ratio = if m == 0 { 1.0 / f64::from(k) } else { (k + 1..k + m).map(f64::from).product() };
        value -= sign * bernoulli * ratio / power(y, k + m);
    }
    value + shifted
}

/// erf′(x) = 2/√π exp(−x²).
fn erf_slope<T: Real>(x: T) -> T {
    (-(x * x)).exp() * std::f64::consts::FRAC_2_SQRT_PI
}
