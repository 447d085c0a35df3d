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

/// What a text says of its paths.
pub(super) struct ProgramPaths<'a> {
    /// The paths that end in each word.
    owners: BTreeMap<&'a str, BTreeSet<&'a str>>,
    signs: PathSigns,
}

/// What points may be in a text.
#[derive(Clone, Copy)]
struct PathSigns {
    /// Points are products: the text is Mathematica's.
    products: bool,
    /// The text is R, where points are letters of names.
    letters: bool,
}

impl<'a> Lexer<'a> {
    /// The name at the end of a path.
    pub(super) fn path(&mut self) -> bool {
        let text = self.text;
        let paths = self.paths.get_or_insert_with(|| ProgramPaths::of(text));
        let Some(path) = path(&text[self.pos..], paths.signs) else { return false };
        let last = path.rsplit('.').next().unwrap_or(path);
        let several = paths.owners.get(last).is_some_and(|paths| paths.len() > 1);
        let whole = path.trim_start_matches("self.").replace('.', "_");
        let name = names::canonical_text(if several { &whole } else { last });
        let start = self.pos;
        self.pos += path.len();
        self.push(Tok::Name(name), start);
        true
    }
}

impl<'a> ProgramPaths<'a> {
    fn of(text: &'a str) -> ProgramPaths<'a> {
        let products = program_text::is_mathematica(text);
        let letters = ["<-", "return(", "function("].iter().any(|sign| text.contains(sign));
        let mut paths = ProgramPaths { owners: BTreeMap::new(), signs: PathSigns { products, letters } };
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let mut at = 0;
        while let Some(begins) = text[at..].find(|c: char| c.is_ascii_alphabetic()).map(|begins| at + begins) {
            let length = text[begins..].find(|c| !part(c)).unwrap_or(text.len() - begins);
            if let Some(path) = path(&text[begins..], paths.signs) {
                paths.owners.entry(path.rsplit('.').next().unwrap_or(path)).or_default().insert(path);
            }
            at = begins + length;
        }
        paths
    }
}

/// The path a text begins with: words with points between them, the first of which is no letter and no function.
fn path(text: &str, signs: PathSigns) -> Option<&str> {
    let part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.');
    let length = text.bytes().take(MAX_PATH).take_while(|b| part(*b)).count();
    let written = text[..length].trim_end_matches('.');
    if signs.products || !written.contains('.') {
        return None;
    }
    let mut words: Vec<&str> = written.split('.').collect();
    // the last word is a method
    words.pop_if(|_| text[written.len()..].starts_with('('));
    let own = words.iter().position(|word| PROPERTIES.contains(word)).unwrap_or(words.len());
    words.truncate(own);
    // letters between points are factors: `rows.X.B`
    let is_name = |word: &&str| word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.len() > 1;
    let small = |word: &&str| signs.letters && word.bytes().all(|b| b.is_ascii_lowercase());
    let named = match &words[..] {
        [_] | [] => false,
        ["self", _] => true,
        [owner, last] => is_name(owner) && (is_name(last) || small(last)),
        _ => words.iter().all(is_name),
    };
    let length = words.iter().map(|word| word.len() + 1).sum::<usize>().saturating_sub(1);
    (named && is_owner(words[0])).then(|| &text[..length])
}

/// `self`, `layer`, `fc1`: no letter, also of Greek, and no function.
fn is_owner(word: &str) -> bool {
    let name = names::canonical(word, &[]);
    let (base, _) = names::split(&name);
    let word_of_author = base.len() > 1 && base.is_ascii() && !program_text::is_library(word);
    word_of_author && !functions::is_callable(word) && functions::missing(word).is_none()
}
