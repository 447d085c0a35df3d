//! From gradients to steps: stochastic gradient descent and Adam (Kingma and Ba 2015).

use super::network::{Parameters, Step};
use super::options::Rule;
use super::windows::Windows;
use gradus::internals::expr::Symbol;
use ndarray::{Array2, ArrayView1, ArrayViewMut1, Zip, s};
use std::collections::{BTreeMap, BTreeSet};

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

pub struct Optimizer {
    rule: Rule,
    rate: f64,
    steps: i32,
    moments: BTreeMap<Symbol, Moments>,
    table: Moments,
    /// The gradient of the table; all zeros between steps.
    gradient: Array2<f64>,
}

/// Running means of the gradient and of its square, for Adam.
struct Moments {
    first: Array2<f64>,
    second: Array2<f64>,
}

impl Moments {
    fn zeros(shape: (usize, usize)) -> Moments {
        Moments { first: Array2::zeros(shape), second: Array2::zeros(shape) }
    }
}

impl Optimizer {
    pub fn new(rule: Rule, rate: f64, parameters: &Parameters) -> Optimizer {
        let moments = parameters.weights.arrays.iter().map(|(name, a)| (name.clone(), Moments::zeros(a.dim())));
        let shape = parameters.table.dim();
        let (table, gradient) = (Moments::zeros(shape), Array2::zeros(shape));
        Optimizer { rule, rate, steps: 0, moments: moments.collect(), table, gradient }
    }

    /// One step down the gradients of a batch: the weights by name, and by `X` the rows of the table that are in it.
    pub fn descend(&mut self, parameters: &mut Parameters, step: &Step<f64>, windows: &Windows, chosen: &[usize]) {
        self.steps += 1;
        let scale = self.scale();
        for (name, gradient) in &step.gradients {
            match (parameters.weights.arrays.get_mut(name), self.moments.get_mut(name)) {
                (Some(weights), Some(moments)) => {
                    for (i, row) in weights.outer_iter_mut().enumerate() {
                        scale.row(row, gradient.row(i), moments, i);
                    }
                }
                _ => {
                    let touched = self.collect(gradient.view(), windows, chosen);
                    for i in touched {
                        scale.row(parameters.table.row_mut(i), self.gradient.row(i), &mut self.table, i);
                        self.gradient.row_mut(i).fill(0.0);
                    }
                }
            }
        }
    }

    /// Adds the gradient of each window to the rows of its words; a word may be in many windows. The rows it touched.
    fn collect(&mut self, gradient: ndarray::ArrayView2<f64>, windows: &Windows, chosen: &[usize]) -> BTreeSet<usize> {
        let d = self.gradient.ncols();
        let mut touched = BTreeSet::new();
        for (window, i) in gradient.columns().into_iter().zip(chosen) {
            for (k, row) in windows.rows(*i).iter().enumerate() {
                let mut total = self.gradient.row_mut(*row);
                total += &window.slice(s![k * d..(k + 1) * d]);
                touched.insert(*row);
            }
        }
        touched
    }

    fn scale(&self) -> Scale {
        match self.rule {
            Rule::Sgd => Scale::Sgd { rate: self.rate },
            Rule::Adam => Scale::Adam {
                rate: self.rate / (1.0 - BETA_1.powi(self.steps)),
                correction: 1.0 - BETA_2.powi(self.steps),
            },
        }
    }
}

/// The step sizes of one step.
enum Scale {
    Sgd { rate: f64 },
    Adam { rate: f64, correction: f64 },
}

impl Scale {
    fn row(&self, mut weights: ArrayViewMut1<f64>, gradient: ArrayView1<f64>, moments: &mut Moments, i: usize) {
        match *self {
            Scale::Sgd { rate } => weights.scaled_add(-rate, &gradient),
            Scale::Adam { rate, correction } => {
                let (first, second) = (moments.first.row_mut(i), moments.second.row_mut(i));
                Zip::from(weights).and(gradient).and(first).and(second).for_each(|weight, &g, m, v| {
                    *m += (1.0 - BETA_1) * (g - *m);
                    *v += (1.0 - BETA_2) * (g * g - *v);
                    *weight -= rate * *m / ((*v / correction).sqrt() + EPSILON);
                });
            }
        }
    }
}
