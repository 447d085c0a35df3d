//! Why a step holds: beside it, below it, or at the foot of the page.

use super::names::columns;
use super::notation::{Notation, prose};
use super::page::Beside;
use super::report::{Reasons, Report};
use crate::derive::{Sentence, Step};
use crate::rules::{Reason, Rule};

/// What stands beside a step for display: `product rule (d_mul)`, or the rule's name alone.
pub fn beside(step: &Step, reasons: Reasons) -> Option<Beside> {
    match reasons {
        Reasons::None => None,
        Reasons::Short | Reasons::Full => Some(Beside::Rule(match called(step) {
            Some(name) => format!("{name} ({})", step.rule),
            None => step.rule.clone(),
        })),
    }
}

/// The lines below a step of plain text, each within the width.
pub fn below(step: &Step, report: &Report) -> String {
    const INDENT: usize = 8;
    let notation = report.format.notation();
    let text = match report.reasons {
        Reasons::None => return String::new(),
        Reasons::Short => called(step).unwrap_or_default(),
        Reasons::Full => prose(&step.why, notation),
    };
    let text = notation.spelling().plain(&text);
    let colon = if text.is_empty() { "" } else { ":" };
    hanging(&format!("{}{}{colon}", " ".repeat(INDENT), step.rule), &text, INDENT + 2, report.width)
}

/// Words after a start, in lines of at most this width as far as words allow; all but the first are indented.
pub fn hanging(start: &str, text: &str, indent: usize, width: usize) -> String {
    let mut lines = vec![start.to_owned()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => line.extend([" ", word]),
            Some(_) | None => lines.push(format!("{}{word}", " ".repeat(indent))),
        }
    }
    lines.join("\n") + "\n"
}

/// A sentence of plain text as a line of its own, which editors and terminals break; where a narrower page than theirs is
/// asked for, in lines of its width.
pub fn sentence(text: &str, report: &Report) -> String {
    let indent = text.len() - text.trim_start().len();
    if report.width >= report.format.width() || columns(text) <= report.width {
        return format!("{text}\n");
    }
    let (first, rest) = text.trim_start().split_once(' ').unwrap_or((text, ""));
    hanging(&format!("{}{first}", " ".repeat(indent)), rest, indent + 2, report.width)
}

/// A heading in lines of at most this width as far as words allow.
pub fn heading(text: &str, indent: usize, width: usize) -> String {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    hanging(&format!("{}{first}", " ".repeat(indent)), rest, indent + 2, width)
}

/// The reasons of steps for the foot of a page, each rule once, in the order in which they are used: in the terms of the first
/// place where it is.
pub fn at_foot<'a>(steps: impl Iterator<Item = &'a Step>, reasons: Reasons) -> Vec<String> {
    let mut said: Vec<(&str, String, &str)> = vec![];
    for step in steps.filter(|_| reasons == Reasons::Full) {
        let why = prose(&step.why, Notation::Unicode);
        match said.iter_mut().find(|(rule, _, _)| *rule == step.rule) {
            Some((_, first, elsewhere)) if *first != why => *elsewhere = "; likewise elsewhere",
            Some(_) => {}
            None => said.push((&step.rule, why, "")),
        }
    }
    said.into_iter().map(|(rule, why, elsewhere)| format!("{rule}: {why}{elsewhere}")).collect()
}

/// The reason of a rule, in its own letters.
pub fn of_rule(rule: &Rule) -> String {
    prose(&Sentence::from(&Reason::of(rule)), Notation::Unicode)
}

/// What people call the rule, where its reason begins with that: `product rule: …`.
fn called(step: &Step) -> Option<String> {
    let why = prose(&step.why, Notation::Unicode);
    let (name, _) = why.split_once(": ")?;
    name.ends_with(" rule").then(|| name.to_owned())
}
