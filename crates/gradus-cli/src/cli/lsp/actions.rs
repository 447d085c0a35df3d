//! What an editor may do about a place: mend an error, declare what was read, write the gradients down.

use super::diagnose::{derived, read};
use super::place::{names_at, range};
use crate::diag::{Errors, Span};
use crate::fuel::Cancel;
use crate::program::{Input, Program};
use crate::render::{Format, Report, results_text};
use crate::syntax::parse_name;
use gradus_web::{Fix, beginning, fix};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

/// What may be done about a part of a text.
pub fn actions(text: &str, part: Span, uri: &Uri) -> Vec<CodeActionOrCommand> {
    let action = |(title, kind, fix): (String, CodeActionKind, Fix)| {
        let edit = TextEdit::new(range(text, fix.span), fix.text);
        let document = OptionalVersionedTextDocumentIdentifier { uri: uri.clone(), version: None };
        let change = TextDocumentEdit { text_document: document, edits: vec![OneOf::Left(edit)] };
        let changes = DocumentChanges::Operations(vec![DocumentChangeOperation::Edit(change)]);
        let edit = WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() };
        CodeActionOrCommand::CodeAction(CodeAction {
            title,
            kind: Some(kind),
            edit: Some(edit),
            ..CodeAction::default()
        })
    };
    let found = match read(text) {
        Ok(program) => declared(&program, text, part).into_iter().chain(gradients(text)).collect(),
        Err(errors) => mended(&errors, text, part),
    };
    found.into_iter().map(action).collect()
}

type Proposal = (String, CodeActionKind, Fix);

/// The changes that errors propose, where they stand in a line of this part.
fn mended(errors: &Errors, text: &str, part: Span) -> Vec<Proposal> {
    let lines = range(text, part);
    let here = errors.iter().filter(|e| {
        let place = e.labels.first().map(|l| range(text, l.span));
        place.is_none_or(|place| place.start.line <= lines.end.line && lines.start.line <= place.end.line)
    });
    let proposal = |fix: Fix| (format!("Write `{}`", fix.text.trim()), CodeActionKind::QUICKFIX, fix);
    here.filter_map(|e| fix(text, e)).map(proposal).collect()
}

/// Declarations of what nobody declares, as it was read: of the name that stands here, and of all.
fn declared(program: &Program, text: &str, part: Span) -> Vec<Proposal> {
    let lines: Vec<(String, String)> = undeclared(program);
    let here = names_at(text, part.start).into_iter().find_map(|(_, written)| {
        let name = parse_name(written).ok()?.to_string();
        lines.iter().find(|(of, _)| *of == name)
    });
    let all: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
    let one = here.map(|(_, line)| (format!("Declare `{line}`, as it was read"), line.clone()));
    let every = (all.len() > 1).then(|| ("Declare every name as it was read".to_owned(), all.join("\n")));
    let proposal = |(title, lines): (String, String)| {
        let at = beginning(text);
        let fix = Fix { span: Span::new(at, at), text: format!("{lines}\n") };
        // what is declared must be what was read
        let same = read(&fix.applied(text)).is_ok_and(|new| shapes(&new) == shapes(program));
        same.then_some((title, CodeActionKind::REFACTOR_REWRITE, fix))
    };
    one.into_iter().chain(every).filter_map(proposal).collect()
}

fn shapes(program: &Program) -> Vec<(String, String)> {
    let mut all: Vec<_> = program.shapes().map(|(name, shape)| (name.to_string(), shape.to_string())).collect();
    all.sort();
    all
}

/// Names nobody declares, and lines that would. Families have no such line.
fn undeclared(program: &Program) -> Vec<(String, String)> {
    let own = |input: &&Input| !input.declared && !program.plates.contains_key(&input.name);
    let array = |input: &Input| {
        let name = input.name.to_string();
        let line = format!("{name}: {}", input.shape.to_string().replace('×', " x "));
        (name, line)
    };
    program.inputs.iter().filter(own).map(array).collect()
}

/// The gradients as a comment below the document.
fn gradients(text: &str) -> Option<Proposal> {
    let derivation = derived(text, &Cancel::default()).ok()?;
    let lines = results_text(&derivation, &Report::new(Format::Unicode));
    let comment: String =
        lines.trim_end().lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect();
    let end = text.trim_end().len();
    let fix = Fix { span: Span::new(end, text.len()), text: format!("\n\n{comment}") };
    // a comment changes nothing
    let same = read(&fix.applied(text)).is_ok();
    same.then(|| ("Write the gradients below, as a comment".to_owned(), CodeActionKind::REFACTOR_REWRITE, fix))
}
