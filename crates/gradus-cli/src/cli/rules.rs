//! `gradus rules`: the rule book, and a page for each rule.

use crate::diag::{Error, Kind};
use crate::expr::Name;
use crate::render::{Style, latex, present, reason_of_rule, unicode};
use crate::rules::{Rule, Topic, find, pattern_of};
use std::fmt::Write;

/// The whole book, topic by topic.
pub fn list() -> String {
    let mut out = String::new();
    for topic in Topic::ALL {
        let rules = topic.rules();
        let _ = writeln!(out, "{} ({} rules)", topic.title(), rules.len());
        let width = rules.iter().map(|r| r.name.chars().count()).max().unwrap_or(0);
        for rule in rules {
            let _ = writeln!(out, "  {:width$}  {}", rule.name, statement(rule));
        }
        let _ = writeln!(out);
    }
    out.push_str("`gradus rules NAME` shows one rule: statement, LaTeX, shapes, conditions, source.\n");
    out
}

/// One rule.
///
/// # Errors
/// `Name` for a rule the book does not have, with a proposal.
pub fn show(name: &str) -> Result<String, Error> {
    let rule = find(name).ok_or_else(|| unknown(name))?;
    let mut out = String::new();
    let _ = writeln!(out, "{} — {}\n", rule.name, rule.topic.title());
    let _ = writeln!(out, "  {}\n", statement(rule));
    let _ = writeln!(out, "  why:    {}", reason_of_rule(rule));
    if let Some(p) = pattern_of(rule) {
        let _ = writeln!(out, "  given:  {}", rule.given);
        let _ = writeln!(out, "  LaTeX:  {} = {}", side(&p.left, latex), side(p.right(), latex));
    }
    let _ = writeln!(out, "  source: {}", rule.source);
    Ok(out)
}

/// The statement as mathematics; of a rule without letters as it is declared.
fn statement(rule: &Rule) -> String {
    match pattern_of(rule) {
        Some(p) => format!("{} = {}", side(&p.left, unicode), side(p.right(), unicode)),
        None => rule.statement.to_owned(),
    }
}

/// One side of a rule, letters in the order in which it is written, `…` last.
fn side(e: &crate::expr::Expr, print: impl Fn(&crate::syntax::Ast) -> String) -> String {
    let mut style = Style::default();
    style.rank.insert(Name::new("…"), usize::MAX - 1);
    print(&present(e, &style))
}

fn unknown(name: &str) -> Error {
    let near = crate::rules::book()
        .map(|r| r.name)
        .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
    let error = Error::new(Kind::Name, format!("there is no rule `{name}` in the book"));
    match near {
        Some(n) => error.help(format!("did you mean `{n}`? `gradus rules` lists them all")),
        None => error,
    }
}
