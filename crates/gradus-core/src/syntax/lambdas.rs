//! Functions as programs write them, `f = @(x) e`, `f = lambda x: e`, `f = x -> e`, `f <- function(x) e`: what heads write
//! as `f(x) = e`; and what papers put before a head, `(3) f(x) = e`.

use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token};
use super::{errors, functions, single};
use crate::diag::{Error, Kind, Span};

/// Brings a statement's head into the form of the language.
pub(super) fn rewrite(text: &str, tokens: &mut Vec<Token>) {
    unnumbered(tokens);
    returned(text, tokens);
    let Some((length, parameters)) = anonymous(text, tokens) else { return };
    let equals = tokens[1].clone();
    let rest = tokens.split_off(length);
    let name = tokens.swap_remove(0);
    let sign = |tok: Tok, at: usize| Token { tok, span: Span::new(at, at), spaced: false };
    let (start, end) = (equals.span.start, parameters.last().map_or(equals.span.end, |t| t.span.end));
    *tokens = [name, sign(Tok::Open(Bracket::Paren), start)].into();
    tokens.extend(parameters);
    tokens.extend([sign(Tok::Close(Bracket::Paren), end), equals]);
    tokens.extend(rest);
}

/// `return e` at the end of a function's body is the value, called as the function is where that is a word.
pub(super) fn returns(text: &str, function: Option<&str>, statements: &mut [StatementTokens]) {
    let is_return = |t: &Token| errors::spelling(text, t) == "return";
    let used = |name: &str| statements.iter().flat_map(|s| &s.tokens).any(|t| errors::spelling(text, t) == name);
    let word = |name: &&str| name.chars().nth(1).is_some() && functions::signature(name).is_none() && !used(name);
    let name = function.filter(word).and_then(|f| single::parse_name(f).ok());
    for statement in statements.iter_mut().filter(|s| s.tokens.len() > 2 && is_return(&s.tokens[0])) {
        let first = statement.tokens.remove(0);
        if let Some(comma) = single::outside_brackets(&statement.tokens).find(|t| t.tok == Tok::Comma) {
            statement.errors.push(several_values(comma.span));
        }
        if let Some(name) = name.clone().filter(|_| statement.tokens.len() > 2) {
            let sign = Span::new(first.span.end, first.span.end);
            let head = Token { tok: Tok::Name(name), ..first };
            statement.tokens.splice(0..0, [head, Token { tok: Tok::Equals, span: sign, spaced: false }]);
        }
    }
}

fn several_values(span: Span) -> Error {
    Error::new(Kind::Unsupported, "a function that returns several values is not in the language")
        .at(span, "another value follows")
        .help("return the one that is to be derived alone")
}

/// `def f(x): return e` is f(x) = e.
fn returned(text: &str, tokens: &mut Vec<Token>) {
    let spelled = |t: Option<&Token>, word: &str| t.is_some_and(|t| errors::spelling(text, t) == word);
    let Some(colon) = tokens.iter().position(|t| t.tok == Tok::Colon) else { return };
    if spelled(tokens.first(), "def") && spelled(tokens.get(colon + 1), "return") {
        tokens[colon].tok = Tok::Equals;
        tokens.remove(colon + 1);
        tokens.remove(0);
    }
}

/// `(3) f(x) = e`, `(2.14) L = e`: the number of an equation in front.
fn unnumbered(tokens: &mut Vec<Token>) {
    let number = |t: &Token| matches!(t.tok, Tok::Number(_) | Tok::Dot);
    let inner = tokens.iter().skip(1).take_while(|t| number(t)).count();
    let [open, rest @ ..] = &tokens[..] else { return };
    let closed = rest.get(inner).is_some_and(|t| t.tok == Tok::Close(Bracket::Paren));
    let defines = rest.get(inner + 1).is_some_and(|t| t.tok.name().is_some())
        && tokens.iter().any(|t| matches!(t.tok, Tok::Equals | Tok::Nearly(_)));
    if open.tok == Tok::Open(Bracket::Paren) && inner > 0 && closed && defines {
        tokens.drain(..inner + 2);
    }
}

/// How many tokens such a head has, and its parameters with their commas.
fn anonymous(text: &str, tokens: &[Token]) -> Option<(usize, Vec<Token>)> {
    let [name, equals, rest @ ..] = tokens else { return None };
    if name.tok.name().is_none() || equals.tok != Tok::Equals {
        return None;
    }
    let first = rest.first()?;
    let word = |word: &str| errors::spelling(text, first) == word;
    match &first.tok {
        // MATLAB's sign of a function, @
        Tok::Times => bracketed(&rest[1..]).map(|(length, names)| (3 + length, names)),
        Tok::Name(_) if word("function") => bracketed(&rest[1..]).map(|(length, names)| (3 + length, names)),
        Tok::Name(_) if word("lambda") => {
            let length = rest.iter().position(|t| t.tok == Tok::Colon)?;
            let names = rest.get(1..length)?;
            (are_names(names) && !rest[length].spaced).then(|| (3 + length, names.to_vec()))
        }
        Tok::Name(_) if rest.get(1)?.tok == Tok::Arrow => Some((4, vec![first.clone()])),
        Tok::Open(_) => {
            let (length, names) = bracketed(rest)?;
            (rest.get(length)?.tok == Tok::Arrow).then_some((3 + length, names))
        }
        _ => None,
    }
}

/// The names of `(x, y)`, and its length.
fn bracketed(tokens: &[Token]) -> Option<(usize, Vec<Token>)> {
    let close = tokens.iter().position(|t| t.tok == Tok::Close(Bracket::Paren))?;
    let names = tokens.get(1..close)?;
    (tokens.first()?.tok == Tok::Open(Bracket::Paren) && are_names(names)).then(|| (close + 1, names.to_vec()))
}

fn are_names(tokens: &[Token]) -> bool {
    let odd = tokens.iter().skip(1).step_by(2).all(|t| t.tok == Tok::Comma);
    tokens.len() % 2 == 1 && odd && tokens.iter().step_by(2).all(|t| t.tok.name().is_some())
}
