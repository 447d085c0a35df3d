//! The network and its gradients, as gradus derives them from the documents of this directory.

use super::Result;
use super::windows::Windows;
use gradus::internals::derive::{self, Derivation};
use gradus::internals::diag::Errors;
use gradus::internals::eval::{Matrix, Random, Scalar, Valuation, Values, evaluate, extend};
use gradus::internals::expr::Symbol;
use ndarray::{Array2, Axis, s};

/// One window, as in the lecture.
pub const WINDOW: &str = include_str!("window.gradus");
/// One window a column.
pub const BATCH: &str = include_str!("batch.gradus");

/// A document and its derived gradients, ready to run.
pub struct Network {
    pub derivation: Derivation,
}

/// The value of the loss and the gradients that were derived, in order.
pub struct Step<T> {
    pub loss: T,
    pub gradients: Vec<(Symbol, Matrix<T>)>,
}

impl Network {
    /// Derives the gradients of the last definition of a document with respect to these variables.
    pub fn new(document: &str, targets: &[&str]) -> Result<Network> {
        let options = derive::Options::default().with_respect_to(targets);
        let derivation = derive::derive(document, &options).map_err(|errors| told(&errors))?;
        Ok(Network { derivation })
    }

    /// Forward to the loss, backward through the error signals to the gradients.
    pub fn step<T: Scalar>(&self, environment: &mut Valuation<T>) -> Result<Step<T>> {
        extend(environment, &self.derivation.forward)?;
        extend(environment, &self.derivation.deltas)?;
        let gradient = |d: &derive::Derivative| Ok((d.wrt.parts[0].0.clone(), evaluate(&d.result, environment)?));
        let gradients = self.derivation.derivatives.iter().map(gradient).collect::<Result<_>>()?;
        Ok(Step { loss: environment.arrays[&self.derivation.of][(0, 0)], gradients })
    }

    /// The value of one definition.
    pub fn value<T: Scalar>(&self, name: &Symbol, environment: &mut Valuation<T>) -> Result<Matrix<T>> {
        let definitions = &self.derivation.program.definitions;
        let end = definitions.iter().position(|d| d.name == *name).map_or(0, |i| i + 1);
        extend(environment, &definitions[..end])?;
        environment.arrays.get(name).cloned().ok_or_else(|| format!("the document does not define {name}").into())
    }
}

fn told(errors: &Errors) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What is trained: W, b and u by name, and the table of word vectors.
#[derive(Clone)]
pub struct Parameters {
    pub weights: Values,
    pub table: Array2<f64>,
}

impl Parameters {
    /// Weights uniform within √(6 / (rows + columns)) (Glorot and Bengio 2010), no bias, the given word vectors.
    pub fn new(table: &Array2<f64>, hidden: usize, width: usize, random: &mut Random) -> Parameters {
        let inputs = width * table.ncols();
        let mut uniform = |rows: usize, cols: usize| {
            let bound = (6.0 / (rows + cols) as f64).sqrt();
            Array2::from_shape_simple_fn((rows, cols), || random.uniform(-bound, bound)).into_shared()
        };
        let mut weights = Values::default();
        weights.arrays.insert(Symbol::from("W"), uniform(hidden, inputs));
        weights.arrays.insert(Symbol::from("b"), Matrix::zeros((hidden, 1)));
        weights.arrays.insert(Symbol::from("u"), uniform(hidden, 1));
        weights.sizes.insert("n".into(), hidden as i64);
        weights.sizes.insert("m".into(), inputs as i64);
        Parameters { weights, table: table.clone() }
    }

    /// Moves by `share` of the way to other parameters: with shares 1, 1/2, 1/3, … the mean of all that came.
    pub fn approach(&mut self, other: &Parameters, share: f64) {
        let closer = |mean: &mut f64, x: &f64| *mean += share * (x - *mean);
        self.table.zip_mut_with(&other.table, closer);
        for (name, array) in &mut self.weights.arrays {
            array.zip_mut_with(&other.weights.arrays[name], closer);
        }
    }

    /// The inputs of the batched document for these windows.
    pub fn batch(&self, windows: &Windows, chosen: &[usize]) -> Values {
        let mut values = self.weights.clone();
        values.arrays.insert(Symbol::from("X"), self.stacked(windows, chosen));
        let signs = chosen.iter().map(|i| sign(windows.label(*i))).collect::<Vec<_>>();
        let column = Array2::from_shape_vec((signs.len(), 1), signs).expect("a column has an entry a window");
        values.arrays.insert(Symbol::from("y"), column.into_shared());
        values.sizes.insert("p".into(), chosen.len() as i64);
        values
    }

    /// The inputs of the lecture's document for one window.
    pub fn window(&self, windows: &Windows, i: usize) -> Values {
        let mut values = self.weights.clone();
        values.arrays.insert(Symbol::from("x"), self.stacked(windows, &[i]));
        values.arrays.insert(Symbol::from("y"), Matrix::from_elem((1, 1), sign(windows.label(i))));
        values
    }

    /// The word vectors of windows, stacked: a window a column.
    fn stacked(&self, windows: &Windows, chosen: &[usize]) -> Matrix<f64> {
        let d = self.table.ncols();
        let mut stacked = Array2::zeros((chosen.len(), windows.width * d));
        for (mut window, i) in stacked.axis_iter_mut(Axis(0)).zip(chosen) {
            for (k, row) in windows.rows(*i).iter().enumerate() {
                window.slice_mut(s![k * d..(k + 1) * d]).assign(&self.table.row(*row));
            }
        }
        stacked.reversed_axes().into_shared()
    }
}

fn sign(label: bool) -> f64 {
    if label { 1.0 } else { -1.0 }
}
