//! The protocol of mdBook's preprocessors: the book as JSON on standard input, the book with its blocks filled on standard
//! output.

use super::{Derived, FaultyText, Filled, Markup, Refused, fill};
use crate::diag::{Error, Kind};
use crate::notes::NoteBlock;
use serde_json::Value;

/// Whether blocks can be filled for this renderer.
pub fn supports(renderer: &str) -> bool {
    renderer == "html"
}

/// What mdBook hands to a preprocessor.
#[derive(Clone, Debug)]
pub struct BookInput {
    /// `[preprocessor.gradus]` of `book.toml`.
    pub settings: Value,
    book: Value,
}

impl BookInput {
    /// Reads standard input: a pair of the context and the book.
    ///
    /// # Errors
    /// `Usage` for anything else.
    pub fn read(text: &str) -> Result<BookInput, Error> {
        let wrong = |why: String| {
            Error::new(Kind::Usage, format!("standard input is not what mdBook sends to a preprocessor: {why}"))
                .help("write `command = \"gradus mdbook\"` under [preprocessor.gradus] of book.toml and run mdbook")
        };
        let value: Value = serde_json::from_str(text).map_err(|e| wrong(e.to_string()))?;
        match value {
            Value::Array(pair) => match <[Value; 2]>::try_from(pair) {
                Ok([context, book]) => {
                    Ok(BookInput { settings: context["config"]["preprocessor"]["gradus"].clone(), book })
                }
                Err(_) => Err(wrong("a pair was expected".to_owned())),
            },
            _ => Err(wrong("a pair was expected".to_owned())),
        }
    }

    /// The book with the blocks of every chapter filled, as JSON. `deriving` says for each chapter how it is done.
    ///
    /// # Errors
    /// What is wrong in each chapter.
    pub fn filled<D>(mut self, deriving: impl Fn() -> D) -> Result<String, Vec<FaultyText>>
    where
        D: FnMut(&NoteBlock) -> Result<Derived, Refused>,
    {
        let mut wrong = vec![];
        chapters(&mut self.book, &mut |chapter| {
            let text = chapter["content"].as_str().unwrap_or_default().to_owned();
            let whole = |filled: Filled| match filled.unfinished {
                Some(spent) => Err(vec![spent]),
                None => Ok(filled),
            };
            match fill(&text, Markup::Markdown, deriving()).and_then(whole) {
                Ok(filled) => chapter["content"] = filled.text.into(),
                Err(errors) => wrong.push(FaultyText { name: name(chapter), text, errors }),
            }
        });
        if wrong.is_empty() { Ok(self.book.to_string()) } else { Err(wrong) }
    }
}

/// Visits every chapter, however the version of mdBook calls the lists they stand in.
fn chapters(value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| chapters(item, visit)),
        Value::Object(fields) => {
            if let Some(chapter) = fields.get_mut("Chapter") {
                visit(chapter);
            }
            fields.values_mut().for_each(|v| chapters(v, visit));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What a chapter is called in messages: its file, or its title.
fn name(chapter: &Value) -> String {
    let text = |key: &str| chapter[key].as_str().map(str::to_owned);
    text("source_path").or_else(|| text("path")).or_else(|| text("name")).unwrap_or_default()
}
