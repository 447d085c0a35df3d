//! The command line of the example.

use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// The window classifier of Stanford CS224n, lecture 3, trained with the gradients gradus derives.
///
/// Without --data and --vectors it runs on the small sample that ships with it.
#[derive(Clone, Debug, Parser)]
#[command(name = "ner")]
pub struct Options {
    /// Text in the CoNLL format: token first, tag last, `-DOCSTART-` between documents
    #[arg(long, requires = "vectors", value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Word vectors in the text format of GloVe, words in lower case
    #[arg(long, requires = "data", value_name = "FILE")]
    pub vectors: Option<PathBuf>,
    /// What is looked for: LOC counts tokens tagged I-LOC, B-LOC, ...
    #[arg(long, default_value = "LOC")]
    pub tag: String,
    /// Words on either side of the centre word
    #[arg(long, default_value_t = 2, value_name = "W", value_parser = clap::value_parser!(u8).range(..=20))]
    pub window: u8,
    /// Hidden units
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub hidden: u16,
    /// Epochs at most; how many is chosen on the last training documents
    #[arg(long, default_value_t = 16, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub epochs: u16,
    /// Windows a step
    #[arg(long, default_value_t = 64, value_name = "P", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub batch: u16,
    /// How a gradient becomes a step
    #[arg(long, value_enum, default_value_t = Rule::Adam)]
    pub optimizer: Rule,
    /// The learning rate [default: 0.001 for adam, 0.1 for sgd]
    #[arg(long, value_parser = rate)]
    pub rate: Option<f64>,
    /// Leave the word vectors as they are
    #[arg(long)]
    pub freeze: bool,
    /// Of the first weights and of the order of the windows
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Documents after this `-DOCSTART-` line are for the test [default: four fifths of them]
    #[arg(long, value_name = "LINE")]
    pub test_from: Option<usize>,
    /// Training documents that choose the number of epochs; 0 trains --epochs epochs [default: an eighth of them]
    #[arg(long, value_name = "N")]
    pub dev_documents: Option<usize>,
}

/// How a gradient becomes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rule {
    Sgd,
    Adam,
}

impl Options {
    pub fn rate(&self) -> f64 {
        self.rate.unwrap_or(match self.optimizer {
            Rule::Adam => 1e-3,
            Rule::Sgd => 0.1,
        })
    }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "expected a number".to_owned())?;
    if rate.is_finite() && rate > 0.0 { Ok(rate) } else { Err("expected a positive number".to_owned()) }
}
