//! A derivation laid out for display: titles, aligned lines with the rules beside them, remarks. Every display format
//! writes this.

use super::report::{Line, Writer, reads_off};
use super::{Notation, latex_lines};
use crate::derive::{Block, Goal, Step};

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
    Title(Vec<Span>),
    /// A sentence on its own.
    Sentence(Vec<Span>),
    /// Lines aligned at their relations.
    Lines(Vec<Row>),
}

/// A run of a title.
#[derive(Clone, Debug)]
pub enum Span {
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
    /// Empty where a chain of equations goes on.
    pub left: String,
    /// What stands between the sides.
    pub relation: Relation,
    /// The right side, in the lines it is broken into.
    pub right: Vec<String>,
    /// The rule that justifies the row.
    pub rule: Option<String>,
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
        parts.extend(
            [updates.collect(), values.collect()].into_iter().filter(|r: &Vec<Row>| !r.is_empty()).map(Part::Lines),
        );
        Page { parts, remarks: self.remarks(), check: self.check(), checked: self.d.check.is_some() }
    }

    fn rows(&self, lines: impl IntoIterator<Item = Line>) -> Vec<Row> {
        let row = |line: Line| Row {
            right: latex_lines(&line.right, self.report.width.max(60)),
            left: line.left,
            relation: Relation::Equals,
            rule: None,
        };
        lines.into_iter().map(row).collect()
    }

    /// The moves of a block as chains of equations, and what they show.
    fn block(&self, block: &Block) -> Vec<Row> {
        let mut rows: Vec<Row> = vec![];
        let mut previous: Option<&Step> = None;
        for step in block.steps.iter().filter(|s| !reads_off(&s.rule)) {
            let goes_on = previous.is_some_and(|p| p.after == step.before);
            let left = if goes_on { String::new() } else { self.text(&step.before) };
            rows.push(Row { rule: Some(step.rule.clone()), ..row(left, Relation::Equals, self.text(&step.after)) });
            previous = Some(step);
        }
        let starts = block.steps.iter().find(|s| !reads_off(&s.rule)).map(|s| &s.before);
        let said = starts == Some(&block.left) && previous.is_some_and(|s| s.after == block.result);
        if !said {
            rows.push(self.shown_row(block, rows.is_empty()));
        }
        rows
    }

    /// `so ∂h/∂z = …`, with the rule that reads it off.
    fn shown_row(&self, block: &Block, alone: bool) -> Row {
        let so = if alone { String::new() } else { self.words("so ") };
        let rule = block.steps.iter().find(|s| reads_off(&s.rule)).map(|s| s.rule.clone());
        let left = format!("{so}{}", self.text(&block.left));
        Row { rule, ..row(left, Relation::Equals, self.text(&block.result)) }
    }

    /// What a block is about.
    pub fn title(&self, block: &Block) -> Vec<Span> {
        let words = |w: &str| Span::Words(w.to_owned());
        let (of, wrt) = (self.spoken(&block.of), self.name(&block.wrt));
        let whole = Span::Math(self.partial_by(&wrt));
        let local = Span::Math(self.partial(&of, &wrt));
        let (of, wrt) = (Span::Math(of), Span::Math(wrt));
        match &block.goal {
            Goal::Local if block.jacobian => vec![local, words(": how "), of, words(" moves with "), wrt],
            Goal::Local => vec![words("what "), of, words(" hands to "), wrt],
            Goal::Total => vec![whole],
            Goal::Named(name) => vec![Span::Math(self.name(name)), words(" := "), whole],
            Goal::Reshape => vec![whole, words(" in the shape of "), wrt],
        }
    }

    /// Words within a formula.
    pub fn words(&self, words: &str) -> String {
        match self.printer.notation {
            Notation::Unicode | Notation::Ascii => words.to_owned(),
            Notation::Latex => format!("\\text{{{}}}", super::latex::words(words)),
        }
    }
}

/// A title begins with a capital, unless with a formula.
fn capital(mut title: Vec<Span>) -> Vec<Span> {
    if let Some(Span::Words(words)) = title.first_mut() {
        let mut chars = words.chars();
        *words = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
    }
    title
}

fn row(left: String, relation: Relation, right: String) -> Row {
    Row { left, relation, right: vec![right], rule: None }
}
