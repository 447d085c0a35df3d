//! The functions that are written in the language itself: `prelude.gradus`, a line a definition.

use super::{Ast, Scope, parse_expression};
use crate::expr::Name;
use std::sync::LazyLock;

const TEXT: &str = include_str!("prelude.gradus");

/// A definition of the prelude.
pub struct LanguageFunction {
    /// What it defines.
    pub name: Name,
    /// Of what.
    pub parameters: Vec<Name>,
    /// The text of its body, in which the places of `body` are.
    pub text: &'static str,
    /// Its value.
    pub body: Ast,
    /// What is said to whoever uses it.
    pub convention: Option<&'static str>,
}

impl LanguageFunction {
    /// Whether the parameter is a scalar: a Greek letter.
    pub fn takes_scalar(&self, parameter: usize) -> bool {
        let first = self.parameters.get(parameter).and_then(|p| p.as_str().chars().next());
        first.is_some_and(|c| ('α'..='ω').contains(&c))
    }
}

/// How the functions of one name are called.
pub(super) struct CallHead {
    pub name: &'static str,
    pub least: usize,
    pub most: usize,
    /// Every definition's left side.
    pub usage: String,
}

/// A line of the prelude that is a definition: its left side, name, parameters and right side.
fn parts(line: &'static str) -> Option<(&'static str, &'static str, Vec<Name>, &'static str)> {
    let (head, body) = line.split_once(" = ").filter(|_| !line.starts_with('#'))?;
    let (name, parameters) = head.strip_suffix(')')?.split_once('(')?;
    Some((head, name, parameters.split(", ").map(Name::new).collect(), body))
}

/// Read without the bodies, in which the parser meets these names.
static HEADS: LazyLock<Vec<CallHead>> = LazyLock::new(|| {
    let mut heads: Vec<CallHead> = Vec::new();
    for (usage, name, parameters, _) in TEXT.lines().filter_map(parts) {
        let count = parameters.len();
        match heads.iter_mut().find(|h| h.name == name) {
            Some(head) => {
                (head.least, head.most) = (head.least.min(count), head.most.max(count));
                head.usage = format!("{} or {usage}", head.usage);
            }
            None => heads.push(CallHead { name, least: count, most: count, usage: usage.to_owned() }),
        }
    }
    heads
});

static DEFINITIONS: LazyLock<Vec<LanguageFunction>> = LazyLock::new(|| {
    let (mut definitions, mut convention) = (Vec::new(), None);
    for line in TEXT.lines() {
        if let Some(words) = line.strip_prefix("#:") {
            convention = Some(words.trim());
        } else if line.is_empty() {
            convention = None;
        }
        definitions.extend(definition(line, convention));
    }
    definitions
});

/// A line as a definition; a test sees that every one is read.
fn definition(line: &'static str, convention: Option<&'static str>) -> Option<LanguageFunction> {
    let (_, name, parameters, text) = parts(line)?;
    let scope = Scope { variables: parameters.iter().cloned().collect(), ..Scope::default() };
    let body = parse_expression(text, &scope).ok()?;
    Some(LanguageFunction { name: Name::new(name), parameters, text, body, convention })
}

/// How the functions of this name are called.
pub(super) fn head(name: &str) -> Option<&'static CallHead> {
    HEADS.iter().find(|h| h.name == name)
}

/// The names of its functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    HEADS.iter().map(|h| h.name)
}

/// All of them, in the order of the text.
pub fn all() -> &'static [LanguageFunction] {
    &DEFINITIONS
}

/// True when the prelude defines a function of this name.
pub fn defines(name: &Name) -> bool {
    head(name.as_str()).is_some()
}

/// The definitions of a name that take so many arguments, in the order in which they are tried.
pub fn definitions(name: &Name, arguments: usize) -> impl Iterator<Item = &'static LanguageFunction> {
    let name = name.clone();
    all().iter().filter(move |d| d.name == name && d.parameters.len() == arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let lines = TEXT.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
        assert_eq!(DEFINITIONS.len(), lines.count());
    }
}
