//! Directional derivatives as claims give them, beside those of automatic differentiation.

use super::TOLERANCE;
use ndarray::Array1;
use num_dual::Dual64;

/// A disagreement counts when it is this many times what a nudge does.
const SIGNIFICANT: f64 = 100.0;
/// Below this share of the value's own magnitude, errors are absolute: rounding noise around a zero is no disagreement.
const FLOOR: f64 = 1e-2;

/// A directional derivative as the claims give it, with the sum of its terms' magnitudes: the scale of its rounding.
pub struct Sum {
    pub total: Array1<f64>,
    pub magnitude: Array1<f64>,
}

impl Sum {
    /// `None` when the lengths differ.
    pub fn plus(self, other: &Sum) -> Option<Sum> {
        (self.total.len() == other.total.len())
            .then(|| Sum { total: self.total + &other.total, magnitude: self.magnitude + &other.magnitude })
    }
}

pub struct Discrepancy {
    pub expected: Sum,
    /// vec of the value with its tangent.
    pub value: Vec<Dual64>,
}

impl Discrepancy {
    fn error_at(&self, i: usize) -> f64 {
        let (got, value) = (self.value[i].eps, self.value[i].re);
        let floor = FLOOR * value.abs().max(1.0);
        (got - self.expected.total[i]).abs() / self.expected.magnitude[i].max(got.abs()).max(floor)
    }

    /// The largest relative error of an entry; NaN is kept, not lost in a comparison.
    pub fn error(&self) -> f64 {
        (0..self.expected.total.len())
            .map(|i| self.error_at(i))
            .fold(0.0, |m, e| if e > m || e.is_nan() { e } else { m })
    }

    pub fn is_wrong(&self) -> bool {
        let error = self.error();
        error.is_nan() || error > TOLERANCE
    }

    /// True when some entry disagrees by more than tolerance and by far more than a nudge changes it. Beside an exact zero
    /// what is small is rounding error.
    pub fn differs_significantly(&self, near: &Discrepancy) -> bool {
        let moving = |i: &usize| self.value[*i].eps != 0.0 && self.expected.total[*i] != 0.0;
        (0..self.expected.total.len()).filter(moving).any(|i| self.error_at(i) > TOLERANCE && self.stands_out(i, near))
    }

    /// True when one of several nudges changes about as much as every disagreement is large.
    pub fn is_rounding(&self, nudged: &[Discrepancy]) -> bool {
        let agrees = |i: usize| self.error_at(i) <= TOLERANCE;
        let stands_out = |i: usize| nudged.iter().all(|near| self.stands_out(i, near));
        (0..self.expected.total.len()).all(|i| agrees(i) || !stands_out(i))
    }

    /// Whether the gap at an entry is far larger than what a nudge does to its sides; one that is not a number is.
    fn stands_out(&self, i: usize, near: &Discrepancy) -> bool {
        let change =
            (self.value[i].eps - near.value[i].eps).abs() + (self.expected.total[i] - near.expected.total[i]).abs();
        let gap = (self.value[i].eps - self.expected.total[i]).abs();
        gap > SIGNIFICANT * change || gap.is_nan() || change.is_nan()
    }

    /// True when some entry disagrees here and there by about the same share.
    pub fn differs_alike(&self, there: &Discrepancy) -> bool {
        let share = |c: &Discrepancy, i: usize| {
            let got = c.value[i].eps;
            (got - c.expected.total[i]) / c.expected.magnitude[i].max(got.abs())
        };
        let alike = |x: f64, y: f64| x * y > 0.0 && x.abs() < 2.0 * y.abs() && y.abs() < 2.0 * x.abs();
        (0..self.expected.total.len()).any(|i| self.error_at(i) > TOLERANCE && alike(share(self, i), share(there, i)))
    }

    /// What the claims and what automatic differentiation say of the worst entry.
    pub fn worst(&self) -> (f64, f64) {
        let worst = (0..self.expected.total.len()).max_by(|i, j| self.error_at(*i).total_cmp(&self.error_at(*j)));
        worst.map_or((f64::NAN, f64::NAN), |i| (self.expected.total[i], self.value[i].eps))
    }
}

/// The largest of their errors; NaN is kept.
pub fn worst_error(comparisons: &[Discrepancy]) -> f64 {
    comparisons.iter().map(Discrepancy::error).fold(0.0, |m, e| if e > m || e.is_nan() { e } else { m })
}
