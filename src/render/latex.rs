//! Pages as LaTeX that needs amsmath and amssymb alone.

use super::page::{Beside, Page, Part, Relation, Row, TitleRun};
use crate::syntax::GREEK;
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
    let check = format!("\\noindent{{\\footnotesize {}}}\\par\n", words(&super::markdown::check(page)));
    let body = fragment(page);
    format!(
        "\\documentclass{{article}}\n\\usepackage{{amsmath,amssymb}}\n\\allowdisplaybreaks\n\\begin{{document}}\n{body}{check}\\end{{document}}\n"
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

/// Signs that stand in messages, as LaTeX writes them within text.
const SIGNS: &[(char, &str)] = &[
    ('‖', "\\|"),
    ('∂', "\\partial "),
    ('∘', "\\circ "),
    ('⊗', "\\otimes "),
    ('×', "\\times "),
    ('·', "\\cdot "),
    ('−', "-"),
    ('≠', "\\ne "),
    ('≤', "\\le "),
    ('≥', "\\ge "),
    ('⟨', "\\langle "),
    ('⟩', "\\rangle "),
    ('ᵀ', "^\\top "),
    ('⁻', "^-"),
    ('¹', "^1"),
    ('²', "^2"),
    ('³', "^3"),
    ('₁', "_1"),
    ('₂', "_2"),
    ('½', "\\tfrac12 "),
    ('Σ', "\\Sigma "),
    ('→', "\\to "),
    ('←', "\\leftarrow "),
    ('∞', "\\infty "),
    ('√', "\\surd "),
    ('✓', "\\checkmark "),
    ('𝟏', "\\mathbf 1 "),
];

/// Plain text within LaTeX's text.
pub fn words(text: &str) -> String {
    text.chars().map(word).collect()
}

fn word(c: char) -> String {
    match c {
        '_' | '%' | '&' | '#' | '$' | '{' | '}' => format!("\\{c}"),
        '^' => "\\^{}".to_owned(),
        '~' => "\\~{}".to_owned(),
        '\\' => "\\textbackslash{}".to_owned(),
        '…' => "\\dots{}".to_owned(),
        '’' => "'".to_owned(),
        _ if c.is_ascii() => c.to_string(),
        _ => sign(c).map_or(c.to_string(), |command| format!("${}$", command.trim_end())),
    }
}

/// The command for a sign of mathematics or a Greek letter.
pub fn sign(c: char) -> Option<String> {
    let greek = GREEK.iter().find(|(_, letter)| *letter == c).map(|(command, _)| format!("\\{command}"));
    greek.or_else(|| SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, command)| (*command).to_owned()))
}
