//! Sums without anything below their sign: over the one index their terms have, or over all entries of an array.

use super::Syntax;
use super::expression::{Parsed, Parser};
use super::subscript;
use super::token::{Bracket, Tok, Token};
use crate::diag::{Error, Kind, Note};
use crate::expr::{Gathering, Name};

impl Parser<'_> {
    /// `Σ p_i log p_i` in plain text, where Σ stands nowhere as a matrix and the terms have one index.
    pub(super) fn sums_members(&self, name: &Name) -> Parsed<bool> {
        if !self.is_bare_sum(self.at) {
            return Ok(false);
        }
        let sums = self.unbound_index(self.at + 1).len() == 1;
        if !sums && matches!(name.as_str(), "Σ" | "sum") && self.sums_something() {
            return Err(Box::new(
                Error::new(Kind::Syntax, format!("{name} before a bracket is a sum, and nothing says over what"))
                    .at(self.token().span, "no index stands below it, and none at what it sums")
                    .help("write the index at what has one, Σ (x_i - m)^2, or sum(…) over all entries of an array"),
            ));
        }
        Ok(sums)
    }

    /// Whether every Σ of the statement may be a sign: nothing declares a matrix of this name, and the first one begins a factor.
    fn has_signs_of_sums(&self) -> bool {
        *self.signs_of_sums.get_or_init(|| {
            let operand =
                |tok: &Tok| matches!(tok, Tok::Name(_) | Tok::Open(_) | Tok::Bar(_) | Tok::Pipe(_) | Tok::Number(_));
            let transposed = |at: usize| {
                let before = &self.tokens[at.saturating_sub(4)..at];
                before.last().is_some_and(|t| t.tok == Tok::Prime)
                    || (0..before.len()).any(|at| ends_in_transpose(&before[at..]))
            };
            let signs = || (0..self.tokens.len()).filter(|at| self.tokens[*at].tok.is_name("Σ"));
            !self.names.latex
                && !self.names.known.contains(&Name::new("Σ"))
                && signs().all(|at| operand(&self.tokens[at + 1].tok) && !transposed(at))
                && signs().next().is_some_and(|at| at == 0 || !is_end_of_operand(&self.tokens[at - 1].tok))
        })
    }

    /// `Σ(x - a)²`, `Σ(x - a)(y - b)`: what no matrix does to a column.
    fn sums_something(&self) -> bool {
        let close = Some(self.at + 1).filter(|at| self.tokens[*at].tok == Tok::Open(Bracket::Paren));
        let after = close.and_then(|open| self.closing(open)).map(|close| close + 1);
        after.is_some_and(|at| match &self.tokens[at].tok {
            Tok::Superscript(power) => power == "2",
            Tok::Caret => matches!(&self.tokens[at + 1].tok, Tok::Number(power) if power == "2"),
            Tok::Open(Bracket::Paren) => true,
            _ => false,
        })
    }

    /// Whether a sign of a sum without anything below it stands there.
    pub(super) fn is_bare_sum(&self, at: usize) -> bool {
        match &self.tokens[at].tok {
            Tok::Gather(by) => {
                *by != Gathering::Expectation && !matches!(self.tokens[at + 1].tok, Tok::Under | Tok::Caret)
            }
            Tok::Name(name) if name.as_str() == "sum" => {
                let next = &self.tokens[at + 1];
                // `sum (x_i - m)^2`, where `sum(x)^2` is a call
                let apart = next.tok == Tok::Open(Bracket::Paren) && next.spaced;
                let operand = apart || matches!(next.tok, Tok::Name(_) | Tok::Number(_) | Tok::Function(_));
                operand && !self.names.latex && !self.names.known.contains(name)
            }
            Tok::Name(name) => name.as_str() == "Σ" && self.has_signs_of_sums(),
            _ => false,
        }
    }

    /// Whether the product a bare sum goes over ends here: the next one is a factor beside it, `Σ x_i² / Σ y_i²`.
    pub(super) fn ends_bare_sum(&self) -> bool {
        let sign = usize::from(matches!(self.tok(), Tok::Slash | Tok::Times | Tok::Cross));
        self.in_bare_sum && self.is_bare_sum(self.at + sign)
    }

    /// Such a call.
    pub(super) fn sum_in_bracket(&mut self, letter: Name, start: usize) -> Parsed {
        let span = self.token().span;
        self.at += 1;
        self.notes.push(Note::assumption(format!("the sum without an index goes over {letter}")));
        self.letters.push(letter.clone());
        let body = self.deeper(Self::operand);
        self.letters.pop();
        let body = body?;
        let below = self.height;
        let over = vec![super::Bound { letter, letter_span: span, range: None, set: None, drawn: vec![] }];
        self.node(Syntax::Gathered { by: Gathering::Sum, over, when: vec![], body: Box::new(body) }, start, below)
    }

    /// `\sum (y_i - x_i)^2`: the index the terms have, where nothing stands below the sign; it is said.
    pub(super) fn only_index(&mut self, start: usize) -> Parsed<Option<Name>> {
        let free = self.unbound_index(self.at);
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

    /// The letters i to n, s and t that names of the product that follows carry and nothing binds; where there are none, one that
    /// a sum around it binds: `Σ x_i / sqrt(Σ x_i²)`.
    fn unbound_index(&self, from: usize) -> Vec<Name> {
        self.unbound_of(&self.tokens[from..], from)
    }

    /// `sum((y_i - f_i)^2)` in plain text: the index of what a sum of an array would go over.
    pub(super) fn index_in_call(&self, name: &Name) -> Option<Name> {
        let programs = self.names.latex || self.names.numpy || self.names.r || self.names.known.contains(name);
        let called = name.as_str() == "sum" && *self.ahead(1) == Tok::Open(Bracket::Paren) && !programs;
        let close = Some(self.at + 1).filter(|_| called).and_then(|open| self.closing(open))?;
        let bracket = &self.tokens[self.at + 1..=close];
        // what goes entry by entry is of arrays
        let arrays = bracket.iter().any(|t| matches!(t.tok, Tok::Had { .. } | Tok::HadDiv { .. } | Tok::DotCaret));
        match &self.unbound_of(bracket, self.at + 1)[..] {
            [_] if arrays => None,
            [letter] if !self.letters.contains(letter) => Some(letter.clone()),
            _ => None,
        }
    }

    fn unbound_of(&self, tokens: &[Token], from: usize) -> Vec<Name> {
        let all = self.indices_of_product(tokens, from);
        let free: Vec<Name> = all.iter().filter(|l| !self.letters.contains(l)).cloned().collect();
        if free.is_empty() && all.len() == 1 { all } else { free }
    }

    fn indices_of_product(&self, tokens: &[Token], from: usize) -> Vec<Name> {
        let mut depth = 0usize;
        let mut free: Vec<Name> = Vec::new();
        // the depth of the bracket a sum within it stands in
        let mut inner = usize::MAX;
        for (at, token) in tokens.iter().enumerate().map(|(i, token)| (from + i, token)) {
            match &token.tok {
                _ if self.is_bare_sum(at) && depth == 0 => break,
                _ if self.is_bare_sum(at) => inner = inner.min(depth),
                Tok::Close(_) if depth == inner => {
                    depth -= 1;
                    inner = usize::MAX;
                }
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth == 0 => break,
                Tok::Close(_) => depth -= 1,
                Tok::Plus | Tok::Minus | Tok::Comma | Tok::Equals | Tok::Relation(_) | Tok::End if depth == 0 => break,
                // what it binds stands below it
                Tok::Gather(_) => return Vec::new(),
                Tok::Name(name) if depth < inner => {
                    let places = subscript::split_index(name).map_or(vec![], |(_, places)| places);
                    let index = |l: &&Name| matches!(l.as_str(), "i" | "j" | "k" | "l" | "m" | "n" | "s" | "t");
                    let letters = subscript::index_letters(&places).filter(index);
                    // the index of `I_n` is a size
                    let own =
                        self.names.known.contains(name) || matches!(super::names::split(name).0, "I" | "𝟏" | "K" | "e");
                    free.extend(letters.filter(|_| !own).cloned());
                }
                _ => {}
            }
        }
        free.sort();
        free.dedup();
        free
    }

    /// Reads what a sign without anything below it goes over.
    pub(super) fn bare_body(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        let outside = std::mem::replace(&mut self.in_bare_sum, true);
        let body = self.deeper(read);
        self.in_bare_sum = outside;
        body
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
        let mut args = vec![self.bare_body(Self::elementwise)?];
        let below = self.height;
        self.power_entries(word, &mut args);
        self.node(Syntax::Call { function: Name::new(word), function_span, primes: 0, args }, start, below)
    }
}

/// `^T`, `ᵀ`, and nothing after it.
fn ends_in_transpose(tokens: &[Token]) -> bool {
    let length = match tokens {
        [Token { tok: Tok::Superscript(_), .. }, ..] => 1,
        [_, Token { tok: Tok::Open(_), .. }, ..] => 4,
        [_, ..] | [] => 2,
    };
    tokens.len() == length && super::primes::is_transpose(tokens, 0)
}

/// What a factor may end with.
fn is_end_of_operand(tok: &Tok) -> bool {
    matches!(tok, Tok::Name(_) | Tok::Number(_) | Tok::Close(_) | Tok::Superscript(_) | Tok::Prime | Tok::Subscript(_))
}
