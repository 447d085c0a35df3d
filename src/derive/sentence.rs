//! Sentences that speak of variables.

use crate::expr::{Expr, Symbol};
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

    /// Its pieces, in order.
    pub fn words(&self) -> &[Word] {
        &self.0
    }
}

impl From<&str> for Sentence {
    fn from(text: &str) -> Sentence {
        Sentence::new([Word::from(text)])
    }
}

impl From<&Reason> for Sentence {
    fn from(reason: &Reason) -> Sentence {
        Sentence::new(reason.spoken().map(|piece| match piece {
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
