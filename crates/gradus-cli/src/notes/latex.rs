//! The blocks of LaTeX: `\begin{gradus}` … `\end{gradus}`, each on a line of its own.

use super::block::{BlockPlace, NoteBlock, head};
use super::fill::filled;
use super::{Markup, words};
use crate::diag::{Error, Kind, Span};
use std::ops::Range;

/// Environments whose content is no LaTeX.
const VERBATIM: &[&str] = &["verbatim", "verbatim*", "Verbatim", "lstlisting", "minted", "comment"];

const BEGIN: &str = "\\begin{gradus}";

/// The gradus blocks, from top to bottom.
pub fn blocks(text: &str) -> Result<Vec<NoteBlock>, Error> {
    let (mut blocks, mut at) = (vec![], 0);
    while at < text.len() {
        let line = line(text, at);
        let trimmed = text[line.clone()].trim();
        if let Some(name) = VERBATIM.iter().find(|name| trimmed.starts_with(&format!("\\begin{{{name}}}"))) {
            at = end_of(text, line.start, name).map_or(text.len(), |end| end.end);
        } else if trimmed.starts_with(BEGIN) {
            let block = block(text, line)?;
            at = block.place.whole.end.max(block.place.below.whole.end);
            blocks.push(block);
        } else {
            at = line.end;
            no_block_within(text, line)?;
        }
    }
    Ok(blocks)
}

/// A block that begins behind other text would be left as it is without a word.
fn no_block_within(text: &str, line: Range<usize>) -> Result<(), Error> {
    let code = text[line.clone()].split('%').next().unwrap_or_default();
    match code.find(BEGIN) {
        Some(i) if !code[..i].contains("\\verb") => {
            let begin = line.start + i;
            Err(Error::new(Kind::Syntax, "a block of gradus begins a line of its own")
                .at(Span::new(begin, begin + BEGIN.len()), "there is text before it")
                .help("begin a new line here"))
        }
        Some(_) | None => Ok(()),
    }
}

/// The line that begins at this place.
fn line(text: &str, start: usize) -> Range<usize> {
    start..text[start..].find('\n').map_or(text.len(), |i| start + i + 1)
}

/// The line that ends the environment.
fn end_of(text: &str, from: usize, name: &str) -> Option<Range<usize>> {
    let end = from + text[from..].find(&format!("\\end{{{name}}}"))?;
    let start = text[..end].rfind('\n').map_or(0, |i| i + 1);
    Some(line(text, start))
}

fn block(text: &str, begin: Range<usize>) -> Result<NoteBlock, Error> {
    let first = text[begin.clone()].trim_end();
    let indent = first.len() - first.trim_start().len();
    let end = end_of(text, begin.end, "gradus").ok_or_else(|| {
        Error::new(Kind::Syntax, "this block is never closed")
            .at(Span::new(begin.start + indent, begin.start + first.len()), "it begins here")
            .help("end it with a line \\end{gradus}")
    })?;
    let content = &text[begin.end..end.start];
    let (inside, document) = head(content);
    let prefix = first[..indent].to_owned();
    let below = filled(text, end.end, &prefix, Markup::Latex)?;
    let options = begin.start + indent..begin.start + first.len();
    let place =
        BlockPlace { whole: begin.start..end.end, below, prefix, options, pieces: vec![(0, begin.end + document)] };
    let beside = first.split('%').next().unwrap_or_default().trim_start().trim_start_matches(BEGIN).trim();
    let beside = beside.strip_prefix('[').and_then(|b| b.strip_suffix(']')).unwrap_or(beside);
    let options = words::options(&format!("{beside}{inside}")).map_err(|e| place.at_options(e))?;
    // a comment is LaTeX's own here
    Ok(NoteBlock { text: content[document..].replace('%', "#"), options, place })
}
