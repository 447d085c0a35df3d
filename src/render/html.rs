//! Pages as HTML, without an empty line in it: Markdown leaves such a block as it is.

use super::latex;
use super::notation::escaped;
use super::page::{Beside, Page, Part, Relation, Row, TitleRun};

/// How formulas stand in HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Formulas {
    /// As TeX, for MathJax or KaTeX.
    Tex,
    /// As MathML.
    MathMl,
}

/// The page with its formulas in TeX, for MathJax or KaTeX; the page is spelled in LaTeX's notation.
pub fn with_tex(page: &Page) -> String {
    division(page, Formulas::Tex)
}

/// The page with its formulas in MathML; the page is spelled in MathML's notation.
pub fn fragment(page: &Page) -> String {
    division(page, Formulas::MathMl)
}

/// A whole document, legible in light and dark.
pub fn document(page: &Page) -> String {
    let style = ":root { color-scheme: light dark; }\nbody { font: 1rem/1.5 serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }\n\
        math { font-size: 1.1rem; }\n.beside { font-size: 0.75em; opacity: 0.7; padding-left: 2em; }";
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
        <title>gradus</title>\n<style>\n{style}\n</style>\n</head>\n<body>\n{}</body>\n</html>\n",
        fragment(page)
    )
}

fn division(page: &Page, formulas: Formulas) -> String {
    let parts: String = page.parts.iter().map(|p| part(p, formulas)).collect();
    let item = |r: &String| format!("<li>{}</li>\n", escaped(r));
    let said = page.said_of_check();
    let remarks: String = page.remarks.iter().chain([&said]).filter(|r| !r.is_empty()).map(item).collect();
    format!("<div class=\"gradus\">\n{parts}<ul>\n{remarks}</ul>\n</div>\n")
}

fn part(part: &Part, formulas: Formulas) -> String {
    match (part, formulas) {
        (Part::Section(title), _) => format!("<p><strong>{}</strong></p>\n", escaped(title)),
        (Part::Title(spans), _) => format!("<p>{}:</p>\n", spans.iter().map(|s| span(s, formulas)).collect::<String>()),
        (Part::Sentence(spans), _) => {
            format!("<p>{}</p>\n", spans.iter().map(|s| span(s, formulas)).collect::<String>())
        }
        (Part::Lines(rows), Formulas::Tex) => format!("$$\n{}$$\n", escaped(&latex::aligned(rows))),
        (Part::Lines(rows), Formulas::MathMl) => table(rows),
    }
}

fn span(span: &TitleRun, formulas: Formulas) -> String {
    match (span, formulas) {
        (TitleRun::Words(words), _) => escaped(words),
        (TitleRun::Math(formula), Formulas::Tex) => format!("\\({}\\)", escaped(formula)),
        (TitleRun::Math(formula), Formulas::MathMl) => format!("<math><mrow>{formula}</mrow></math>"),
    }
}

/// Rows aligned at their relations. MathML Core aligns cells by style alone.
fn table(rows: &[Row]) -> String {
    let rows: Vec<String> = rows.iter().flat_map(table_rows).collect();
    format!("<math display=\"block\"><mtable displaystyle=\"true\">\n{}\n</mtable></math>\n", rows.join("\n"))
}

fn table_rows(row: &Row) -> Vec<String> {
    let relation = match row.relation {
        Relation::Equals => "<mo>=</mo>",
        Relation::Becomes => "<mo>←</mo>",
    };
    let beside = row.beside.as_ref().map_or_else(String::new, |b| match b {
        Beside::Rule(rule) => format!("<mtext>{}</mtext>", escaped(rule)),
        Beside::Sizes(sizes) => sizes.clone(),
    });
    let last = row.right.len().saturating_sub(1);
    let line = |(i, piece): (usize, &String)| {
        let left = if i == 0 { row.left.as_str() } else { "" };
        let start = if i == 0 { relation } else { INDENT };
        table_row(left, &format!("{start}{piece}"), if i == last { beside.as_str() } else { "" })
    };
    let head = row.head.iter().map(|piece| table_row("", piece, ""));
    head.chain(row.right.iter().enumerate().map(line)).collect()
}

/// What a line that goes on begins with.
const INDENT: &str = "<mspace width=\"2em\"></mspace>";

/// A left side, a right side with its relation, what stands beside them. Chromium centres cells but for its own alignments.
fn table_row(left: &str, right: &str, beside: &str) -> String {
    let cell = |class: &str, side: &str, more: &str, inner: &str| {
        format!("<mtd{class} style=\"text-align:{side};text-align:-webkit-{side}{more}\">{inner}</mtd>")
    };
    // the relation brings its own space
    let left = cell("", "right", ";padding-right:0", left);
    let right = cell("", "left", ";padding-left:0", &format!("<mrow>{right}</mrow>"));
    format!("<mtr>{left}{right}{}</mtr>", cell(" class=\"beside\"", "left", "", beside))
}
