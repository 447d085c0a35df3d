//! Sentences, equations and chains of steps, for plain text or as a page for display.

use super::page::{Page, Part, Relation, Row, Span};
use super::report::written;
use super::{Beside, Format, Notation, Report, prose};
use crate::derive::Step;
use crate::diag::{Note, NoteKind};
use crate::expr::Expr;

/// What stands on a sheet, from top to bottom.
enum Item {
    /// A sentence; formulas in it are marked.
    Say(String),
    /// `left = right`, one below the other.
    Equations(Vec<(String, String)>),
    /// The one thing asked for: `left = right`, or an expression without a name.
    Result(String, String),
    /// A chain of equations, each with its rule.
    Chain(Vec<Link>),
    /// An empty line of plain text.
    Gap,
}

/// A step, spelled.
struct Link {
    before: String,
    after: String,
    rule: String,
    why: String,
}

/// A formula within a sentence stands between these, which no document can hold.
const MATH: [char; 2] = ['\u{2}', '\u{3}'];

/// Marks a formula within a sentence where sentences and formulas are spelled apart.
pub fn marked(formula: String, notation: Notation) -> String {
    match notation {
        Notation::Unicode | Notation::Ascii => formula,
        Notation::Latex | Notation::Typst | Notation::MathMl => format!("{}{formula}{}", MATH[0], MATH[1]),
    }
}

/// Something to read, being written.
pub struct Sheet<'a> {
    pub report: &'a Report,
    items: Vec<Item>,
    remarks: Vec<String>,
    check: Option<String>,
}

impl Sheet<'_> {
    pub fn new(report: &Report) -> Sheet<'_> {
        Sheet { report, items: vec![], remarks: vec![], check: None }
    }

    fn notation(&self) -> Notation {
        self.report.format.notation()
    }

    /// A sentence.
    pub fn say(&mut self, text: impl Into<String>) {
        self.items.push(Item::Say(text.into()));
    }

    /// A sentence after a sign, ✓ or ✗, where the format has it.
    pub fn mark(&mut self, sign: &str, text: impl Into<String>) {
        let sign = if self.report.format == Format::Ascii { String::new() } else { format!("{sign} ") };
        self.say(sign + &text.into());
    }

    /// `left = right`, one below the other.
    pub fn equations(&mut self, lines: Vec<(String, String)>) {
        self.items.push(Item::Equations(lines));
    }

    /// The one thing asked for; an empty left side is left out.
    pub fn result(&mut self, left: String, right: String) {
        self.items.push(Item::Result(left, right));
    }

    /// A chain of equations with the rule of each.
    pub fn steps(&mut self, steps: &[Step], text: &dyn Fn(&Expr) -> String) {
        let link = |s: &Step| Link {
            before: text(&s.before),
            after: text(&s.after),
            rule: s.rule.clone(),
            why: prose(&s.why, self.notation()),
        };
        self.items.push(Item::Chain(steps.iter().map(link).collect()));
    }

    pub fn gap(&mut self) {
        self.items.push(Item::Gap);
    }

    /// What the reader should know, below everything else.
    pub fn notes(&mut self, notes: &[Note]) {
        let word = |kind: NoteKind| match kind {
            NoteKind::Warning => "warning",
            NoteKind::Assumption => "assumes",
            NoteKind::Convention => "convention",
        };
        self.remarks.extend(notes.iter().map(|n| format!("{}: {}", word(n.kind), n.message)));
    }

    /// What numbers say: the last line.
    pub fn check(&mut self, text: String) {
        self.check = Some(text);
    }

    /// The whole in the report's format.
    pub fn written(self) -> String {
        let report = self.report;
        if report.format.is_plain() { self.plain() } else { written(&self.page(), report) }
    }

    fn plain(self) -> String {
        let mut out = String::new();
        for item in &self.items {
            match item {
                Item::Say(text) => out.push_str(&format!("{text}\n")),
                Item::Equations(lines) => out.push_str(&equations(lines)),
                Item::Result(left, right) if left.is_empty() => out.push_str(&format!("{right}\n")),
                Item::Result(left, right) => out.push_str(&format!("{left} = {right}\n")),
                Item::Chain(links) => out.push_str(&chain(links)),
                Item::Gap if out.is_empty() || out.ends_with("\n\n") => {}
                Item::Gap => out.push('\n'),
            }
        }
        let tick = if self.report.format == Format::Ascii { "" } else { "✓ " };
        let check = self.check.iter().map(|c| format!("{tick}{c}"));
        let below: Vec<String> = self.remarks.iter().cloned().chain(check).collect();
        if !below.is_empty() && !out.is_empty() && !out.ends_with("\n\n") {
            out.push('\n');
        }
        (out + &below.join("\n")).trim_end().to_owned() + "\n"
    }

    fn page(self) -> Page {
        let part = |item: Item| match item {
            Item::Say(text) => Some(Part::Sentence(spans(&text))),
            Item::Equations(lines) => Some(Part::Lines(lines.into_iter().map(|(l, r)| row(l, r, None)).collect())),
            Item::Result(left, right) => Some(Part::Lines(vec![row(left, right, None)])),
            Item::Chain(links) => Some(Part::Lines(rows(links))),
            Item::Gap => None,
        };
        let checked = self.check.is_some();
        let parts = self.items.into_iter().filter_map(part).collect();
        Page { parts, remarks: self.remarks, check: self.check.unwrap_or_default(), checked }
    }
}

fn equations(lines: &[(String, String)]) -> String {
    let width = lines.iter().map(|(l, _)| l.chars().count()).max().unwrap_or(0);
    let line = |(l, r): &(String, String)| format!("  {l}{} = {r}\n", " ".repeat(width - l.chars().count()));
    lines.iter().map(line).collect()
}

fn chain(links: &[Link]) -> String {
    let mut out = String::new();
    let mut before: Option<&str> = None;
    for link in links {
        if before != Some(&link.before) {
            out.push_str(&format!("      {}\n", link.before));
        }
        out.push_str(&format!("    = {}\n        {}: {}\n", link.after, link.rule, link.why));
        before = Some(&link.after);
    }
    out
}

fn rows(links: Vec<Link>) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![];
    let mut before: Option<String> = None;
    for link in links {
        let left = if before.as_ref() == Some(&link.before) { String::new() } else { link.before };
        before = Some(link.after.clone());
        rows.push(row(left, link.after, Some(link.rule)));
    }
    rows
}

fn row(left: String, right: String, rule: Option<String>) -> Row {
    Row { head: vec![], left, relation: Relation::Equals, right: vec![right], beside: rule.map(Beside::Rule) }
}

/// Words and marked formulas apart.
fn spans(text: &str) -> Vec<Span> {
    let piece = |(i, part): (usize, &str)| match i % 2 {
        0 => Span::Words(part.to_owned()),
        _ => Span::Math(part.to_owned()),
    };
    text.split(MATH).enumerate().map(piece).collect()
}
