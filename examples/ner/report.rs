//! The run, from the files to the score on the test documents, with what there is to tell on the way.

use super::Result;
use super::check::{Row, check};
use super::conll::{self, Corpus, Document};
use super::network::{BATCH, Network, Parameters, WINDOW};
use super::options::Options;
use super::split::split;
use super::train::Trainer;
use super::vectors::{self, Vectors};
use super::windows::{Vocabulary, Windows, keys};
use gradus::internals::eval::Random;
use gradus::internals::render::{Report, derivation_text};
use indicatif::ProgressBar;
use ndarray::Array2;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;

const SAMPLE_DATA: &str = include_str!("sample.conll");
const SAMPLE_VECTORS: &str = include_str!("sample.vectors.txt");

/// Reads, checks, trains, tests. Only the progress bar knows the time: the same options print the same bytes.
///
/// # Errors
/// Unreadable or malformed files, options that leave nothing to train on, gradients that fail their check, and training
/// that leaves the range of floats.
pub fn run(options: &Options, out: &mut dyn Write, progress: &ProgressBar) -> Result<()> {
    let (corpus, vectors) = read(options)?;
    let split = split(&corpus, options)?;
    let (vocabulary, table) = Vocabulary::new(&vectors);
    let windows = |documents| Windows::new(documents, &vocabulary, options.window.into(), &options.tag);
    let fit = windows(split.fit);
    if fit.locations() == 0 {
        return Err(format!("no token of the training documents is tagged {}", options.tag).into());
    }
    writeln!(out, "{} words have vectors of {} numbers", vectors.rows.len(), vectors.dimension)?;
    for (part, documents) in [("train", split.fit), ("dev", split.dev), ("test", split.test)] {
        writeln!(out, "{part:5} {}", described(documents, &windows(documents), &options.tag))?;
    }
    check_gradients(options, &table, &fit, out)?;
    let network = Network::new(BATCH, if options.freeze { &["W", "b", "u"] } else { &["W", "b", "u", "X"] })?;
    let session = Session { options, network: &network, table: &table, progress };
    let epochs = session.choose_epochs(&fit, &windows(split.dev), out)?;
    session.final_test(epochs, &windows(split.train), &windows(split.test), out)
}

fn read(options: &Options) -> Result<(Corpus, Vectors)> {
    let (Some(data), Some(vectors)) = (&options.data, &options.vectors) else {
        let corpus = conll::read("sample.conll", SAMPLE_DATA.as_bytes())?;
        let vectors = vectors::read("sample.vectors.txt", SAMPLE_VECTORS.as_bytes(), &keys(&corpus))?;
        return Ok((corpus, vectors));
    };
    let corpus = conll::read(&data.display().to_string(), open(data)?)?;
    let vectors = vectors::read(&vectors.display().to_string(), open(vectors)?, &keys(&corpus))?;
    Ok((corpus, vectors))
}

fn open(path: &Path) -> Result<BufReader<File>> {
    let file = File::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(BufReader::new(file))
}

fn described(documents: &[Document], windows: &Windows, tag: &str) -> String {
    let sentences: usize = documents.iter().map(|d| d.sentences.len()).sum();
    let (documents, tokens, locations) = (documents.len(), windows.len(), windows.locations());
    format!("{documents:4} documents {sentences:5} sentences {tokens:6} tokens {locations:5} {tag}")
}

/// Windows of the batch that is checked.
const CHECKED_WINDOWS: usize = 8;

/// Derives both documents, prints what gradus says of them, and holds every gradient against the two judges: for the
/// first location of the training windows, and for a few windows from there on.
fn check_gradients(options: &Options, table: &Array2<f64>, fit: &Windows, out: &mut dyn Write) -> Result<()> {
    let mut random = Random::new(options.seed);
    let parameters = Parameters::new(table, options.hidden.into(), fit.width, &mut random);
    let first = (0..fit.len()).find(|i| fit.label(*i)).unwrap_or(0);
    let several: Vec<usize> = (first..fit.len()).take(CHECKED_WINDOWS).collect();
    let window = Network::new(WINDOW, &["W", "b", "u", "x"])?;
    let batch = Network::new(BATCH, &["W", "b", "u", "X"])?;
    let of_window = check(&window, &parameters.window(fit, first), options.seed)?;
    let of_batch = check(&batch, &parameters.batch(fit, &several), options.seed)?;
    for (title, network, rows) in [
        ("One window, as gradus derives it:".to_owned(), &window, &of_window),
        ("A batch, a window a column:".to_owned(), &batch, &of_batch),
    ] {
        writeln!(out, "\n{title}\n\n{}", derivation_text(&network.derivation, &Report::default()))?;
        writeln!(out, "{}", table_of(rows))?;
    }
    match of_window.iter().chain(&of_batch).find(|row| !row.agrees()) {
        Some(row) => Err(format!("the gradient with respect to {} fails its numeric check", row.wrt).into()),
        None => Ok(()),
    }
}

fn table_of(rows: &[Row]) -> String {
    let mut text = "gradient       size  central differences                dual numbers\n".to_owned();
    for row in rows {
        let size = format!("{}×{}", row.shape.0, row.shape.1);
        let gradient = format!("∂J/∂{}", row.wrt);
        let (entries, all) = (row.entries, row.shape.0 * row.shape.1);
        let entries = format!("({entries} of {all} entries)");
        text += &format!("{gradient:8} {size:>10}  {:.0e} {entries:24}  {:.0e}\n", row.differences, row.duals);
    }
    text
}

/// What the two trainings of a run share.
struct Session<'a> {
    options: &'a Options,
    network: &'a Network,
    table: &'a Array2<f64>,
    progress: &'a ProgressBar,
}

impl Session<'_> {
    /// Trains without the dev documents and takes the number of epochs, the smallest one, that does best on them.
    fn choose_epochs(&self, fit: &Windows, dev: &Windows, out: &mut dyn Write) -> Result<usize> {
        let most = usize::from(self.options.epochs);
        if dev.len() == 0 {
            return Ok(most);
        }
        let mut trainer = Trainer::new(self.network, fit, self.table, self.options);
        self.start("choosing epochs", &trainer, most);
        writeln!(out, "epoch    loss  on the dev documents")?;
        let (mut best, mut chosen) = (f64::NEG_INFINITY, most);
        for epoch in 1..=most {
            let loss = trainer.epoch(self.progress)?;
            let score = trainer.test(dev)?;
            self.progress.suspend(|| writeln!(out, "{epoch:5}  {loss:.4}  {score}"))?;
            if score.f1() > best {
                (best, chosen) = (score.f1(), epoch);
            }
        }
        Ok(chosen)
    }

    /// Trains afresh on all training documents, and tests once.
    fn final_test(&self, epochs: usize, train: &Windows, test: &Windows, out: &mut dyn Write) -> Result<()> {
        let mut trainer = Trainer::new(self.network, train, self.table, self.options);
        self.start("training", &trainer, epochs);
        writeln!(out, "\ntrained on all training documents, epochs: {epochs}")?;
        let mut loss = f64::NAN;
        for _ in 0..epochs {
            loss = trainer.epoch(self.progress)?;
        }
        self.progress.finish_and_clear();
        writeln!(out, "loss {loss:.4}, on the test documents: {}", trainer.test(test)?)?;
        Ok(())
    }

    fn start(&self, message: &'static str, trainer: &Trainer, epochs: usize) {
        self.progress.reset();
        self.progress.set_message(message);
        self.progress.set_length(trainer.batches() * epochs as u64);
    }
}
