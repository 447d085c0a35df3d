//! What stands for a function of arrays nobody defines: a small smooth network, whose derivatives are written out.
//!
//! F_i(x) = Σ_r w_ir φ(a_irᵀ x + b_ir) + ½ Σ_j q_ij x_j², for an x of N entries, columns one below the other. φ is what the function is bound
//! to; the coefficients are drawn from its name. Nothing of this is a rule: second derivatives are sums over the units.

use super::{Matrix, Random, Scalar, elementwise};
use crate::diag::{Error, Kind};
use crate::expr::{ArrayFunction, Elementwise, Slope};
use ndarray::Array2;

/// Hidden units of each component.
const UNITS: usize = 3;

/// One component of the function.
struct Component {
    units: Vec<Unit>,
    /// q
    curvature: Vec<f64>,
}

struct Unit {
    weight: f64,
    slope: Vec<f64>,
    offset: f64,
}

impl Component {
    fn drawn(random: &mut Random, entries: usize) -> Component {
        let scale = (entries as f64).sqrt();
        let mut unit = || Unit {
            weight: random.uniform(0.3, 1.2),
            slope: (0..entries).map(|_| random.signed(0.3, 1.2) / scale).collect(),
            offset: random.signed(0.1, 0.5),
        };
        let units = (0..UNITS).map(|_| unit()).collect();
        Component { units, curvature: (0..entries).map(|_| random.uniform(0.2, 0.8)).collect() }
    }

    /// Σ_r w_r φ⁽ᵏ⁾(s_r) times what `of` makes of the unit.
    fn sum<T: Scalar>(&self, phi: Elementwise, order: u32, x: &[T], of: impl Fn(&Unit) -> f64) -> T {
        let term = |unit: &Unit| {
            let s = unit.slope.iter().zip(x).fold(T::from(unit.offset), |s, (a, x)| s + *x * *a);
            let value = elementwise::derivative(phi, order, s).unwrap_or(T::from(f64::NAN));
            value * (unit.weight * of(unit))
        };
        self.units.iter().map(term).fold(T::zero(), |sum, t| sum + t)
    }

    fn value<T: Scalar>(&self, phi: Elementwise, x: &[T]) -> T {
        let squares = self.curvature.iter().zip(x).fold(T::zero(), |sum, (q, x)| sum + *x * *x * (q / 2.0));
        self.sum(phi, 0, x, |_| 1.0) + squares
    }

    fn first<T: Scalar>(&self, phi: Elementwise, x: &[T], j: usize) -> T {
        self.sum(phi, 1, x, |unit| unit.slope[j]) + x[j] * self.curvature[j]
    }

    fn second<T: Scalar>(&self, phi: Elementwise, x: &[T], (j, k): (usize, usize)) -> T {
        let own = if j == k { self.curvature[j] } else { 0.0 };
        self.sum(phi, 2, x, |unit| unit.slope[j] * unit.slope[k]) + own
    }
}

/// The value of a function of arrays, or of a derivative of it, for the φ it is bound to; of a weighted sum of second
/// derivatives the weights come first.
///
/// # Errors
/// `Internal` where the arguments are not those of the operator.
pub fn value<T: Scalar>(
    field: &ArrayFunction,
    phi: Elementwise,
    components: usize,
    args: &[Matrix<T>],
) -> Result<Matrix<T>, Error> {
    let misuse = || Error::new(Kind::Internal, format!("{field} of {} arguments", args.len()));
    let point = args.last().ok_or_else(misuse)?;
    let x: Vec<T> = point.t().iter().copied().collect();
    let seed = field.name.as_str().bytes().fold(phi as u64 + 1, |s, b| s.wrapping_mul(0x100_0000_01b3) ^ u64::from(b));
    let mut random = Random::new(seed);
    let parts: Vec<Component> = (0..components).map(|_| Component::drawn(&mut random, x.len())).collect();
    let value = match field.slope {
        None => Array2::from_shape_fn((components, 1), |(i, _)| parts[i].value(phi, &x)),
        Some(Slope::Gradient) => {
            Array2::from_shape_fn(point.dim(), |(i, j)| parts[0].first(phi, &x, i + j * point.nrows()))
        }
        Some(Slope::Jacobian) => Array2::from_shape_fn((components, x.len()), |(i, j)| parts[i].first(phi, &x, j)),
        Some(Slope::Hessian) => Array2::from_shape_fn((x.len(), x.len()), |at| parts[0].second(phi, &x, at)),
        Some(Slope::Weighted) => {
            let weighted = |at| {
                parts.iter().zip(args[0].iter()).fold(T::zero(), |sum, (part, w)| sum + part.second(phi, &x, at) * *w)
            };
            Array2::from_shape_fn((x.len(), x.len()), weighted)
        }
    };
    Ok(value.into_shared())
}
