//! Sentences, equations and chains of steps, for plain text or as a page for display.

use super::formats::{in_columns, written};
use super::names::columns;
use super::page::{DraftRow, MATH, Page, Part, TitleRun, aligned, chained};
use super::plain::{chain, hanging};
use super::reasons::{at_foot, sentence};
use super::{Beside, Format, Printer, Report};
use crate::derive::Step;
use crate::diag::Note;
use crate::expr::Expr;
use crate::syntax::Ast;

/// What stands on a sheet, from top to bottom.
enum Item {
    /// A sentence; formulas in it are marked.
    Say(String),
    /// `left = right`, one below the other.
    Equations(Vec<DraftRow>),
    /// The one thing asked for: `left = right`, or an expression without a name.
    Result(DraftRow),
    /// A chain of equations, each with its rule: in plain text, and for display.
    Chain(String, Vec<DraftRow>),
    /// An empty line of plain text.
    Gap,
}

/// Something to read, being written.
pub struct Sheet<'a> {
    pub report: &'a Report,
    items: Vec<Item>,
    remarks: Vec<String>,
    /// The reasons of the steps, for the foot of a page for display.
    reasons: Vec<String>,
    check: Option<String>,
}

impl Sheet<'_> {
    pub fn new(report: &Report) -> Sheet<'_> {
        Sheet { report, items: vec![], remarks: vec![], reasons: vec![], check: None }
    }

    fn printer(&self) -> Printer<'static> {
        Printer::of_pages(self.report.format)
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
    pub fn equations(&mut self, lines: Vec<DraftRow>) {
        self.items.push(Item::Equations(lines));
    }

    /// The one thing asked for; an empty left side is left out.
    pub fn result(&mut self, line: DraftRow) {
        self.items.push(Item::Result(line));
    }

    /// A chain of equations with the rule of each.
    pub fn steps(&mut self, steps: &[Step], ast: &dyn Fn(&Expr) -> Ast) {
        let (printer, reasons) = (self.printer(), self.report.reasons);
        let plain = chain(steps.iter(), ast, printer, self.report);
        self.items.push(Item::Chain(plain, chained(&steps.iter().collect::<Vec<_>>(), ast, printer, reasons)));
        let more = at_foot(steps.iter(), reasons).into_iter().filter(|why| !self.reasons.contains(why));
        self.reasons.extend(more.collect::<Vec<_>>());
    }

    pub fn gap(&mut self) {
        self.items.push(Item::Gap);
    }

    /// What the reader should know, below everything else.
    pub fn notes(&mut self, notes: &[Note]) {
        self.remarks.extend(notes.iter().map(|n| format!("{}: {}", n.kind.opening(), n.message)));
    }

    /// What numbers say: the last line.
    pub fn check(&mut self, text: String) {
        self.check = Some(text);
    }

    /// The whole in the report's format.
    pub fn written(self) -> String {
        let report = self.report;
        if report.format.is_plain() { in_columns(self.plain(), report) } else { written(&self.page(), report) }
    }

    fn plain(self) -> String {
        let mut out = String::new();
        for item in &self.items {
            match item {
                Item::Say(text) => out.push_str(&sentence(text, self.report)),
                Item::Equations(lines) => out.push_str(&self.equations_text("  ", lines)),
                Item::Result(line) => out.push_str(&self.equations_text("", std::slice::from_ref(line))),
                Item::Chain(text, _) => out.push_str(text),
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
        below.iter().for_each(|text| out.push_str(&sentence(text, self.report)));
        out.trim_end().to_owned() + "\n"
    }

    /// `left = right`, relations one below the other; a right side alone where nothing stands on the left.
    fn equations_text(&self, indent: &str, lines: &[DraftRow]) -> String {
        let widest = lines.iter().map(|l| columns(&l.left)).max().unwrap_or(0);
        lines.iter().map(|l| self.equation_text(indent, l, widest)).collect()
    }

    fn equation_text(&self, indent: &str, line: &DraftRow, widest: usize) -> String {
        let beside = match &line.beside {
            Some(Beside::Sizes(sizes)) => format!("    {sizes}"),
            Some(Beside::Rule(_)) | None => String::new(),
        };
        let (printer, width) = (self.printer(), self.report.width.saturating_sub(columns(&beside)));
        let relation = if widest == 0 { "" } else { " = " };
        let head = format!("{indent}{}{}{relation}", line.left, " ".repeat(widest - columns(&line.left)));
        let fits = columns(&head) + columns(&printer.line(&line.right)) <= width;
        match &line.above {
            Some(left) if !fits => {
                let left = hanging(indent, left, printer, width);
                format!("{left}\n{}{beside}\n", hanging(&format!("{indent}= "), &line.right, printer, width))
            }
            Some(_) | None => format!("{}{beside}\n", hanging(&head, &line.right, printer, width)),
        }
    }

    fn page(self) -> Page {
        let (printer, width) = (self.printer(), self.report.width);
        let lines = |drafts| Some(Part::Lines(aligned(drafts, printer, width)));
        let part = |item: Item| match item {
            Item::Say(text) => Some(Part::Sentence(spans(&text))),
            Item::Equations(drafts) | Item::Chain(_, drafts) => lines(drafts),
            Item::Result(draft) => lines(vec![draft]),
            Item::Gap => None,
        };
        let checked = self.check.is_some();
        let parts = self.items.into_iter().filter_map(part).collect();
        let remarks = [self.reasons, self.remarks].concat();
        Page { parts, remarks, check: self.check.unwrap_or_default(), checked }
    }
}

/// Words and marked formulas apart.
fn spans(text: &str) -> Vec<TitleRun> {
    let piece = |(i, part): (usize, &str)| match i % 2 {
        0 => TitleRun::Words(part.to_owned()),
        _ => TitleRun::Math(part.to_owned()),
    };
    text.split(MATH).enumerate().map(piece).collect()
}
