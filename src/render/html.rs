//! Pages as HTML, without an empty line in it: Markdown leaves such a block as it is.

use super::latex;
use super::markdown::check;
use super::page::{Page, Part, Span};

/// The page with its formulas in TeX, for MathJax or KaTeX.
pub fn with_tex(page: &Page) -> String {
    let parts: String = page.parts.iter().map(part).collect();
    let item = |r: &String| format!("<li>{}</li>\n", escaped(r));
    let remarks: String = page.remarks.iter().chain([&check(page)]).map(item).collect();
    format!("<div class=\"gradus\">\n{parts}<ul>\n{remarks}</ul>\n</div>\n")
}

fn part(part: &Part) -> String {
    match part {
        Part::Section(title) => format!("<p><strong>{}</strong></p>\n", escaped(title)),
        Part::Title(spans) => format!("<p>{}:</p>\n", spans.iter().map(span).collect::<String>()),
        Part::Sentence(spans) => format!("<p>{}</p>\n", spans.iter().map(span).collect::<String>()),
        Part::Lines(rows) => format!("$$\n{}$$\n", escaped(&latex::aligned(rows))),
    }
}

fn span(span: &Span) -> String {
    match span {
        Span::Words(words) => escaped(words),
        Span::Math(formula) => format!("\\({}\\)", escaped(formula)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
