//! Filling a note: what is derived from a block goes right below it, between two marks.

use super::Markup;
use super::block::{DerivedPart, NoteBlock};
use crate::diag::{Error, Errors, Kind, Span};

/// A note with its blocks filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The whole note.
    pub text: String,
    /// How many blocks it has.
    pub blocks: usize,
    /// How many of them were not as they are now.
    pub changed: usize,
    /// Where text that gradus has not written is written over.
    pub edited: Errors,
    /// Where the note's budget ran out: from there on everything is as it was.
    pub unfinished: Option<Error>,
}

/// What is derived from a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Derived {
    /// In the markup of the note.
    pub text: String,
    /// Whether the block itself is left out: for books, never for a note on disk.
    pub hide: bool,
}

/// Why nothing is derived from a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is wrong.
    Wrong(Errors),
    /// What the whole note may take is spent.
    Spent,
}

impl From<Errors> for Refused {
    fn from(errors: Errors) -> Refused {
        Refused::Wrong(errors)
    }
}

/// Fills every block of a note: `derive` says what stands below a block (nothing, when it is empty). Blocks that are
/// filled already are filled anew; filling twice changes nothing.
///
/// # Errors
/// The errors of all blocks, with their places in the note.
pub fn fill(
    text: &str,
    markup: Markup,
    mut derive: impl FnMut(&NoteBlock) -> Result<Derived, Refused>,
) -> Result<Filled, Errors> {
    let blocks = markup.blocks(text).map_err(|e| vec![e])?;
    let mut filling = Filling { text, markup, at: 0, errors: vec![], filled: Filled::of(&blocks) };
    for (done, block) in blocks.iter().enumerate() {
        match derive(block) {
            Ok(derived) => filling.put(block, &derived),
            Err(Refused::Wrong(errors)) => filling.errors.extend(errors),
            Err(Refused::Spent) => {
                filling.filled.unfinished = Some(spent(block, done, blocks.len()));
                break;
            }
        }
    }
    filling.end()
}

fn spent(block: &NoteBlock, done: usize, blocks: usize) -> Error {
    let error = Error::new(Kind::Limit, "this file takes more work than gradus does for one file");
    let place = Span::new(block.place.options.start, block.place.options.end);
    error
        .at(place, format!("{done} of {blocks} blocks are done; this one and what follows are as they were"))
        .help("divide it into several files: each may take as much")
}

impl Filled {
    fn of(blocks: &[NoteBlock]) -> Filled {
        Filled { text: String::new(), blocks: blocks.len(), changed: 0, edited: vec![], unfinished: None }
    }
}

/// A note that is being filled from top to bottom, up to `at`.
struct Filling<'a> {
    text: &'a str,
    markup: Markup,
    at: usize,
    errors: Errors,
    filled: Filled,
}

impl Filling<'_> {
    fn put(&mut self, block: &NoteBlock, derived: &Derived) {
        let place = &block.place;
        let end = if derived.hide { place.whole.start } else { place.whole.end };
        self.filled.text.push_str(&self.text[self.at..end]);
        let new = below(block, &derived.text, self.markup, self.text);
        let old = &self.text[place.below.whole.clone()];
        self.filled.changed += usize::from(self.markup.unsummed(old) != self.markup.unsummed(&new));
        self.filled.edited.extend(edited(block, derived, self.text));
        self.filled.text.push_str(&new);
        self.at = place.below.whole.end;
    }

    fn end(mut self) -> Result<Filled, Errors> {
        self.filled.text.push_str(&self.text[self.at..]);
        if self.errors.is_empty() {
            return Ok(self.filled);
        }
        self.errors.extend(self.filled.unfinished);
        Err(self.errors)
    }
}

/// What text is, however it is indented and spaced.
fn content<'a>(text: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().map(move |line| bare(line, prefix)).filter(|line| !line.is_empty())
}

/// A line without what every line of its block begins with.
fn bare<'a>(line: &'a str, prefix: &str) -> &'a str {
    line.strip_prefix(prefix.trim_end()).unwrap_or(line).trim()
}

/// The checksum of what stands between marks: that of its lines.
fn sum<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut hasher = crc32fast::Hasher::new();
    lines.for_each(|line| [line, "\n"].iter().for_each(|part| hasher.update(part.as_bytes())));
    format!("{:08x}", hasher.finalize())
}

/// What is wrong with writing over what stands below a block: it is neither what gradus wrote there, by the checksum of its
/// mark, nor what is derived now. Marks of old have no checksum.
fn edited(block: &NoteBlock, derived: &Derived, text: &str) -> Option<Error> {
    let (below, prefix) = (&block.place.below, block.place.prefix.as_str());
    let lines = || content(&text[below.text.clone()], prefix);
    let first = lines().next()?;
    if lines().eq(content(&derived.text, "")) || below.sum.as_ref().is_some_and(|s| *s == sum(lines())) {
        return None;
    }
    let new: Vec<&str> = content(&derived.text, "").collect();
    let message = match below.sum {
        Some(_) => "what stands between the marks below a block is not as gradus wrote it",
        None => "what stands between the marks below a block may not be gradus': no checksum says so",
    };
    let error = Error::new(Kind::Usage, message)
        .help("put what is yours outside the marks; `gradus notes --force` writes over it");
    // where lines were taken away, none is to be shown
    let others = lines().filter(|line| !new.contains(line)).take(MAX_PLACES).collect::<Vec<_>>();
    let shown = if others.is_empty() { vec![first] } else { others };
    Some(shown.iter().fold(error, |error, line| {
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        error.at(Span::new(start, start + line.len()), "this is not what is derived")
    }))
}

/// So many lines are shown of what would be written over.
const MAX_PLACES: usize = 8;

/// What stands below a block: an empty line, the marks, and between them what was derived.
fn below(block: &NoteBlock, derived: &str, markup: Markup, text: &str) -> String {
    if derived.is_empty() {
        return String::new();
    }
    let (begin, end) = (markup.begin(), markup.end(&sum(content(derived, ""))));
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
pub fn filled(text: &str, start: usize, prefix: &str, markup: Markup) -> Result<DerivedPart, Error> {
    let (mut at, mut opened) = (start, None);
    for line in text[start..].split_inclusive('\n') {
        let content = bare(line, prefix);
        let end = at + line.len();
        match opened {
            None if content == markup.begin() => opened = Some((at..at + line.trim_end().len(), end)),
            None if !content.is_empty() => return Ok(DerivedPart::none(start)),
            None => {}
            Some(_) if content == markup.begin() => break,
            Some((_, from)) => {
                if let Some(sum) = markup.ends(content) {
                    return Ok(DerivedPart { whole: start..end, text: from..at, sum: sum.map(str::to_owned) });
                }
            }
        }
        at = end;
    }
    match opened {
        None => Ok(DerivedPart::none(start)),
        Some((mark, _)) => Err(Error::new(Kind::Syntax, "what was derived here has no end")
            .at(Span::new(mark.start, mark.end), format!("no line `{}` follows", markup.end("…")))
            .help("put the line back, or remove this one with all that was derived")),
    }
}
