//! Pages as Markdown with LaTeX between dollars.

use super::latex;
use super::page::{Page, Part};
use std::fmt::Write;

/// The page as Markdown.
pub fn text(page: &Page) -> String {
    let parts: Vec<String> = page.parts.iter().map(part).collect();
    let mut out = parts.join("\n");
    out.push('\n');
    let check = Some(page.said_of_check()).filter(|c| !c.is_empty());
    for remark in page.remarks.iter().chain(&check) {
        let _ = writeln!(out, "- {remark}");
    }
    out
}

fn part(part: &Part) -> String {
    match part {
        Part::Section(title) => format!("**{title}**\n"),
        Part::Title(spans) => format!("{}:\n", latex::title(spans)),
        Part::Sentence(spans) => format!("{}\n", latex::title(spans)),
        Part::Lines(rows) => format!("$$\n{}$$\n", latex::aligned(rows)),
    }
}
