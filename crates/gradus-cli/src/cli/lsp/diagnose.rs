//! What is wrong with a document, as an editor shows it.

use super::place::range;
use crate::cli::blocks::block_args;
use crate::cli::derive::options;
use crate::derive::{Derivation, Options, derive};
use crate::diag::{Error, Errors, Label, NoteKind, Span};
use crate::fuel::{self, Cancel};
use crate::notes::document_options;
use crate::program::Program;
use crate::shape::{elaborate, proposed};
use crate::syntax::parse_document;
use gradus_web::beginning;
use lsp_types::{Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Uri};

/// The options a document's first lines name.
///
/// # Errors
/// `Usage` for options there are not.
pub fn options_of(text: &str) -> Result<Options, Error> {
    Ok(options(&block_args(&document_options(text)?)?.what))
}

/// A document, read.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(text: &str) -> Result<Program, Errors> {
    let read = || parse_document(text).and_then(|document| elaborate(&document));
    fuel::limited(|| read().map_err(|errors| proposed(text, errors)))
}

/// What is derived of a document.
///
/// # Errors
/// Everything that is wrong with it, and what derivations refuse.
pub fn derived(text: &str, cancel: &Cancel) -> Result<Derivation, Errors> {
    let options = options_of(text).map_err(|e| vec![e])?.cancelled_by(cancel);
    derive(text, &options)
}

/// All there is to say of a document.
pub fn diagnostics(text: &str, uri: &Uri, cancel: &Cancel) -> Vec<Diagnostic> {
    // a document of comments is about to be written
    if text.lines().map(str::trim_start).all(|line| line.is_empty() || line.starts_with('#')) {
        return vec![];
    }
    let program = match read(text) {
        Ok(program) => program,
        Err(errors) => return errors.iter().map(|e| wrong(e, text, uri)).collect(),
    };
    // declarations alone are a document that is being written
    let Some(main) = program.main.as_ref().and_then(|name| program.definition(name)) else { return vec![] };
    match derived(text, cancel) {
        Ok(derivation) => {
            let warnings = derivation.notes.iter().filter(|note| note.kind == NoteKind::Warning);
            let heads = program.reading.head.iter().cloned();
            let all = heads.chain(warnings.map(|note| note.message.clone()));
            all.map(|message| doubtful(message, text, main.span)).collect()
        }
        Err(errors) => errors.iter().map(|e| wrong(e, text, uri)).collect(),
    }
}

fn wrong(error: &Error, text: &str, uri: &Uri) -> Diagnostic {
    let help = error.help.as_ref().map_or_else(String::new, |help| format!("\n{help}"));
    // what has no place in the text is of the options, where there are some
    let options = Span::new(0, beginning(text).saturating_sub(1));
    let whole = if options.end > 0 { options } else { Span::new(0, text.len()) };
    let first = error.labels.first().map_or(whole, |label| label.span);
    let related = |label: &Label| DiagnosticRelatedInformation {
        location: Location::new(uri.clone(), range(text, label.span)),
        message: label.text.clone(),
    };
    Diagnostic {
        range: range(text, first),
        severity: Some(DiagnosticSeverity::ERROR),
        code: Some(NumberOrString::String(error.kind.word().to_owned())),
        source: Some("gradus".to_owned()),
        message: format!("{}{help}", error.message),
        related_information: Some(error.labels.iter().map(related).collect()),
        ..Diagnostic::default()
    }
}

fn doubtful(message: String, text: &str, span: Span) -> Diagnostic {
    Diagnostic {
        range: range(text, span),
        severity: Some(DiagnosticSeverity::WARNING),
        source: Some("gradus".to_owned()),
        message,
        ..Diagnostic::default()
    }
}
