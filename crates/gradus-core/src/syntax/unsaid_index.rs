//! Sums without anything below their sign: over the one index their terms have, or over all entries of an array.

use super::Syntax;
use super::expression::{Parsed, Parser};
use super::subscript;
use super::token::Tok;
use crate::diag::{Error, Kind, Note};
use crate::expr::{Gathering, Name};

impl Parser<'_> {
    /// `Σ p_i log p_i` in plain text, where Σ stands nowhere as a matrix and the terms have one index; `sum p_i log p_i`, with
    /// no bracket at the word.
    pub(super) fn sums_members(&self, name: &Name) -> bool {
        if self.names.latex || self.names.known.contains(name) {
            return false;
        }
        if name.as_str() == "sum" {
            let apart = self.tokens.get(self.at + 1).is_some_and(|t| t.spaced);
            return apart && self.free_indices(self.at + 1).len() == 1;
        }
        if name.as_str() != "Σ" {
            return false;
        }
        let sign = |at: &usize| self.tokens[*at].tok.is_name("Σ");
        let before =
            |tok: &Tok| matches!(tok, Tok::Name(_) | Tok::Open(_) | Tok::Bar(_) | Tok::Pipe(_) | Tok::Number(_));
        let mut signs = (0..self.tokens.len()).filter(sign);
        signs.all(|at| before(&self.tokens[at + 1].tok)) && self.free_indices(self.at + 1).len() == 1
    }

    /// `\sum (y_i - x_i)^2`: the index the terms have, where nothing stands below the sign; it is said.
    pub(super) fn only_index(&mut self, start: usize) -> Parsed<Option<Name>> {
        let free = self.free_indices(self.at);
        let span = self.since(start);
        match &free[..] {
            [] => Ok(None),
            [letter] => {
                self.notes.push(Note::assumption(format!("the sum without an index goes over {letter}")));
                Ok(Some(letter.clone()))
            }
            [..] => {
                let listed = free.iter().map(Name::to_string).collect::<Vec<_>>().join(", ");
                let message = "nothing stands below this sign, and its terms have several indices";
                Err(Box::new(
                    Error::new(Kind::Syntax, message)
                        .at(span, format!("over which of {listed}?"))
                        .help(format!(r"write what it goes over, \sum_{} for one of them", free[0])),
                ))
            }
        }
    }

    /// The letters i to n, s and t that names of the product that follows carry and nothing binds.
    fn free_indices(&self, from: usize) -> Vec<Name> {
        let mut depth = 0usize;
        let mut free: Vec<Name> = Vec::new();
        for token in &self.tokens[from..] {
            match &token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth == 0 => break,
                Tok::Close(_) => depth -= 1,
                Tok::Plus | Tok::Minus | Tok::Comma | Tok::Equals | Tok::Relation(_) | Tok::End if depth == 0 => break,
                // what it binds stands below it
                Tok::Gather(_) => return Vec::new(),
                Tok::Name(name) => {
                    let places = subscript::split_index(name).map_or(vec![], |(_, places)| places);
                    let index = |l: &&Name| matches!(l.as_str(), "i" | "j" | "k" | "l" | "m" | "n" | "s" | "t");
                    let letters = subscript::index_letters(&places).filter(index);
                    let new = letters.filter(|l| !self.letters.contains(l) && !self.names.known.contains(name));
                    free.extend(new.cloned().collect::<Vec<_>>());
                }
                _ => {}
            }
        }
        free.sort();
        free.dedup();
        free
    }

    /// `\sum \log(x)`: of all entries.
    pub(super) fn whole_array(&mut self, by: Gathering, start: usize) -> Parsed {
        let word = match by {
            Gathering::Sum => "sum",
            Gathering::Product => "prod",
            Gathering::Maximum => "max",
            Gathering::Minimum => "min",
            Gathering::Mean | Gathering::Expectation => "mean",
        };
        let function_span = self.since(start);
        let body = self.deeper(Self::elementwise)?;
        let below = self.height;
        self.node(Syntax::Call { function: Name::new(word), function_span, primes: 0, args: vec![body] }, start, below)
    }
}
