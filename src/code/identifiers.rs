//! The names of a document as identifiers of a language.

use std::collections::{BTreeMap, BTreeSet};

/// Identifiers handed out so far: each once.
pub struct Identifiers {
    /// Whether letters beyond ASCII may stand in them.
    greek: bool,
    taken: BTreeSet<String>,
    given: BTreeMap<String, String>,
}

impl Identifiers {
    /// None but these are taken.
    pub fn new(greek: bool, reserved: &[&str]) -> Identifiers {
        Identifiers { greek, taken: reserved.iter().map(|w| (*w).to_owned()).collect(), given: BTreeMap::new() }
    }

    /// The identifier of a name: the same for the same name.
    pub fn of(&mut self, name: &str) -> String {
        if let Some(known) = self.given.get(name) {
            return known.clone();
        }
        // what stands behind a NUL tells names of different kinds apart
        let fresh = self.fresh(name.split('\u{0}').next().unwrap_or_default());
        self.given.insert(name.to_owned(), fresh.clone());
        fresh
    }

    /// An identifier that is like a name, and no other's.
    pub fn fresh(&mut self, name: &str) -> String {
        let base = self.spelled(name);
        let mut own = base.clone();
        let mut number = 1;
        while !self.taken.insert(own.clone()) {
            number += 1;
            own = format!("{base}_{number}");
        }
        own
    }

    /// Letters, digits and underscores, the first no digit.
    fn spelled(&self, name: &str) -> String {
        let mut text = String::new();
        for c in name.chars() {
            match c {
                _ if c.is_ascii_alphanumeric() => text.push(c),
                'α'..='ω' | 'Α'..='Ω' if self.greek => text.push(c),
                '\'' | '′' => text += "_prime",
                '*' | '⋆' => text += "_star",
                _ => match crate::render::greek(c) {
                    Some(word) => text += word,
                    None => text.push('_'),
                },
            }
        }
        let text = text.trim_end_matches('_');
        let text = if text.is_empty() { "v" } else { text };
        if text.starts_with(|c: char| c.is_ascii_digit()) { format!("v{text}") } else { text.to_owned() }
    }
}
