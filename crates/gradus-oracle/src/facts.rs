//! Whether a given array is what its declaration says.

use super::{Matrix, factor::LuFactors};
use crate::diag::{Error, Kind};
use crate::program::Input;
use crate::syntax::Attribute;
use ndarray::{Array2, ArrayView1};

/// How far a value may be from symmetric, diagonal or orthogonal, relative to its largest entry: values are typed by hand.
const SLACK: f64 = 1e-6;

/// # Errors
/// `Domain` when the value lacks a declared attribute, which derivations may have used.
pub fn check(input: &Input, value: &Matrix<f64>) -> Result<(), Error> {
    match input.attributes.iter().find(|a| !holds(**a, value)) {
        None => Ok(()),
        Some(attribute) => {
            let word = Attribute::ALL.iter().find(|(_, a)| a == attribute).map_or("", |(word, _)| *word);
            let message = format!("{} is declared {word}, its value is not", input.name);
            let help = match input.attributes.contains(&Attribute::Labels) {
                true => "labels are whole numbers, places of an array from 1 on",
                false => "change the value or the declaration",
            };
            Err(Error::new(Kind::Domain, message).help(help))
        }
    }
}

fn holds(attribute: Attribute, a: &Matrix<f64>) -> bool {
    let slack = SLACK * a.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    match attribute {
        Attribute::Symmetric => is_symmetric(a, slack),
        Attribute::Spd => is_symmetric(a, slack) && is_positive_definite(a),
        Attribute::Diagonal => a.indexed_iter().all(|((i, j), x)| i == j || x.abs() <= slack),
        Attribute::Orthogonal => {
            a.is_square() && (a.t().dot(a) - Array2::<f64>::eye(a.nrows())).iter().all(|x| x.abs() <= SLACK)
        }
        Attribute::Invertible => a.is_square() && LuFactors::new(a.view()).is_some(),
        Attribute::Positive => a.iter().all(|x| *x > 0.0),
        Attribute::Negative => a.iter().all(|x| *x < 0.0),
        Attribute::Distribution => a.columns().into_iter().all(|c| is_distribution(c, SLACK)),
        Attribute::StochasticRows => a.rows().into_iter().all(|r| is_distribution(r, SLACK)),
        Attribute::Onehot => a.columns().into_iter().all(is_onehot),
        Attribute::OnehotRows => a.rows().into_iter().all(is_onehot),
        Attribute::Mask => a.iter().all(|x| *x == 0.0 || *x == 1.0),
        Attribute::Labels => a.iter().all(|x| *x >= 0.0 && x.fract() == 0.0),
        Attribute::Constant => true,
    }
}

/// Entries from 0 on that add up to 1.
pub(super) fn is_distribution(line: ArrayView1<f64>, slack: f64) -> bool {
    line.iter().all(|x| *x >= 0.0) && (line.sum() - 1.0).abs() <= slack
}

fn is_onehot(line: ArrayView1<f64>) -> bool {
    line.iter().all(|x| *x == 0.0 || *x == 1.0) && line.sum() == 1.0
}

fn is_symmetric(a: &Matrix<f64>, slack: f64) -> bool {
    a.is_square() && a.iter().zip(a.t().iter()).all(|(x, y)| (x - y).abs() <= slack)
}

/// Gaussian elimination without exchanges meets positive pivots only.
fn is_positive_definite(a: &Matrix<f64>) -> bool {
    let mut a = a.to_owned();
    let n = a.nrows();
    for k in 0..n {
        if a[(k, k)] <= 0.0 {
            return false;
        }
        for i in k + 1..n {
            let factor = a[(i, k)] / a[(k, k)];
            (k..n).for_each(|j| a[(i, j)] -= factor * a[(k, j)]);
        }
    }
    true
}
