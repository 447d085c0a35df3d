//! Errors as a person reads them: the source with the place underlined, on standard error.

use super::source::Source;
use crate::diag::{Error, Kind};
use codespan_reporting::diagnostic::{Diagnostic, Label};
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term;

/// So many errors of a document are shown.
const SHOWN: usize = 20;

/// Errors as text, the first of them when there are many.
pub fn errors_text(errors: &[Error], source: Option<&Source>) -> String {
    let mut texts: Vec<String> = errors.iter().take(SHOWN).map(|e| error_text(e, source)).collect();
    if errors.len() > SHOWN {
        texts.push(format!("and {} more errors\n", errors.len() - SHOWN));
    }
    texts.join("\n")
}

/// One error as text.
pub fn error_text(error: &Error, source: Option<&Source>) -> String {
    let title = format!("{} ({})", error.message, error.kind.word());
    let mut diagnostic: Diagnostic<()> = Diagnostic::error().with_message(title);
    if let Some(source) = source {
        diagnostic.labels = labels(error, &source.text);
    }
    diagnostic.notes.extend(error.help.iter().map(|h| format!("help: {h}")));
    if error.kind == Kind::Internal {
        diagnostic
            .notes
            .push("this is a fault of gradus, and no answer is given: please report the document".to_owned());
    }
    let file = SimpleFile::new(source.map_or("", |s| s.name.as_str()), source.map_or("", |s| s.text.as_str()));
    term::emit_into_string(&term::Config::default(), &file, &diagnostic).unwrap_or_else(|_| error.to_string())
}

/// Labels whose span lies in this text, ends on character boundaries.
fn labels(error: &Error, text: &str) -> Vec<Label<()>> {
    let inside = |l: &&crate::diag::Label| {
        l.span.end <= text.len() && text.is_char_boundary(l.span.start) && text.is_char_boundary(l.span.end)
    };
    let style = |i: usize| if i == 0 { Label::primary } else { Label::secondary };
    error
        .labels
        .iter()
        .filter(inside)
        .enumerate()
        .map(|(i, l)| style(i)((), l.span.start..l.span.end).with_message(l.text.clone()))
        .collect()
}
