//! The number types the evaluator runs over: floats, dual numbers, and dual numbers nested in each other.

use crate::expr::Real;
use ndarray::LinalgScalar;
use num_dual::Dual64;

/// What arrays of the evaluator hold.
pub trait Scalar: Real + LinalgScalar {
    /// The derivative in the direction of the perturbation; 0 for floats.
    fn tangent(self) -> f64;

    /// The tangent as a number; `None` for floats, which have none.
    fn differential(self) -> Option<Self>;

    /// Whether value and tangent are finite.
    fn is_finite(self) -> bool {
        self.re().is_finite() && self.tangent().is_finite()
    }
}

impl Scalar for f64 {
    fn tangent(self) -> f64 {
        0.0
    }

    fn differential(self) -> Option<f64> {
        None
    }
}

impl Scalar for Dual64 {
    fn tangent(self) -> f64 {
        self.eps
    }

    fn differential(self) -> Option<Dual64> {
        Some(Dual64::from_re(self.eps))
    }
}
