//! Word vectors in the text format of GloVe: a word and its numbers a line.

use super::source::{Line, Malformed, lines};
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

/// The vectors of the words that were asked for.
#[derive(Clone, Debug)]
pub struct Vectors {
    pub dimension: usize,
    pub rows: BTreeMap<String, Vec<f64>>,
    /// The mean of all vectors of the file: what stands for a word it does not have.
    pub mean: Vec<f64>,
}

/// Reads the whole file and keeps the vectors of the wanted words.
///
/// # Errors
/// The first line that is not a word and as many finite numbers as the lines before; a second vector for a wanted word;
/// a file without a vector.
pub fn read(file: &str, reader: impl BufRead, wanted: &BTreeSet<String>) -> Result<Vectors, Malformed> {
    let mut rows = BTreeMap::new();
    let mut sum: Vec<f64> = Vec::new();
    let mut count = 0;
    for line in lines(file, reader) {
        let line = line?;
        let (word, vector) = row(&line, sum.len())?;
        sum.resize(vector.len(), 0.0);
        sum.iter_mut().zip(&vector).for_each(|(total, x)| *total += x);
        count += 1;
        if wanted.contains(&word) && rows.insert(word.clone(), vector).is_some() {
            return Err(line.malformed("one vector a word", format!("a second one for `{word}`")));
        }
    }
    if count == 0 {
        let file = file.to_owned();
        return Err(Malformed { file, line: 1, expected: FORMAT.to_owned(), found: "the end of the file".to_owned() });
    }
    let mean = sum.iter().map(|total| total / f64::from(count)).collect();
    Ok(Vectors { dimension: sum.len(), rows, mean })
}

const FORMAT: &str = "a word and its numbers";

/// A word and its vector; a `dimension` of 0 is not known yet. The numbers are the last fields of the line, since a few
/// words of the published files hold spaces.
fn row(line: &Line, dimension: usize) -> Result<(String, Vec<f64>), Malformed> {
    let fields = line.fields();
    let found = || format!("`{}`", line.text.chars().take(40).collect::<String>());
    if fields.len() < 2 {
        return Err(line.malformed(FORMAT, found()));
    }
    let split = if dimension == 0 { 1 } else { fields.len().saturating_sub(dimension) };
    let (word, numbers) = fields.split_at(split.max(1));
    if numbers.len() < dimension || word[1..].iter().any(|part| part.parse::<f64>().is_ok()) {
        let expected = format!("a word and {dimension} numbers as in the lines before");
        return Err(line.malformed(expected, format!("{} fields after `{}`", fields.len() - 1, word[0])));
    }
    let vector = numbers.iter().map(|n| number(line, n)).collect::<Result<_, _>>()?;
    Ok((word.join(" "), vector))
}

fn number(line: &Line, text: &str) -> Result<f64, Malformed> {
    let finite = text.parse().ok().filter(|x: &f64| x.is_finite());
    finite.ok_or_else(|| line.malformed("a finite number", format!("`{text}`")))
}
