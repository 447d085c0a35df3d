//! Filling a note: what is derived from a block goes right below it, between two marks.

use super::Markup;
use super::block::Block;
use crate::diag::{Error, Errors, Kind, Span};
use std::ops::Range;

/// A note with its blocks filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The whole note.
    pub text: String,
    /// How many blocks it has.
    pub blocks: usize,
    /// How many of them were not as they are now.
    pub changed: usize,
}

/// What is derived from a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Derived {
    /// In the markup of the note.
    pub text: String,
    /// Whether the block itself is left out: for books, never for a note on disk.
    pub hide: bool,
}

/// Fills every block of a note: `derive` says what stands below a block (nothing, when it is empty). Blocks that are
/// filled already are filled anew; filling twice changes nothing.
///
/// # Errors
/// The errors of all blocks, with their places in the note.
pub fn fill(
    text: &str,
    markup: Markup,
    mut derive: impl FnMut(&Block) -> Result<Derived, Errors>,
) -> Result<Filled, Errors> {
    let blocks = markup.blocks(text).map_err(|e| vec![e])?;
    let (mut out, mut at, mut changed, mut errors) = (String::new(), 0, 0, vec![]);
    for block in &blocks {
        match derive(block) {
            Ok(derived) => {
                let end = if derived.hide { block.place.whole.start } else { block.place.whole.end };
                out.push_str(&text[at..end]);
                let new = below(block, &derived.text, markup, text);
                changed += usize::from(text[block.place.filled.clone()] != new);
                out.push_str(&new);
                at = block.place.filled.end;
            }
            Err(more) => errors.extend(more),
        }
    }
    out.push_str(&text[at..]);
    if errors.is_empty() { Ok(Filled { text: out, blocks: blocks.len(), changed }) } else { Err(errors) }
}

/// What stands below a block: an empty line, the marks, and between them what was derived.
fn below(block: &Block, derived: &str, markup: Markup, text: &str) -> String {
    if derived.is_empty() {
        return String::new();
    }
    let (begin, end) = markup.marks();
    let body = derived.trim_matches('\n');
    let whole = match markup {
        Markup::Markdown => format!("\n{begin}\n\n{body}\n\n{end}"),
        Markup::Latex => format!("{begin}\n{body}\n{end}"),
    };
    let line = |l: &str| format!("{}{l}", block.place.prefix).trim_end().to_owned() + "\n";
    let lines: String = whole.split('\n').map(line).collect();
    let newline = if text[block.place.whole.clone()].ends_with('\n') { "" } else { "\n" };
    // the endings of lines are those of the file
    let lines = if text[block.place.whole.clone()].contains("\r\n") { lines.replace('\n', "\r\n") } else { lines };
    format!("{newline}{lines}")
}

/// The filled part that begins at `start`, right below a block; empty when there is none.
///
/// # Errors
/// `Syntax` for a mark that begins such a part where none ends it.
pub fn filled(text: &str, start: usize, prefix: &str, markup: Markup) -> Result<Range<usize>, Error> {
    let (begin, end) = markup.marks();
    let bare = |line: &str| line.strip_prefix(prefix.trim_end()).unwrap_or(line).trim().to_owned();
    let (mut at, mut opened) = (start, None);
    for line in text[start..].split_inclusive('\n') {
        let content = bare(line);
        match opened {
            None if content == begin => opened = Some(at..at + line.trim_end().len()),
            None if !content.is_empty() => return Ok(start..start),
            None => {}
            Some(_) if content == end => return Ok(start..at + line.len()),
            Some(_) => {}
        }
        at += line.len();
    }
    match opened {
        None => Ok(start..start),
        Some(mark) => Err(Error::new(Kind::Syntax, "what was derived here has no end")
            .at(Span::new(mark.start, mark.end), format!("no line `{end}` follows"))
            .help("put the line back, or remove this one with all that was derived")),
    }
}
