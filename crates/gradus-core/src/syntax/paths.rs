//! `layer.weight`, `self.fc.bias`: names of programs that say whose they are. The last word is the name, and where two such
//! names end alike, all words are.

use super::lexer::Lexer;
use super::token::Tok;
use super::{functions, names, program_text};
use std::collections::{BTreeMap, BTreeSet};

/// Longer ones are no paths.
const MAX_PATH: usize = 96;

/// What a word behind a point asks of an array, and no part of a name.
const PROPERTIES: &[&str] = &["T", "mT", "H", "I", "shape", "size", "ndim"];

impl<'a> Lexer<'a> {
    /// The name at the end of a path.
    pub(super) fn path(&mut self) -> bool {
        let Some(path) = path(self.rest()) else { return false };
        let start = self.pos;
        let text = self.text;
        let owners = self.owners.get_or_insert_with(|| owners(text));
        let last = path.rsplit('.').next().unwrap_or(path);
        let name = match owners.get(last) {
            Some(paths) if paths.len() > 1 => {
                names::canonical_text(&path.trim_start_matches("self.").replace('.', "_"))
            }
            Some(_) | None => names::canonical_text(last),
        };
        self.pos += path.len();
        self.push(Tok::Name(name), start);
        true
    }
}

/// The paths that end in each word.
fn owners(text: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let mut at = 0;
    while let Some(begins) = text[at..].find(|c: char| c.is_ascii_alphabetic()).map(|begins| at + begins) {
        let length = text[begins..].find(|c| !part(c)).unwrap_or(text.len() - begins);
        if let Some(path) = path(&text[begins..]) {
            owners.entry(path.rsplit('.').next().unwrap_or(path)).or_default().insert(path);
        }
        at = begins + length;
    }
    owners
}

/// The path a text begins with: words with points between them, the first of which is no letter and no function.
fn path(text: &str) -> Option<&str> {
    let part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.');
    let length = text.bytes().take(MAX_PATH).take_while(|b| part(*b)).count();
    let written = text[..length].trim_end_matches('.');
    let called = text[written.len()..].starts_with('(');
    let mut words: Vec<&str> = written.split('.').collect();
    if called {
        words.pop();
    }
    let own = words.iter().position(|word| PROPERTIES.contains(word)).unwrap_or(words.len());
    words.truncate(own);
    // letters between points are factors: `rows.X.B`
    let is_name = |word: &&str| word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.len() > 1;
    let named = words.iter().all(is_name) || words.first() == Some(&"self") && words.len() == 2;
    let whole = words.len() > 1 && named && is_owner(words[0]);
    whole.then(|| &text[..words.iter().map(|word| word.len() + 1).sum::<usize>() - 1])
}

/// `self`, `layer`, `fc1`: no letter, also of Greek, and no function.
fn is_owner(word: &str) -> bool {
    let name = names::canonical(word, &[]);
    let (base, _) = names::split(&name);
    let word_of_author = base.len() > 1 && base.is_ascii() && !program_text::is_library(word);
    word_of_author && !functions::is_callable(word) && functions::missing(word).is_none()
}
