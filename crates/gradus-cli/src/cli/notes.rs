//! `gradus notes`, and the same for mdBook and Pandoc.

use super::Output;
use super::args::{BlockArgs, Emitted, MdbookArgs, MdbookCommand, NotesArgs};
use super::blocks::block_args;
use super::file::write;
use super::noted::Noted;
use super::source::{Source, read_file, read_input};
use crate::diag::{Error, Errors, Kind};
use crate::fuel::SharedFuel;
use crate::notes::{
    Derived, FaultyText, Filled, Markup, NoteBlock, Refused, diff, fill, mdbook as book, pandoc as tree,
};
use crate::render::Format;
use std::fmt::Write;
use std::path::Path;

/// Fills notes in place, or says what would change.
pub fn run(args: &NotesArgs) -> Output {
    let mut output = Output::default();
    for path in &args.files {
        match file(path, args) {
            Ok(said) => {
                output.stdout.push_str(&said.report);
                output.code = output.code.max(i32::from(said.stale));
                said.unfinished.iter().for_each(|wrong| output.add_errors(wrong));
            }
            Err(wrong) => output.add_errors(&wrong),
        }
    }
    output
}

/// What there is to say of one note.
struct Said {
    report: String,
    /// Whether it no longer matched (with `--check`).
    stale: bool,
    /// Where its budget ran out.
    unfinished: Option<FaultyText>,
}

fn file(path: &Path, args: &NotesArgs) -> Result<Said, FaultyText> {
    let name = path.display().to_string();
    let alone = |e: Error| FaultyText { name: name.clone(), text: String::new(), errors: vec![e] };
    let markup = Markup::of(path).ok_or_else(|| alone(no_note(&name)))?;
    let whole = read_file(path).map_err(alone)?;
    // some editors begin a file with a byte order mark, which is no part of its first line
    let text = whole.trim_start_matches('\u{feff}').to_owned();
    let mark = &whole[..whole.len() - text.len()];
    let wrong = |errors: Errors| FaultyText { name: name.clone(), text: text.clone(), errors };
    let mut budget = SharedFuel::FILE;
    let filled = fill(&text, markup, |block| within(&mut budget, || derived(block, markup))).map_err(wrong)?;
    let unfinished = filled.unfinished.clone().map(|e| wrong(vec![e]));
    if args.check {
        return Ok(Said { report: compared(&name, &text, &filled), stale: filled.changed > 0, unfinished });
    }
    if !args.force && !filled.edited.is_empty() {
        return Err(wrong(filled.edited));
    }
    if text != filled.text {
        write(path, Some(&whole), &format!("{mark}{}", filled.text)).map_err(alone)?;
    }
    Ok(Said { report: format!("{name}: {}\n", counts(&filled, "filled anew")), stale: false, unfinished })
}

/// What would change, and where that is text which gradus has not written.
fn compared(name: &str, text: &str, filled: &Filled) -> String {
    let mut report = format!("{name}: {}\n", counts(filled, "no longer as derived"));
    for e in &filled.edited {
        let line = 1 + e.labels.first().map_or(0, |l| text[..l.span.start].matches('\n').count());
        let _ = writeln!(report, "{name}:{line}: {}", e.message);
    }
    if filled.changed > 0 {
        report.push_str(&diff(text, &filled.text, name, &format!("{name}, derived anew")));
    }
    report
}

fn counts(filled: &Filled, changed: &str) -> String {
    match filled.changed {
        0 => format!("{}, as derived", counted(filled.blocks, "block")),
        some => format!("{}, {some} {changed}", counted(filled.blocks, "block")),
    }
}

/// Derives one block from the budget of its file.
fn within<D>(budget: &mut SharedFuel, derive: impl FnOnce() -> Result<D, Errors>) -> Result<D, Refused> {
    let derived = budget.limited(derive);
    derived.map_err(|errors| if budget.is_spent() { Refused::Spent } else { Refused::Wrong(errors) })
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn no_note(name: &str) -> Error {
    Error::new(Kind::Usage, format!("{name} is neither Markdown nor LaTeX by its name"))
        .help("notes end in .md, .markdown, .qmd, .rmd, .tex or .ltx")
}

/// What stands below a block of a note.
fn derived(block: &NoteBlock, markup: Markup) -> Result<Derived, Errors> {
    let noted = Noted::of(block)?;
    let default = match markup {
        Markup::Markdown => Emitted::Text(Format::Markdown),
        Markup::Latex => Emitted::Text(Format::Latex),
    };
    let format = text_format(&noted.args, default).map_err(|e| vec![block.place.at_options(e)])?;
    Ok(Derived { text: noted.text(format, markup), hide: false })
}

fn text_format(args: &BlockArgs, default: Emitted) -> Result<Format, Error> {
    args.what.format.unwrap_or(default).of_text().ok_or_else(|| Error::new(Kind::Usage, "a note holds no JSON"))
}

// ---- mdBook and Pandoc

/// The preprocessor of mdBook.
pub fn mdbook(args: &MdbookArgs) -> Output {
    if let Some(MdbookCommand::Supports { renderer }) = &args.command {
        return Output { code: i32::from(!book::supports(renderer)), ..Output::default() };
    }
    let filled = input(|text| {
        let alone = |e| vec![FaultyText { name: "standard input".to_owned(), text: String::new(), errors: vec![e] }];
        let input = book::BookInput::read(text).map_err(alone)?;
        let format = book_format(&input.settings).map_err(alone)?;
        input.filled(|| {
            let mut budget = SharedFuel::FILE;
            move |block| within(&mut budget, || for_book(block, format))
        })
    });
    filled.unwrap_or_else(refused)
}

/// The format that `book.toml` asks for; MathML, which needs no script on the page.
fn book_format(settings: &serde_json::Value) -> Result<Emitted, Error> {
    match settings["format"].as_str() {
        None => Ok(Emitted::Text(Format::MathMl)),
        Some(name) => name.parse().map_err(|_| {
            Error::new(Kind::Usage, format!("book.toml: there is no format \"{name}\""))
                .help("write format = \"mathml\", or \"latex\" for MathJax")
        }),
    }
}

/// What stands below a block of a book: HTML, so that Markdown leaves the formulas alone.
fn for_book(block: &NoteBlock, format: Emitted) -> Result<Derived, Errors> {
    let noted = Noted::of(block)?;
    let format = text_format(&noted.args, format).map_err(|e| vec![block.place.at_options(e)])?;
    Ok(Derived { text: noted.html(format), hide: noted.args.hide })
}

/// The filter of Pandoc.
pub fn pandoc() -> Output {
    let filtered = input(|text| {
        let mut budget = SharedFuel::FILE;
        tree::filter(text, |words, document| within(&mut budget, || for_document(words, document)))
    });
    filtered.unwrap_or_else(refused)
}

/// What stands below a block of a document of Pandoc, by its options and its text.
fn for_document(words: &[String], document: &str) -> Result<tree::DerivedPage, Errors> {
    let noted = Noted::answered(block_args(words).map_err(|e| vec![e])?, document)?;
    let page = noted.page().map_err(|e| vec![e])?;
    Ok(tree::DerivedPage { page, hide: noted.args.hide })
}

/// Standard input through a filter to standard output.
fn input(filter: impl FnOnce(&str) -> Result<String, Vec<FaultyText>>) -> Result<Output, Vec<FaultyText>> {
    let alone = |e| vec![FaultyText { name: "standard input".to_owned(), text: String::new(), errors: vec![e] }];
    let stdout = filter(&read_input().map_err(alone)?)?;
    Ok(Output { stdout, ..Output::default() })
}

fn refused(wrong: Vec<FaultyText>) -> Output {
    let mut output = Output::default();
    wrong.iter().for_each(|w| output.add_errors(w));
    output
}

impl Output {
    /// Adds what is wrong with a text to standard error.
    fn add_errors(&mut self, wrong: &FaultyText) {
        let source = Source { name: wrong.name.clone(), text: wrong.text.clone() };
        for e in &wrong.errors {
            let gap = if self.stderr.is_empty() { "" } else { "\n" };
            let _ = write!(self.stderr, "{gap}{}", super::report::error_text(e, Some(&source)));
            self.code = self.code.max(e.kind.exit_code());
        }
    }
}
