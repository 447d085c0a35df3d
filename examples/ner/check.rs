//! The gradients against two judges that know no rule of differentiation, at the point where training starts: central
//! differences, entry by entry, and dual numbers, in a random direction through all entries.

use super::Result;
use super::network::Network;
use gradus::internals::eval::{Matrix, Random, Scalar, Values, central_difference, extend};
use gradus::internals::expr::Symbol;
use ndarray::Array2;
use num_dual::Dual64;

/// The step of the differences: truncation and rounding are about equal there.
const STEP: f64 = 1e-5;
/// Entries of a gradient that are compared with differences, evenly spread.
const ENTRIES: usize = 100;
const DIFFERENCE_TOLERANCE: f64 = 1e-6;
const DUAL_TOLERANCE: f64 = 1e-10;

/// What the two judges say of one gradient.
pub struct Row {
    pub wrt: Symbol,
    pub shape: (usize, usize),
    /// How many entries were compared with central differences.
    pub entries: usize,
    /// The largest error, relative to the gradient's largest entry.
    pub differences: f64,
    /// The relative error of the derivative in the random direction.
    pub duals: f64,
}

impl Row {
    pub fn agrees(&self) -> bool {
        self.differences <= DIFFERENCE_TOLERANCE && self.duals <= DUAL_TOLERANCE
    }
}

/// Compares every derived gradient at a point.
pub fn check(network: &Network, values: &Values, seed: u64) -> Result<Vec<Row>> {
    let step = network.step(&mut values.clone())?;
    let mut random = Random::new(seed);
    let row = |(wrt, gradient): &(Symbol, Matrix<f64>)| {
        let entries = spread(gradient.dim());
        let differences = against_differences(network, values, wrt, gradient, &entries)?;
        let duals = against_duals(network, values, wrt, gradient, &mut random)?;
        Ok(Row { wrt: wrt.clone(), shape: gradient.dim(), entries: entries.len(), differences, duals })
    };
    step.gradients.iter().map(row).collect()
}

/// All entries of an array, or `ENTRIES` of them.
fn spread((rows, cols): (usize, usize)) -> Vec<(usize, usize)> {
    let count = rows * cols;
    let chosen = count.min(ENTRIES);
    (0..chosen).map(|k| k * count / chosen).map(|i| (i / cols, i % cols)).collect()
}

fn against_differences(
    network: &Network,
    values: &Values,
    wrt: &Symbol,
    gradient: &Matrix<f64>,
    entries: &[(usize, usize)],
) -> Result<f64> {
    let (program, of) = (&network.derivation.program, &network.derivation.of);
    let mut worst = 0.0f64;
    for entry in entries {
        let slope = central_difference(program, of, (wrt, *entry), values, STEP)?;
        worst = worst.max((slope - gradient[*entry]).abs());
    }
    Ok(worst / gradient.iter().fold(f64::MIN_POSITIVE, |m, g| m.max(g.abs())))
}

/// ⟨∂J/∂A, V⟩ against the tangent of J where A moves along V.
fn against_duals(
    network: &Network,
    values: &Values,
    wrt: &Symbol,
    gradient: &Matrix<f64>,
    random: &mut Random,
) -> Result<f64> {
    let direction = Array2::from_shape_simple_fn(gradient.dim(), || random.uniform(-1.0, 1.0));
    let mut environment = values.lift::<Dual64>();
    if let Some(array) = environment.arrays.get_mut(wrt) {
        array.zip_mut_with(&direction, |x, v| x.eps = *v);
    }
    extend(&mut environment, &network.derivation.program.definitions)?;
    let tangent = environment.arrays[&network.derivation.of][(0, 0)].tangent();
    let terms = gradient * &direction;
    let scale = terms.iter().map(|t| t.abs()).sum::<f64>().max(f64::MIN_POSITIVE);
    Ok((terms.sum() - tangent).abs() / scale)
}
