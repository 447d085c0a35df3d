//! A derivation laid out for display: the parts of its page.

use super::page::{Beside, DraftRow, Page, Part, Relation, Row, TitleRun, aligned, chained};
use super::reasons::{at_foot, beside};
use super::report::Report;
use super::writer::{Line, Writer, reads_off};
use crate::derive::{Block, Derivation, Goal, Step, direct_symbol};
use crate::expr::Symbol;

/// A derivation laid out for display: `report.format` decides how its mathematics is spelled.
pub fn derivation_page(d: &Derivation, report: &Report) -> Page {
    Writer::new(d, report).page()
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
        if let Some(matrices) = self.matrices() {
            parts.extend([Part::Sentence(capital(matrices.title)), Part::Lines(self.rows(matrices.lines))]);
        }
        let updates = self.updates().into_iter().map(|(theta, step)| row(theta, Relation::Becomes, step));
        let values = self.values().into_iter().map(|(partial, v)| row(partial, Relation::Equals, self.words(v)));
        let costs = self.costs().into_iter().map(|(left, cost)| row(left, Relation::Equals, self.words(&cost)));
        parts.extend(
            [updates.collect(), values.collect(), costs.collect()]
                .into_iter()
                .filter(|r: &Vec<Row>| !r.is_empty())
                .map(Part::Lines),
        );
        let legend = self.legend().map(|signs| format!("signs: {signs}"));
        let reasons = self.reasons().into_iter().chain(legend);
        let remarks = self.head().into_iter().chain(reasons).chain(self.remarks()).chain(self.reading()).collect();
        Page { parts, remarks, check: self.check(), checked: self.d.check.is_some() }
    }

    /// Why the steps hold that are shown.
    fn reasons(&self) -> Vec<String> {
        let sections = if self.report.steps { self.sections() } else { vec![] };
        at_foot(sections.iter().flat_map(|(_, blocks)| blocks).flat_map(|b| &b.steps), self.report.reasons)
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
        let mut drafts = chained(&steps, &|e| self.ast(e), self.printer(), self.report.reasons);
        let ends = steps.first().zip(steps.last()).map(|(first, last)| (&first.before, &last.after));
        if ends != Some((&block.left, &block.result)) {
            drafts.push(self.conclusion_draft(block, drafts.is_empty()));
        }
        aligned(drafts, self.printer(), self.report.width)
    }

    /// `so ∂h/∂z = …`, with the rule that reads it off.
    fn conclusion_draft(&self, block: &Block, alone: bool) -> DraftRow {
        let so = if alone { String::new() } else { self.words("so ") };
        let rule = block.steps.iter().find(|s| reads_off(&s.rule)).and_then(|s| beside(s, self.report.reasons));
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
        self.printer().spelling().gains()
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
            None => TitleRun::Math(self.printer().spelling().slash(direct, spelled, &wrt)),
        };
        let direct = block.left.as_variable().and_then(|v| v.name.as_partial()).is_some_and(|p| p.direct);
        let whole = match block.jacobian || self.d.program.is_indexed() {
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

fn row(left: String, relation: Relation, right: String) -> Row {
    Row { head: vec![], left, relation, right: vec![right], beside: None }
}

/// A title begins with a capital, unless with a formula.
fn capital(mut title: Vec<TitleRun>) -> Vec<TitleRun> {
    if let Some(TitleRun::Words(words)) = title.first_mut() {
        let mut chars = words.chars();
        *words = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
    }
    title
}
