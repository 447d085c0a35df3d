//! The values of `--at`.

use super::source::read_file;
use crate::diag::{Error, Errors, Kind};
use crate::eval::{self, Valuation};
use crate::program::Program;
use crate::shape::{Given, elaborate_given};
use crate::syntax::Document;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Reads the values of a program's names.
///
/// # Errors
/// `Usage` for text that is no JSON or has a key twice, and what `eval::read_values` refuses.
pub fn environment(text: &str, program: &Program) -> Result<Valuation<f64>, Error> {
    let json = parsed(text)?;
    match keys(text).twice {
        Some((key, first, again)) => {
            let places = format!("{} and {}", place(text, first), place(text, again));
            Err(Error::new(Kind::Usage, format!("the values have the key \"{key}\" twice, at {places}"))
                .help("leave one of the two: which of them is meant, gradus cannot know"))
        }
        None => eval::read_values(&json, program),
    }
}

/// The document as a program; the values in the file say what undeclared names are.
///
/// # Errors
/// Those of elaboration, and `Usage` for a file that cannot be read or is no JSON.
pub fn elaborated(document: &Document, at: Option<&Path>) -> Result<Program, Errors> {
    elaborate_given(document, &given(at).map_err(|e| vec![e])?)
}

/// The extents of the values in the file.
///
/// # Errors
/// `Usage` for a file that cannot be read or is no JSON.
pub fn given(at: Option<&Path>) -> Result<Given, Error> {
    let values = at.map(|path| parsed(&read_file(path)?)).transpose()?;
    Ok(values.map(|v| eval::extents(&v)).unwrap_or_default())
}

fn parsed(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|e| {
        let error = Error::new(Kind::Usage, format!("the values are not JSON: {e}"));
        let infinite = |(at, _): (usize, &str)| !text[..at].ends_with('"');
        let bare = ["-inf", "-Inf", "-∞"].iter().any(|word| text.match_indices(word).any(infinite));
        if bare { error.help(eval::HOW_TO_MASK) } else { error }
    })
}

/// The keys of the objects that are open, and the first that an object has twice.
#[derive(Default)]
struct Keys {
    open: Vec<BTreeMap<String, usize>>,
    twice: Option<(String, usize, usize)>,
}

impl Keys {
    fn add(&mut self, key: String, at: usize) {
        if let Some(first) = self.open.last_mut().and_then(|object| object.insert(key.clone(), at)) {
            self.twice.get_or_insert((key, first, at));
        }
    }
}

/// Goes through a text that is JSON: a string is a key where a colon follows.
fn keys(text: &str) -> Keys {
    let (mut keys, mut at) = (Keys::default(), 0);
    while let Some(byte) = text.as_bytes().get(at) {
        let start = at;
        at += 1;
        match byte {
            b'{' => keys.open.push(BTreeMap::new()),
            b'}' => drop(keys.open.pop()),
            b'"' => {
                at = string_end(text, at);
                if text[at..].trim_start().starts_with(':') {
                    keys.add(serde_json::from_str(&text[start..at]).unwrap_or_default(), start);
                }
            }
            _ => {}
        }
    }
    keys
}

/// One past the quote that ends a string.
fn string_end(text: &str, start: usize) -> usize {
    let mut escaped = false;
    let end = text[start..].bytes().position(|b| {
        let ends = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |i| start + i + 1)
}

/// Line and column, from 1.
fn place(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    format!("{}:{}", 1 + text[..at].matches('\n').count(), 1 + text[start..at].chars().count())
}
