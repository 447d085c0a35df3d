//! A block of a note, and where its text stands in the file.

use crate::diag::{Error, Span};
use std::ops::Range;

/// A gradus block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteBlock {
    /// The document in it, without the lines of options.
    pub text: String,
    /// Its options, as arguments of the command line: `--wrt=W`, `--steps`.
    pub options: Vec<String>,
    /// Where its parts stand in the file.
    pub place: BlockPlace,
}

/// Where a block stands. All ranges are bytes of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockPlace {
    /// The block with its fences, in whole lines.
    pub whole: Range<usize>,
    /// What was derived from it.
    pub below: DerivedPart,
    /// What every line of the block begins with: the indentation of a list, the `>` of a quotation.
    pub prefix: String,
    /// The options beside the fence.
    pub options: Range<usize>,
    /// Pieces of the text: where each begins in the text, and where in the file.
    pub pieces: Vec<(usize, usize)>,
}

/// What was derived from a block and stands below it, in whole lines; empty where nothing is filled in yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DerivedPart {
    /// With its marks.
    pub whole: Range<usize>,
    /// What stands between them.
    pub text: Range<usize>,
    /// The checksum in the mark at its end.
    pub sum: Option<String>,
}

impl DerivedPart {
    /// Nothing is filled in yet.
    pub fn none(at: usize) -> DerivedPart {
        DerivedPart { whole: at..at, text: at..at, sum: None }
    }
}

impl BlockPlace {
    /// The place in the file of a byte of the block's text.
    fn of(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|(start, _)| *start <= at);
        self.pieces.get(next.saturating_sub(1)).map_or(at, |(start, file)| file + (at - start))
    }

    /// An error of the block's text with its places in the file.
    pub fn located(&self, mut error: Error) -> Error {
        for label in &mut error.labels {
            // the end belongs to the last byte: the next piece may begin further on
            let end = if label.span.end > label.span.start {
                self.of(label.span.end - 1) + 1
            } else {
                self.of(label.span.end)
            };
            label.span = Span::new(self.of(label.span.start), end);
        }
        error
    }

    /// An error of the block's options with their place.
    pub fn at_options(&self, error: Error) -> Error {
        error.at(Span::new(self.options.start, self.options.end), "the options of this block")
    }
}

/// Lines of options at the head of a block's content: `#| wrt=W steps`. Gives the options' text and where the document
/// begins.
pub fn head(content: &str) -> (String, usize) {
    let (mut options, mut start) = (String::new(), 0);
    for line in content.split_inclusive('\n') {
        let Some(words) = line.trim_start().strip_prefix("#|") else { break };
        options.push(' ');
        options.push_str(words.trim());
        start += line.len();
    }
    (options, start)
}
