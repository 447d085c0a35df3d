//! A page: titles, aligned lines with the rules beside them, remarks. Every display format writes this.

use super::notation::{Notation, Printer};
use super::reasons::beside;
use super::report::Reasons;
use super::tree;
use crate::derive::Step;
use crate::expr::{Expr, Shape, Size};
use crate::syntax::Ast;

/// What is displayed, from top to bottom.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Headings and formulas.
    pub parts: Vec<Part>,
    /// Conditions, assumptions and conventions, each a sentence.
    pub remarks: Vec<String>,
    /// What the check found.
    pub check: String,
    /// Whether there was a check.
    pub checked: bool,
}

impl Page {
    /// What the check found, with its mark.
    pub(super) fn said_of_check(&self) -> String {
        format!("{}{}", if self.checked { "✓ " } else { "" }, self.check)
    }
}

/// A piece of a page.
#[derive(Clone, Debug)]
pub enum Part {
    /// The heading of several titled parts.
    Section(String),
    /// What the lines that follow are about.
    Title(Vec<TitleRun>),
    /// A sentence on its own.
    Sentence(Vec<TitleRun>),
    /// Lines aligned at their relations.
    Lines(Vec<Row>),
}

/// A run of a title.
#[derive(Clone, Debug)]
pub enum TitleRun {
    /// Words.
    Words(String),
    /// A formula within them.
    Math(String),
}

/// What stands between the sides of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `=`
    Equals,
    /// `←`
    Becomes,
}

/// One row of aligned lines. Its formulas are spelled already.
#[derive(Clone, Debug)]
pub struct Row {
    /// A left side that is too wide to stand before the relation, in the lines it is broken into.
    pub head: Vec<String>,
    /// Empty where a chain of equations goes on, and below a head.
    pub left: String,
    /// What stands between the sides.
    pub relation: Relation,
    /// The right side, in the lines it is broken into.
    pub right: Vec<String>,
    /// What stands beside it, in a quiet column.
    pub beside: Option<Beside>,
}

/// What the quiet column on the right says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// The rule that justifies the row.
    Rule(String),
    /// The sizes of what the row defines, a formula.
    Sizes(String),
}

/// A row before its lines are broken.
pub struct DraftRow {
    /// The left side, where it may stand above its row.
    pub above: Option<Ast>,
    pub left: String,
    pub right: Ast,
    pub beside: Option<Beside>,
}

/// Steps as rows of a chain of equations, each with its rule.
pub fn chained(steps: &[&Step], ast: &dyn Fn(&Expr) -> Ast, printer: Printer, reasons: Reasons) -> Vec<DraftRow> {
    let draft = |(i, step): (usize, &&Step)| {
        let goes_on = i > 0 && steps[i - 1].after == step.before;
        let above = (!goes_on).then(|| ast(&step.before));
        let left = above.as_ref().map_or_else(String::new, |a| printer.line(a));
        DraftRow { above, left, right: ast(&step.after), beside: beside(step, reasons) }
    };
    steps.iter().enumerate().map(draft).collect()
}

/// Rows that share their columns: right sides are broken where a column is too narrow for them.
pub fn aligned(mut drafts: Vec<DraftRow>, printer: Printer, width: usize) -> Vec<Row> {
    let one_line = |d: &DraftRow| printer.width(&printer.line(&d.right));
    let widest = drafts.iter().map(one_line).max().unwrap_or(0);
    // a wide left side stands above where the right sides need its place
    let limit = if widest <= room(&drafts, printer, width) { width / 3 } else { width / 8 };
    for d in drafts.iter_mut().filter(|d| printer.width(&d.left) > limit) {
        if d.above.is_some() {
            d.left.clear();
        }
    }
    let room = room(&drafts, printer, width);
    let row = |d: DraftRow| {
        let above = d.above.filter(|_| d.left.is_empty());
        Row {
            head: above.map_or_else(Vec::new, |above| printer.lines(&above, room)),
            left: d.left,
            relation: Relation::Equals,
            right: printer.lines(&d.right, room),
            beside: d.beside,
        }
    };
    drafts.into_iter().map(row).collect()
}

/// What the columns beside them leave for right sides.
fn room(drafts: &[DraftRow], printer: Printer, width: usize) -> usize {
    let quiet = |d: &DraftRow| match &d.beside {
        // small letters, and the gap before the column
        Some(Beside::Rule(rule)) => 2 * rule.len() / 3 + 3,
        Some(Beside::Sizes(sizes)) => printer.width(sizes) + 2,
        None => 0,
    };
    let left = drafts.iter().map(|d| printer.width(&d.left)).max().unwrap_or(0);
    let quiet = drafts.iter().map(quiet).max().unwrap_or(0);
    width.saturating_sub(left + quiet).max(width / 3)
}

impl Printer<'_> {
    /// `n × m`, `n` for a column.
    pub(super) fn sizes(self, shape: &Shape) -> String {
        let size = |s: &Size| self.line(&tree::size(s));
        match shape.cols.is_one() {
            true => size(&shape.rows),
            false => format!("{}{}{}", size(&shape.rows), self.spelling().times(), size(&shape.cols)),
        }
    }
}

/// A formula within a sentence stands between these, which no document can hold.
pub(super) const MATH: [char; 2] = ['\u{2}', '\u{3}'];

/// Marks a formula within a sentence where sentences and formulas are spelled apart.
pub fn marked(formula: String, notation: Notation) -> String {
    if notation.spelling().is_typeset() { format!("{}{formula}{}", MATH[0], MATH[1]) } else { formula }
}
