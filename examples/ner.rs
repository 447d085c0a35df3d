//! The window classifier of Stanford CS224n, lecture 3: is the centre word of a window a location?
//!
//! `cargo run --release --example ner` trains it on the sample beside this file; `--data` and `--vectors` take any file
//! in the CoNLL format and any word vectors in the text format of GloVe. `ner/README.md` says more.
//!
//! There is no derivative formula in this example: the network is written down in `ner/window.gradus` (one window, as in
//! the lecture) and `ner/batch.gradus` (one window a column), and gradus derives, checks and evaluates the gradients.

#[path = "ner/mod.rs"]
mod ner;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = ner::Options::parse();
    match ner::run(&options, &mut std::io::stdout(), &progress_bar()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// On standard error, and only when that is a terminal.
fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} batches, {eta} left");
    ProgressBar::new(0).with_style(style.expect("the template is fixed and valid"))
}
