//! Sums that programs write over places or entries: `sum(x[i]^2 for i in range(n))`, `sum((a - b)**2 for a, b in zip(x, y))`,
//! `sum(map(z -> z^2, x))`.

use super::expression::{Parsed, Parser};
use super::token::{Bracket, Tok, Token, closing, opens};
use super::{errors, functions, names};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;

impl Parser<'_> {
    /// `sum(e for i in range(n))` is sum(i = 0..n-1, e).
    pub(super) fn generator(&mut self) -> Parsed<()> {
        let (mut open, Some(mut close)) = (self.at + 1, self.closing(self.at + 1)) else { return Ok(()) };
        // the brackets of a list
        if self.tokens[open + 1].tok == Tok::Open(Bracket::Square) && self.closing(open + 1) == Some(close - 1) {
            (open, close) = (open + 1, close - 1);
        }
        let Some(word) = (open..close).find(|i| self.tokens[*i].tok.is_name("for")) else { return Ok(()) };
        let bound = self.tokens[word + 1..close].to_vec();
        let Some(sign) = bound.iter().position(|t| t.tok == Tok::In).filter(|at| *at > 0) else { return Ok(()) };
        let (letter, range) = (&bound[0], &bound[sign + 1..]);
        if let Some(condition) = range.iter().find(|t| errors::spelling(self.text, t) == "if") {
            return Err(Box::new(conditional_generator(condition.span)));
        }
        let body = self.tokens[open + 1..word].to_vec();
        let index = letter.tok.name().filter(|_| sign == 1).cloned().zip(range_of(range));
        let Some((index, range)) = index else {
            let over = entries(&bound[..sign], range).ok_or_else(|| Box::new(unreadable_generator(letter.span)))?;
            return self.sum_of_entries(&body, &over, close);
        };
        let body = with_members(&body, &index);
        let sign = |tok: Tok| Token { tok, span: letter.span, spaced: false };
        let clause = [letter.clone(), sign(Tok::Equals)].into_iter().chain(range).chain([sign(Tok::Comma)]);
        let whole: Vec<Token> = clause.chain(body).collect();
        let first = self.at + 2;
        let last = self.closing(self.at + 1).unwrap_or(close);
        self.tokens.splice(first..last, whole);
        Ok(())
    }

    /// `sum(map(z -> e, x))` is sum(e for z in x).
    pub(super) fn mapped_argument(&mut self) {
        let map = self.at + 2;
        if !self.tokens.get(map).is_some_and(|t| t.tok.is_name("map")) || !opens(&self.tokens, map + 1) {
            return;
        }
        let (Some(close), Some(end)) = (self.closing(map + 1), self.closing(self.at + 1)) else { return };
        let inside = &self.tokens[map + 2..close];
        let parts: Vec<&[Token]> = at_commas(inside).collect();
        let lambda = |t: &Token| errors::spelling(self.text, t) == "lambda";
        let (letter, body, over) = match parts[..] {
            [[z, arrow, body @ ..], over] if arrow.tok == Tok::Arrow => (z, body, over),
            [[word, z, colon, body @ ..], over] if lambda(word) && colon.tok == Tok::Colon => (z, body, over),
            _ => return,
        };
        if close + 1 != end || letter.tok.name().is_none() || body.is_empty() {
            return;
        }
        let sign = |tok: Tok| Token { tok, span: letter.span, spaced: true };
        let words = [sign(Tok::Name(Name::new("for"))), letter.clone(), sign(Tok::In)];
        let generator: Vec<Token> = body.iter().cloned().chain(words).chain(over.iter().cloned()).collect();
        self.tokens.splice(map..=close, generator);
    }

    /// The sum of a body over the entries that stand for its letters.
    fn sum_of_entries(&mut self, body: &[Token], over: &[(Name, Vec<Token>)], close: usize) -> Parsed<()> {
        let used = |letter: &&&str| !self.tokens.iter().any(|t| holds_letter(t, letter));
        let Some(index) = ["i", "j", "k", "l"].iter().find(used) else { return Ok(()) };
        let place = self.tokens[self.at].span;
        let sign = |tok: Tok| Token { tok, span: place, spaced: false };
        let mut whole = vec![sign(Tok::Name(Name::new(index))), sign(Tok::Comma)];
        for token in body {
            match over.iter().find(|(letter, _)| token.tok.name() == Some(letter)) {
                Some((_, array)) => whole.extend(entry(array, index, token)),
                None => whole.push(token.clone()),
            }
        }
        let last = self.closing(self.at + 1).unwrap_or(close);
        self.tokens.splice(self.at + 2..last, whole);
        Ok(())
    }
}

/// Whether a token is the letter, or a name that carries it.
fn holds_letter(token: &Token, letter: &str) -> bool {
    token.tok.name().is_some_and(|n| n.as_str() == letter || super::gathered::carries(n, &Name::new(letter)))
}

/// The entry of an array at an index, `x_i`, `(A x)_i`, where the token stood.
fn entry(array: &[Token], index: &str, token: &Token) -> Vec<Token> {
    let at = |tok: Tok| Token { tok, span: token.span, spaced: false };
    if let [Token { tok: Tok::Name(name), .. }] = array {
        let tok = Tok::Name(names::canonical(name.as_str(), &[index.to_owned()]));
        return vec![Token { tok, ..token.clone() }];
    }
    let inside = [Token { tok: Tok::Open(Bracket::Paren), ..token.clone() }].into_iter().chain(array.iter().cloned());
    inside.chain([at(Tok::Close(Bracket::Paren)), at(Tok::Subscript(index.to_owned()))]).collect()
}

/// Which array's entries each letter goes through: of `a, b in zip(x, y)` a those of x. The rows of a matrix are no entries.
fn entries(letters: &[Token], range: &[Token]) -> Option<Vec<(Name, Vec<Token>)>> {
    let inside = match letters {
        [open, inside @ .., close]
            if open.tok == Tok::Open(Bracket::Paren) && close.tok == Tok::Close(Bracket::Paren) =>
        {
            inside
        }
        _ => letters,
    };
    let names: Vec<Name> = at_commas(inside).map(|t| t.first()?.tok.name().cloned()).collect::<Option<_>>()?;
    let zipped = range.first().is_some_and(|t| t.tok.is_name("zip")) && closing(range, 1) == Some(range.len() - 1);
    let arrays: Vec<&[Token]> = if zipped { at_commas(range.get(2..range.len() - 1)?).collect() } else { vec![range] };
    let column = |array: &&[Token]| match array {
        [Token { tok: Tok::Name(name), .. }] => {
            names::split(name).1.is_none() && !name.as_str().starts_with(char::is_uppercase)
        }
        [first, .., last] => {
            let small = last.tok.name().is_some_and(|n| !n.as_str().starts_with(char::is_uppercase));
            first.tok.name().is_none_or(|n| functions::signature(n.as_str()).is_none()) && small
        }
        _ => false,
    };
    let fit = names.len() == arrays.len() && arrays.iter().all(column);
    fit.then(|| names.into_iter().zip(arrays.into_iter().map(<[Token]>::to_vec)).collect())
}

/// What stands between commas outside brackets.
pub(super) fn at_commas(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut depth = 0usize;
    tokens.split(move |t| {
        match t.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && t.tok == Tok::Comma
    })
}

/// `range(n)`, `range(a, b)`, `1:n` as the range of a sum.
fn range_of(tokens: &[Token]) -> Option<Vec<Token>> {
    let place = tokens.first()?.span;
    let sign = |tok: Tok| Token { tok, span: place, spaced: false };
    let number = |n: &str| sign(Tok::Number(n.to_owned()));
    let [range, open, inner @ .., close] = tokens else { return None };
    if range.tok.is_name("range") && open.tok == Tok::Open(Bracket::Paren) && close.tok == Tok::Close(Bracket::Paren) {
        let mut ends = inner.split(|t| t.tok == Tok::Comma);
        let (first, last) = match (ends.next()?, ends.next(), ends.next()) {
            (last, None, _) => (vec![number("0")], last),
            (first, Some(last), None) => (first.to_vec(), last),
            (_, Some(_), Some(_)) => return None,
        };
        let less = [sign(Tok::Minus), number("1")];
        return Some(first.into_iter().chain([sign(Tok::DotDot)]).chain(last.to_vec()).chain(less).collect());
    }
    let colon = tokens.iter().position(|t| matches!(t.tok, Tok::Colon | Tok::DotDot))?;
    let (first, last) = (&tokens[..colon], &tokens[colon + 1..]);
    Some(first.iter().cloned().chain([sign(Tok::DotDot)]).chain(last.iter().cloned()).collect())
}

/// The members `x[i]` of a body as `x_i`.
pub(super) fn with_members(body: &[Token], index: &Name) -> Vec<Token> {
    let mut members = Vec::new();
    let mut at = 0;
    while at < body.len() {
        match &body[at..] {
            // `x[[i]]`
            [name, open, again, letter, _, close, ..]
                if open.tok == Tok::Open(Bracket::Square)
                    && again.tok == open.tok
                    && close.tok == Tok::Close(Bracket::Square)
                    && letter.tok.name() == Some(index) =>
            {
                let base = name.tok.name().map_or("", Name::as_str);
                let tok = Tok::Name(names::canonical(base, &[index.to_string()]));
                members.push(Token { tok, span: name.span.to(close.span), spaced: name.spaced });
                at += 6;
            }
            [name, open, letter, close, ..]
                if open.tok == Tok::Open(Bracket::Square)
                    && close.tok == Tok::Close(Bracket::Square)
                    && letter.tok.name() == Some(index)
                    && name.tok.name().is_some_and(|n| functions::signature(n.as_str()).is_none()) =>
            {
                let base = name.tok.name().map_or("", Name::as_str);
                let tok = Tok::Name(names::canonical(base, &[index.to_string()]));
                members.push(Token { tok, span: name.span.to(close.span), spaced: name.spaced });
                at += 4;
            }
            _ => {
                members.push(body[at].clone());
                at += 1;
            }
        }
    }
    members
}

/// `sum(x[i] for i in range(n) if i > 2)`.
fn conditional_generator(span: Span) -> Error {
    Error::new(Kind::Unsupported, "a comprehension with a condition, `for … if`, is not in the language")
        .at(span, "a condition on the places")
        .help("write the condition as a factor, [i > 2] x_i below Σ_i, or a mask of zeros and ones")
}

fn unreadable_generator(span: Span) -> Error {
    Error::new(Kind::Unsupported, "this loop, a comprehension, is not in the language")
        .at(span, "it goes over something else than places")
        .help("write sum(x[i] * y[i] for i in range(n)), or x^T y")
}
