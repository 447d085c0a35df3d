//! Derivations and pages as text, format by format.

use super::page::Page;
use super::report::{Format, Report};
use super::writer::Writer;
use super::{html, latex, markdown, omml, typst};
use crate::derive::Derivation;

/// A derivation as text in the given report's form.
pub fn derivation_text(d: &Derivation, report: &Report) -> String {
    let writer = Writer::new(d, report);
    if report.format.is_plain() { in_columns(writer.plain(), report) } else { written(&writer.page(), report) }
}

/// The steps of a derivation in columns, one text for each thing that is shown in them.
pub fn steps_texts(d: &Derivation, report: &Report) -> Vec<String> {
    Writer::new(d, report).blocks().into_iter().map(|text| in_columns(text, report)).collect()
}

/// A page of plain text, the words of its reasons and remarks in ASCII where everything is.
pub(super) fn in_columns(page: String, report: &Report) -> String {
    report.format.notation().spelling().plain(&page)
}

/// The results alone in columns, the definitions they speak of beside them, and what was assumed of names.
pub fn results_text(d: &Derivation, report: &Report) -> String {
    let writer = Writer::new(d, report);
    let columns = writer.columns(&writer.definitions(), &writer.results());
    let lines = writer.head().into_iter().chain(writer.reading()).map(|line| format!("{line}\n"));
    in_columns(columns + &lines.collect::<String>(), report)
}

/// A page in the report's format for display.
pub(super) fn written(page: &Page, report: &Report) -> String {
    match (report.format, report.standalone) {
        (Format::Latex, true) => latex::article(page),
        (Format::Latex, false) => latex::fragment(page),
        (Format::Typst, true) => typst::document(page),
        (Format::Typst, false) => typst::fragment(page),
        (Format::MathMl, true) => html::document(page),
        (Format::MathMl, false) => html::fragment(page),
        (Format::Omml, true) => omml::document(page),
        (Format::Omml, false) => omml::fragment(page),
        (Format::Markdown | Format::Unicode | Format::Ascii, _) => markdown::text(page),
    }
}
