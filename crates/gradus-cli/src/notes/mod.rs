//! Notes that stay true: the gradus blocks of Markdown and LaTeX files, filled with their derivations in place, and the
//! same as a preprocessor of mdBook and a filter of Pandoc.
//!
//! A block is a fenced ```` ```gradus ```` block of Markdown, or `\begin{gradus}` … `\end{gradus}` of LaTeX. Its options are
//! words beside the fence, or first lines that begin with `#|`. What is derived from it stands right below it, between two
//! marks; filling the note again replaces what stands there.
//!
//! Deriving is no business of this module: whoever fills a note says how a block becomes text.

mod block;
mod diff;
mod fill;
mod latex;
mod markdown;
pub mod mdbook;
pub mod pandoc;
mod words;

pub use block::{BlockPlace, DerivedPart, NoteBlock};
pub use diff::diff;
pub use fill::{Derived, Filled, Refused, fill};

use crate::diag::{Error, Errors};
use std::path::Path;

/// The options of a document: its first lines that begin with `#|`.
///
/// # Errors
/// `Syntax` for options that cannot be read.
pub fn document_options(text: &str) -> Result<Vec<String>, Error> {
    words::options(&block::head(text).0)
}

/// A text with errors: a chapter, or a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultyText {
    /// What it is called.
    pub name: String,
    /// The text the errors' places lie in.
    pub text: String,
    /// What is wrong.
    pub errors: Errors,
}

/// What a note is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Markdown: fenced blocks.
    Markdown,
    /// LaTeX: environments.
    Latex,
}

/// The endings of the names of notes.
const ENDINGS: &[(&str, Markup)] = &[
    ("md", Markup::Markdown),
    ("markdown", Markup::Markdown),
    ("qmd", Markup::Markdown),
    ("rmd", Markup::Markdown),
    ("tex", Markup::Latex),
    ("ltx", Markup::Latex),
];

impl Markup {
    /// What the name of a file says.
    pub fn of(path: &Path) -> Option<Markup> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        ENDINGS.iter().find(|(e, _)| *e == ending).map(|(_, markup)| *markup)
    }

    /// The blocks of a note, from top to bottom.
    ///
    /// # Errors
    /// `Syntax` for a block or a filled part without an end, and for options that cannot be read.
    pub fn blocks(self, text: &str) -> Result<Vec<NoteBlock>, Error> {
        match self {
            Markup::Markdown => markdown::blocks(text),
            Markup::Latex => latex::blocks(text),
        }
    }

    /// The line before what is derived.
    fn begin(self) -> &'static str {
        match self {
            Markup::Markdown => "<!-- gradus: derived from the block above -->",
            Markup::Latex => "% gradus: derived from the block above",
        }
    }

    /// The line after it, with its checksum.
    fn end(self, sum: &str) -> String {
        let (start, close) = self.around_sum();
        format!("{start}{SUM}{sum}{close}")
    }

    fn around_sum(self) -> (&'static str, &'static str) {
        match self {
            Markup::Markdown => ("<!-- gradus: end", " -->"),
            Markup::Latex => ("% gradus: end", ""),
        }
    }

    /// Whether a line is the one after it, and the checksum there, which marks of old lack.
    fn ends(self, line: &str) -> Option<Option<&str>> {
        let (start, close) = self.around_sum();
        match line.strip_prefix(start)?.strip_suffix(close)? {
            "" => Some(None),
            sum => sum.strip_prefix(SUM).map(Some),
        }
    }

    /// What was derived without the checksum in its mark.
    fn unsummed(self, below: &str) -> String {
        let start = self.around_sum().0;
        match below.rsplit_once(&format!("{start}{SUM}")) {
            Some((text, sum)) => format!("{text}{start}{}", sum.trim_start_matches(|c: char| c.is_ascii_hexdigit())),
            None => below.to_owned(),
        }
    }
}

/// What stands before a checksum.
const SUM: &str = ", checksum ";
