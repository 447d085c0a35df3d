//! Lines of a text file, and what is wrong with one of them.

use std::fmt;
use std::io::{self, BufRead};

/// A line that is not what its format demands. Nothing of a file with such a line is used.
#[derive(Debug)]
pub struct Malformed {
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    pub expected: String,
    pub found: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: expected {}, found {}", self.file, self.line, self.expected, self.found)
    }
}

impl std::error::Error for Malformed {}

/// A numbered line of a file.
pub struct Line<'a> {
    file: &'a str,
    number: usize,
    pub text: String,
}

impl Line<'_> {
    pub fn fields(&self) -> Vec<&str> {
        self.text.split_ascii_whitespace().collect()
    }

    pub fn malformed(&self, expected: impl Into<String>, found: impl Into<String>) -> Malformed {
        Malformed { file: self.file.to_owned(), line: self.number, expected: expected.into(), found: found.into() }
    }
}

/// The lines of a file, each decoded when it is asked for.
pub fn lines(file: &str, reader: impl BufRead) -> impl Iterator<Item = Result<Line<'_>, Malformed>> {
    reader.split(b'\n').enumerate().map(move |(i, bytes)| decode(file, i + 1, bytes))
}

fn decode(file: &str, number: usize, bytes: io::Result<Vec<u8>>) -> Result<Line<'_>, Malformed> {
    let mut line = Line { file, number, text: String::new() };
    let bytes = bytes.map_err(|e| line.malformed("a readable line", e.to_string()))?;
    line.text = String::from_utf8(bytes).map_err(|e| line.malformed("UTF-8 text", e.to_string()))?;
    Ok(line)
}
