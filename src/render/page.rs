//! A derivation laid out for display: titles, aligned lines with the rules beside them, remarks. Every display format
//! writes this.

use super::report::{Line, Writer, reads_off};
use super::{Notation, Printer, tree};
use crate::derive::{Block, Goal, Step, direct_symbol};
use crate::expr::{Expr, Shape, Size, Symbol};
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

impl Writer<'_> {
    pub fn page(&self) -> Page {
        let mut parts = vec![];
        if self.report.steps {
            parts.push(Part::Section("Forward pass".to_owned()));
            parts.push(Part::Lines(self.rows(self.forward())));
            for (title, blocks) in self.sections() {
                parts.push(Part::Section(title.to_owned()));
                blocks
                    .iter()
                    .for_each(|b| parts.extend([Part::Title(capital(self.title(b))), Part::Lines(self.block(b))]));
            }
            parts.push(Part::Section("Result".to_owned()));
        }
        parts.push(Part::Lines(self.rows(self.definitions().into_iter().chain(self.results()))));
        let updates = self.updates().into_iter().map(|(theta, step)| row(theta, Relation::Becomes, step));
        let values = self.values().into_iter().map(|(partial, v)| row(partial, Relation::Equals, self.words(v)));
        let costs = self.costs().into_iter().map(|(left, cost)| row(left, Relation::Equals, self.words(&cost)));
        parts.extend(
            [updates.collect(), values.collect(), costs.collect()]
                .into_iter()
                .filter(|r: &Vec<Row>| !r.is_empty())
                .map(Part::Lines),
        );
        let remarks = self.head().into_iter().chain(self.remarks()).chain(self.reading()).collect();
        Page { parts, remarks, check: self.check(), checked: self.d.check.is_some() }
    }

    fn rows(&self, lines: impl IntoIterator<Item = Line>) -> Vec<Row> {
        let draft = |line: Line| {
            let beside = (!line.shape.is_scalar()).then(|| Beside::Sizes(self.printer().sizes(&line.shape)));
            DraftRow { above: None, left: line.left, right: line.right, beside }
        };
        aligned(lines.into_iter().map(draft).collect(), self.printer(), self.report.width)
    }

    /// The moves of a block as chains of equations, and what they show.
    fn block(&self, block: &Block) -> Vec<Row> {
        let steps: Vec<&Step> = block.steps.iter().filter(|s| !reads_off(&s.rule)).collect();
        let mut drafts = chained(&steps, &|e| self.ast(e), self.printer());
        let ends = steps.first().zip(steps.last()).map(|(first, last)| (&first.before, &last.after));
        if ends != Some((&block.left, &block.result)) {
            drafts.push(self.conclusion_draft(block, drafts.is_empty()));
        }
        aligned(drafts, self.printer(), self.report.width)
    }

    /// `so ∂h/∂z = …`, with the rule that reads it off.
    fn conclusion_draft(&self, block: &Block, alone: bool) -> DraftRow {
        let so = if alone { String::new() } else { self.words("so ") };
        let rule = block.steps.iter().find(|s| reads_off(&s.rule)).map(|s| Beside::Rule(s.rule.clone()));
        let left = format!("{so}{}{}", self.text(&block.left), self.gains(block));
        DraftRow { above: None, left, right: self.ast(&block.result), beside: rule }
    }

    /// The plus of +=, where a block shows one of several parts that add up.
    pub fn gains(&self, block: &Block) -> &'static str {
        let adds_up =
            |b: &Block| !b.jacobian && b.wrt == block.wrt && b.steps.first().is_some_and(|s| s.rule == "fan_out");
        if block.jacobian || block.goal != Goal::Local || !self.d.blocks.iter().any(adds_up) {
            return "";
        }
        match self.notation() {
            Notation::Unicode | Notation::Ascii => "+",
            Notation::Latex => " \\mathrel{+}\\mkern-5mu",
            Notation::Typst => " class(\"relation\", +)",
            Notation::MathMl => "<mo rspace=\"0\">+</mo><mspace width=\"-0.25em\"></mspace>",
        }
    }

    /// What a block is about.
    pub fn title(&self, block: &Block) -> Vec<TitleRun> {
        let words = |w: &str| TitleRun::Words(w.to_owned());
        let spoken = if block.of == self.d.of { &self.d.label } else { &block.of };
        let (of, wrt) = (self.name(spoken), self.name(&block.wrt));
        // of a derivative the symbol is that of a higher one
        let quotient = |direct: bool, y: &Symbol, spelled: &str| match y.as_partial() {
            Some(_) if direct => TitleRun::Math(self.name(&direct_symbol(y, &block.wrt))),
            Some(_) => TitleRun::Math(self.name(&Symbol::partial(y, &block.wrt))),
            None => TitleRun::Math(self.printer().slash(direct, spelled, &wrt)),
        };
        let direct = block.left.as_variable().and_then(|v| v.name.as_partial()).is_some_and(|p| p.direct);
        let whole = match block.jacobian {
            true => quotient(false, spoken, &of),
            false => quotient(false, &self.d.label, &self.name(&self.d.label)),
        };
        let local = quotient(direct, spoken, &of);
        let (of, wrt) = (TitleRun::Math(of), TitleRun::Math(wrt));
        match &block.goal {
            Goal::Local if block.jacobian && direct => {
                let fixed = words(", all else in its formula held fixed");
                vec![local, words(": how "), of, words(" moves with "), wrt, fixed]
            }
            Goal::Local if block.jacobian => vec![local, words(": how "), of, words(" moves with "), wrt],
            Goal::Local => vec![words("what "), of, words(" hands to "), wrt],
            Goal::Total => vec![whole],
            Goal::Named(name) => vec![TitleRun::Math(self.name(name)), words(" := "), whole],
            Goal::Reshape => vec![whole, words(" in the shape of "), wrt],
        }
    }
}

/// Steps as rows of a chain of equations, each with its rule.
pub fn chained(steps: &[&Step], ast: &dyn Fn(&Expr) -> Ast, printer: Printer) -> Vec<DraftRow> {
    let draft = |(i, step): (usize, &&Step)| {
        let goes_on = i > 0 && steps[i - 1].after == step.before;
        let above = (!goes_on).then(|| ast(&step.before));
        let left = above.as_ref().map_or_else(String::new, |a| printer.line(a));
        DraftRow { above, left, right: ast(&step.after), beside: Some(Beside::Rule(step.rule.clone())) }
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
            false => format!("{}{}{}", size(&shape.rows), self.times(), size(&shape.cols)),
        }
    }
}

/// A title begins with a capital, unless with a formula.
fn capital(mut title: Vec<TitleRun>) -> Vec<TitleRun> {
    if let Some(TitleRun::Words(words)) = title.first_mut() {
        let mut chars = words.chars();
        *words = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
    }
    title
}

fn row(left: String, relation: Relation, right: String) -> Row {
    Row { head: vec![], left, relation, right: vec![right], beside: None }
}
