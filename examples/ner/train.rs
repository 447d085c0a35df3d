//! Training and testing over the batches of a set of windows.

use super::Result;
use super::network::{Network, Parameters};
use super::optimizer::Optimizer;
use super::options::Options;
use super::score::Score;
use super::windows::Windows;
use gradus::internals::eval::Random;
use indicatif::ProgressBar;
use ndarray::Array2;

/// A model in training: the network, its parameters and what remembers earlier steps.
pub struct Trainer<'a> {
    network: &'a Network,
    windows: &'a Windows,
    parameters: Parameters,
    /// The mean of the parameters over the steps of the last epoch, which is what is tested: it wavers less than they do
    /// (Polyak and Juditsky 1992).
    mean: Parameters,
    optimizer: Optimizer,
    order: Vec<usize>,
    batch: usize,
    random: Random,
}

impl<'a> Trainer<'a> {
    pub fn new(network: &'a Network, windows: &'a Windows, table: &Array2<f64>, options: &Options) -> Trainer<'a> {
        let mut random = Random::new(options.seed);
        let parameters = Parameters::new(table, options.hidden.into(), windows.width, &mut random);
        let optimizer = Optimizer::new(options.optimizer, options.rate(), &parameters);
        let order = (0..windows.len()).collect();
        let mean = parameters.clone();
        Trainer { network, windows, parameters, mean, optimizer, order, batch: options.batch.into(), random }
    }

    pub fn batches(&self) -> u64 {
        self.order.len().div_ceil(self.batch) as u64
    }

    /// Every window once, in a new order. The mean loss a window, as the steps met it.
    pub fn epoch(&mut self, progress: &ProgressBar) -> Result<f64> {
        shuffle(&mut self.order, &mut self.random);
        let mut total = 0.0;
        for (i, chosen) in self.order.chunks(self.batch).enumerate() {
            let mut values = self.parameters.batch(self.windows, chosen);
            let step = self.network.step(&mut values)?;
            // gone before the step, so that the weights are not shared and change in place
            drop(values);
            self.optimizer.descend(&mut self.parameters, &step, self.windows, chosen);
            self.mean.approach(&self.parameters, 1.0 / (i + 1) as f64);
            total += step.loss * chosen.len() as f64;
            progress.inc(1);
        }
        Ok(total / self.order.len() as f64)
    }

    /// How well the model finds what it looks for: a score above 0 is a probability above one half.
    pub fn test(&self, windows: &Windows) -> Result<Score> {
        let all: Vec<usize> = (0..windows.len()).collect();
        let mut score = Score::default();
        for chosen in all.chunks(TEST_BATCH) {
            let mut values = self.mean.batch(windows, chosen);
            let scores = self.network.value(&"s".into(), &mut values)?;
            scores.iter().zip(chosen).for_each(|(s, i)| score.add(*s > 0.0, windows.label(*i)));
        }
        Ok(score)
    }
}

const TEST_BATCH: usize = 256;

/// Fisher and Yates.
fn shuffle(order: &mut [usize], random: &mut Random) {
    for i in (1..order.len()).rev() {
        order.swap(i, random.below(i + 1));
    }
}
