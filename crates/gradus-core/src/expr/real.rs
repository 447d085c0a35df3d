//! What a scalar function has its values over: floats, and dual numbers nested in each other.

use num_dual::{Dual, DualNum};

/// A smooth number: a float, or a dual number over smooth numbers. Nesting k deep gives k-th derivatives.
pub trait Real: DualNum<Primitive = f64> + Copy {
    /// The error function.
    fn erf(self) -> Self;
    /// 1 − erf(x), accurate where erf(x) is almost 1.
    fn erfc(self) -> Self;
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

/// erf′(x) = 2/√π exp(−x²).
fn erf_slope<T: Real>(x: T) -> T {
    (-(x * x)).exp() * std::f64::consts::FRAC_2_SQRT_PI
}
