//! Pages as LaTeX that needs amsmath and amssymb alone.

use super::notation::latex_words as words;
use super::page::{Beside, Page, Part, Relation, Row, TitleRun};
use std::fmt::Write;

/// A fragment for a document of one's own: `align*` environments, titles between them, remarks below.
pub fn fragment(page: &Page) -> String {
    let mut out = String::new();
    for (i, part) in page.parts.iter().enumerate() {
        // a display below its heading needs no paragraph between them
        let end = if let Some(Part::Lines(_)) = page.parts.get(i + 1) { "" } else { "\\par" };
        out.push_str(&match part {
            Part::Section(title) => format!("\\medskip\\noindent\\textbf{{{}}}{end}\n", words(title)),
            Part::Title(spans) => format!("\\noindent {}:\n", title(spans)),
            Part::Sentence(spans) => format!("\\noindent {}\\par\n", title(spans)),
            Part::Lines(rows) => environment("align*", rows),
        });
    }
    for remark in &page.remarks {
        let _ = writeln!(out, "\\noindent{{\\footnotesize {}}}\\par", words(remark));
    }
    if !page.check.is_empty() {
        let _ = writeln!(out, "% {}", page.check);
    }
    out
}

/// A whole document.
pub fn article(page: &Page) -> String {
    let check = format!("\\noindent{{\\footnotesize {}}}\\par\n", words(&page.said_of_check()));
    let body = fragment(page);
    // formulas within sentences are not broken: the spaces between words give way
    format!(
        "\\documentclass{{article}}\n\\usepackage{{amsmath,amssymb}}\n\\allowdisplaybreaks\n\\emergencystretch=3em\n\\begin{{document}}\n{body}{check}\\end{{document}}\n"
    )
}

/// Rows within a formula of one's own.
pub fn aligned(rows: &[Row]) -> String {
    environment("aligned", rows)
}

/// Rows within an environment of amsmath.
pub fn environment(name: &str, rows: &[Row]) -> String {
    let lines: Vec<String> = rows.iter().flat_map(lines).collect();
    format!("\\begin{{{name}}}\n  {}\n\\end{{{name}}}\n", lines.join(" \\\\\n  "))
}

/// A row in the lines it is broken into, what stands beside it in a quiet column on the right of the last.
fn lines(row: &Row) -> Vec<String> {
    let relation = match row.relation {
        Relation::Equals => "=",
        Relation::Becomes => "\\leftarrow",
    };
    let left = if row.left.is_empty() { String::new() } else { format!("{} ", row.left) };
    let first = |piece: &String| format!("{left}&{relation} {piece}");
    let line = |(i, piece): (usize, &String)| if i == 0 { first(piece) } else { format!("&\\quad {piece}") };
    let head =
        row.head.iter().enumerate().map(|(i, piece)| format!("&{}{piece}", if i == 0 { " " } else { "\\quad " }));
    let mut lines: Vec<String> = head.chain(row.right.iter().enumerate().map(line)).collect();
    if let (Some(beside), Some(last)) = (&row.beside, lines.last_mut()) {
        let beside = match beside {
            Beside::Rule(rule) => format!("\\text{{{}}}", words(rule)),
            Beside::Sizes(sizes) => sizes.clone(),
        };
        let _ = write!(last, " && {{\\scriptstyle {beside}}}");
    }
    lines
}

/// Words and formulas of a title.
pub fn title(spans: &[TitleRun]) -> String {
    let span = |s: &TitleRun| match s {
        TitleRun::Words(w) => words(w),
        TitleRun::Math(m) => format!("${m}$"),
    };
    spans.iter().map(span).collect()
}
