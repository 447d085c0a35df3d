//! Sentences that speak of variables.

use crate::expr::{Expr, Indexed, Name, Place, Symbol, variable};
use crate::rules::{Reason, Spoken};

/// A sentence in which variables are known as such, so that each notation can spell them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentence(Vec<Word>);

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// As it is.
    Text(String),
    /// A variable.
    Symbol(Symbol),
    /// A term.
    Term(Expr),
}

impl Sentence {
    /// Of pieces.
    pub fn new(words: impl IntoIterator<Item = Word>) -> Sentence {
        Sentence(words.into_iter().collect())
    }

    /// The same of other terms; of an entry, that of another array.
    pub fn map(&self, f: &dyn Fn(&Expr) -> Expr) -> Sentence {
        let word = |w: &Word| match w {
            Word::Term(term) => Word::Term(of_arrays(term, f)),
            Word::Text(_) | Word::Symbol(_) => w.clone(),
        };
        Sentence(self.0.iter().map(word).collect())
    }

    /// The same with other letters for the indices of its entries.
    pub fn with_indices(&self, letter: &dyn Fn(&Name) -> Name) -> Sentence {
        let word = |w: &Word| match w {
            Word::Term(term) => Word::Term(at_indices(term, letter)),
            Word::Text(_) | Word::Symbol(_) => w.clone(),
        };
        Sentence(self.0.iter().map(word).collect())
    }

    /// This, and then another.
    pub fn and(&self, other: &Sentence) -> Sentence {
        Sentence::new(self.0.iter().cloned().chain([Word::from("; ")]).chain(other.0.iter().cloned()))
    }

    /// Its pieces, in order.
    pub fn words(&self) -> &[Word] {
        &self.0
    }
}

fn of_arrays(term: &Expr, f: &dyn Fn(&Expr) -> Expr) -> Expr {
    match term.as_variable().and_then(|v| v.name.as_indexed()) {
        Some(Indexed::Entry { of, at }) => {
            variable(Indexed::Entry { of: f(of), at: at.clone() }.symbol(), term.shape())
        }
        Some(_) | None => f(term),
    }
}

fn at_indices(term: &Expr, letter: &dyn Fn(&Name) -> Name) -> Expr {
    let moved = |p: &Place| p.at_rest().map_or_else(|| p.clone(), |index| Place::at(&letter(index)));
    let indexed = match term.as_variable().and_then(|v| v.name.as_indexed()) {
        Some(Indexed::Entry { of, at }) => Indexed::Entry { of: of.clone(), at: at.iter().map(moved).collect() },
        Some(Indexed::Number(place)) => Indexed::Number(moved(place)),
        Some(_) | None => return term.clone(),
    };
    variable(indexed.symbol(), term.shape())
}

impl From<&str> for Sentence {
    fn from(text: &str) -> Sentence {
        Sentence::new([Word::from(text)])
    }
}

impl From<&Reason> for Sentence {
    fn from(reason: &Reason) -> Sentence {
        Sentence::new(reason.spoken().into_iter().map(|piece| match piece {
            Spoken::Words(words) => Word::from(words),
            Spoken::Term(term) => Word::Term(term),
        }))
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Word {
        Word::Text(text.to_owned())
    }
}

impl From<String> for Word {
    fn from(text: String) -> Word {
        Word::Text(text)
    }
}

impl From<&Symbol> for Word {
    fn from(symbol: &Symbol) -> Word {
        Word::Symbol(symbol.clone())
    }
}
