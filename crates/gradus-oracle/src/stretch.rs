//! How far directions are stretched, so that small derivatives count beside large ones.

use super::Matrix;

/// Directions are stretched towards derivatives of size 1, so that small ones count beside large ones: at first at most
/// this much, for what is smaller may be rounding noise around a zero.
pub const MAX_STRETCH: f64 = 1e3;
/// The stretch of vanishing derivatives that a nudge shows not to be noise.
const MAX_VANISHING_STRETCH: f64 = 1e100;
/// A derivative that a nudge changes by less than this share is not noise.
const STEADY: f64 = 1e-3;

/// How far a direction is stretched so that its part of the sum is of size 1.
pub fn stretch(derivative: &Matrix<f64>) -> f64 {
    let norm = norm(derivative);
    if norm > 0.0 { norm.recip().min(MAX_STRETCH) } else { 1.0 }
}

/// The same for a derivative known to be steady, however small.
pub fn vanishing_stretch(derivative: &Matrix<f64>, near: &Matrix<f64>) -> f64 {
    let norm = norm(derivative);
    if norm > 0.0 && is_steady(derivative, near) {
        norm.recip().min(MAX_VANISHING_STRETCH)
    } else {
        stretch(derivative)
    }
}

/// Whether a nudge leaves it what it is.
pub fn is_steady(derivative: &Matrix<f64>, near: &Matrix<f64>) -> bool {
    let change = derivative.iter().zip(near.iter()).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt();
    change <= STEADY * norm(derivative)
}

pub fn norm(a: &Matrix<f64>) -> f64 {
    a.iter().map(|x| x * x).sum::<f64>().sqrt()
}
