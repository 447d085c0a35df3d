//! The blocks of Markdown, as CommonMark nests them: in lists and quotations too.

use super::block::{BlockPlace, NoteBlock, head};
use super::fill::filled;
use super::{Markup, words};
use crate::diag::{Error, Kind, Span};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// The gradus blocks, from top to bottom.
pub fn blocks(text: &str) -> Result<Vec<NoteBlock>, Error> {
    let mut blocks: Vec<NoteBlock> = vec![];
    let mut events = Parser::new_ext(text, Options::empty()).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event else { continue };
        let Some(options) = words::beside_fence(&info) else { continue };
        // what someone has put between marks is no block of the note
        if blocks.last().is_some_and(|before| range.start < before.place.below.whole.end) {
            continue;
        }
        let inside = events.by_ref().take_while(|(e, _)| !matches!(e, Event::End(TagEnd::CodeBlock)));
        let (content, pieces) = content(inside);
        blocks.push(block(text, range, options, &content, pieces)?);
    }
    Ok(blocks)
}

/// The text of a block, and where its pieces stand in the file.
fn content<'a>(events: impl Iterator<Item = (Event<'a>, Range<usize>)>) -> (String, Vec<(usize, usize)>) {
    let (mut content, mut pieces) = (String::new(), vec![]);
    for (event, range) in events {
        let Event::Text(piece) = event else { continue };
        pieces.push((content.len(), range.start));
        content.push_str(&piece);
    }
    (content, pieces)
}

fn block(
    text: &str,
    range: Range<usize>,
    beside: &str,
    content: &str,
    pieces: Vec<(usize, usize)>,
) -> Result<NoteBlock, Error> {
    let start = text[..range.start].rfind('\n').map_or(0, |i| i + 1);
    let fence = text[range.start..].split(['\n', '\r']).next().unwrap_or_default();
    let prefix = prefix(&text[start..range.start]);
    let end = line_end(text, range.end);
    check_closed(text, &range, fence)?;
    let (inside, document) = head(content);
    let below = filled(text, end, &prefix, Markup::Markdown)?;
    let options = range.start..range.start + fence.len();
    let pieces = pieces.into_iter().map(|(at, file)| moved(at, file, document)).collect();
    let place = BlockPlace { whole: start..end, below, prefix, options, pieces };
    let options = words::options(&format!("{beside}{inside}")).map_err(|e| place.at_options(e))?;
    Ok(NoteBlock { text: content[document..].to_owned(), options, place })
}

/// A piece of the content as a piece of what begins at `start` in it.
fn moved(at: usize, file: usize, start: usize) -> (usize, usize) {
    if at >= start { (at - start, file) } else { (0, file + (start - at)) }
}

/// What further lines of the container begin with: quotation marks stay, the bullet of a list is indentation.
fn prefix(before: &str) -> String {
    before.chars().map(|c| if c == '>' || c == '\t' { c } else { ' ' }).collect()
}

/// One past the line that ends at or after this place.
fn line_end(text: &str, at: usize) -> usize {
    if text[..at].ends_with('\n') {
        return at;
    }
    text[at..].find('\n').map_or(text.len(), |i| at + i + 1)
}

/// Whatever is put below a block that is never closed would belong to it.
fn check_closed(text: &str, range: &Range<usize>, fence: &str) -> Result<(), Error> {
    let mark = fence.chars().next().unwrap_or('`');
    let last = text[range.clone()].trim_end().lines().last().unwrap_or_default();
    let closing = last.trim_start_matches(['>', ' ', '\t']).trim_end();
    let closed =
        closing.len() >= 3 && closing.chars().all(|c| c == mark) && text[range.clone()].trim_end().contains('\n');
    if closed {
        return Ok(());
    }
    Err(Error::new(Kind::Syntax, "this block is never closed")
        .at(Span::new(range.start, range.start + fence.len()), "it begins here")
        .help(format!("end it with a line {}", String::from(mark).repeat(3))))
}
