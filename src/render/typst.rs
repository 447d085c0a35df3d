//! Pages as Typst.

use super::page::{Beside, Page, Part, Relation, Row, TitleRun};
use std::fmt::Write;

/// A fragment for a document of one's own.
pub fn fragment(page: &Page) -> String {
    let mut out = String::new();
    for part in &page.parts {
        out.push_str(&match part {
            Part::Section(title) => format!("*{}*\n\n", words(title)),
            Part::Title(spans) => format!("{}:\n\n", spans.iter().map(span).collect::<String>()),
            Part::Sentence(spans) => format!("{}\n\n", spans.iter().map(span).collect::<String>()),
            Part::Lines(rows) => format!("{}\n\n", formula(rows)),
        });
    }
    for remark in page.remarks.iter().chain([&page.said_of_check()]) {
        let _ = writeln!(out, "#text(0.8em)[{}]\n", words(remark));
    }
    out.trim_end().to_owned() + "\n"
}

/// A whole document.
pub fn document(page: &Page) -> String {
    format!("#set page(width: 16cm, height: auto, margin: 1.5cm)\n\n{}", fragment(page))
}

fn formula(rows: &[Row]) -> String {
    let lines: Vec<String> = rows.iter().flat_map(lines).collect();
    format!("$ {} $", lines.join(" \\\n  "))
}

fn lines(row: &Row) -> Vec<String> {
    let relation = match row.relation {
        Relation::Equals => "=",
        Relation::Becomes => "<-",
    };
    let left = row.left.as_str();
    let line = |(i, piece): (usize, &String)| match i {
        0 => format!("{left} &{relation} {piece}").trim_start().to_owned(),
        _ => format!("&quad {}", going_on(piece)),
    };
    let head = row
        .head
        .iter()
        .enumerate()
        .map(|(i, piece)| format!("&{}{}", if i == 0 { " " } else { "quad " }, going_on(piece)));
    let mut lines: Vec<String> = head.chain(row.right.iter().enumerate().map(line)).collect();
    if let (Some(beside), Some(last)) = (&row.beside, lines.last_mut()) {
        let beside = match beside {
            Beside::Rule(rule) => format!("\"{rule}\""),
            Beside::Sizes(sizes) => format!("${sizes}$"),
        };
        let _ = write!(last, " && quad #text(0.7em, {beside})");
    }
    lines
}

/// A line that goes on: the sign it begins with stands between two terms all the same.
fn going_on(line: &str) -> String {
    let bare = line.trim_start_matches("\\quad ");
    let indent = "quad ".repeat((line.len() - bare.len()) / "\\quad ".len());
    let sign = ["+", "-"].into_iter().find(|sign| bare.starts_with(&format!("{sign} ")));
    match sign {
        Some(sign) => format!("{indent}class(\"binary\", {sign}){}", &bare[sign.len()..]),
        None => format!("{indent}{bare}"),
    }
}

fn span(span: &TitleRun) -> String {
    match span {
        TitleRun::Words(w) => words(w),
        TitleRun::Math(m) => format!("${m}$"),
    }
}

/// Plain text within Typst's markup.
fn words(text: &str) -> String {
    let escape = |c: char| match c {
        '*' | '_' | '`' | '$' | '#' | '@' | '<' | '>' | '\\' | '[' | ']' | '~' => format!("\\{c}"),
        _ => c.to_string(),
    };
    text.chars().map(escape).collect()
}
