//! `p_θ(x) = …` and `\log p_θ(x) = …` of what an expectation draws, `x ∼ p_θ`: what is said of its density. Its logarithm is a
//! definition of its own, in the letters of the expectation.

use super::heads;
use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;
use std::collections::BTreeMap;

/// Puts the log-densities before the other statements; says what these definitions are called, and of which distribution each is.
pub(super) fn rewrite(statements: &mut Vec<StatementTokens>) -> BTreeMap<Name, Name> {
    let drawn = drawn(statements);
    let mut found: Vec<StatementTokens> = vec![];
    let mut called: BTreeMap<Name, Name> = BTreeMap::new();
    let mut at = 0;
    while at < statements.len() && !drawn.is_empty() {
        let Some(density) = density(&statements[at].tokens, &drawn) else {
            at += 1;
            continue;
        };
        if called.values().any(|d| *d == density.distribution) {
            let error = two_densities(&density.distribution, statements[at].span());
            statements[at].errors.push(error);
            break;
        }
        let name = unused(statements, called.len());
        let (errors, notes) = (vec![], vec![]);
        let head = Token { tok: Tok::Name(name.clone()), ..density.tokens[0].clone() };
        let tokens = std::iter::once(head).chain(density.tokens[1..].iter().cloned()).collect();
        found.push(StatementTokens { tokens, errors, notes, aside: true, constraint: false });
        let calls = |s: &StatementTokens| s.tokens.windows(2).any(|w| is_call(w, &density.distribution));
        let elsewhere = statements.iter().enumerate().any(|(i, s)| i != at && calls(s));
        called.insert(name, density.distribution.clone());
        if density.is_logarithm || !elsewhere {
            statements.remove(at);
        } else {
            at += 1;
        }
    }
    statements.splice(0..0, found);
    called
}

/// A name that stands nowhere in the text.
fn unused(statements: &[StatementTokens], from: usize) -> Name {
    let stands = |name: &Name| statements.iter().flat_map(|s| &s.tokens).any(|t| t.tok.name() == Some(name));
    let mut names = (from + 1..).map(|k| Name::new(&format!("logdensity{k}")));
    names.find(|name| !stands(name)).unwrap_or_else(|| Name::new("logdensity"))
}

fn two_densities(distribution: &Name, span: Span) -> Error {
    Error::new(Kind::Name, format!("{distribution} is said to have two densities"))
        .at(span, "another one")
        .help("say one of them")
}

fn is_call(window: &[Token], name: &Name) -> bool {
    window[0].tok.name() == Some(name) && window[1].tok == Tok::Open(Bracket::Paren)
}

/// Distributions, and the letters that are drawn from them: what stands before and after ∼.
fn drawn(statements: &[StatementTokens]) -> BTreeMap<Name, Vec<Name>> {
    let mut found = BTreeMap::new();
    for statement in statements {
        let tokens = &statement.tokens;
        for (i, _) in tokens.iter().enumerate().filter(|(_, t)| t.tok == Tok::Relation("∼")) {
            if let Some(distribution) = tokens.get(i + 1).and_then(|t| t.tok.name()) {
                let below = |t: &&Token| !matches!(t.tok, Tok::Open(Bracket::Brace) | Tok::Semicolon);
                let mut letters: Vec<Name> =
                    tokens[..i].iter().rev().take_while(below).filter_map(|t| t.tok.name().cloned()).collect();
                letters.reverse();
                found.entry(distribution.clone()).or_insert(letters);
            }
        }
    }
    found
}

struct LogDensity {
    distribution: Name,
    tokens: Vec<Token>,
    is_logarithm: bool,
}

fn density(tokens: &[Token], drawn: &BTreeMap<Name, Vec<Name>>) -> Option<LogDensity> {
    let equals = *heads::equals(tokens).first()?;
    let (head, value) = (&tokens[..equals], &tokens[equals + 1..]);
    let log = |t: &Token| matches!(&t.tok, Tok::Function(f) | Tok::Name(f) if f.as_str() == "log");
    let is_logarithm = head.first().is_some_and(log);
    let [name, bracket @ ..] = &head[usize::from(is_logarithm)..] else { return None };
    let distribution = name.tok.name().filter(|n| drawn.contains_key(*n))?.clone();
    heads::is_bracket(bracket).then_some(())?;
    let parameters: Vec<Name> = bracket
        .iter()
        .take_while(|t| !matches!(t.tok, Tok::Pipe(_) | Tok::Bar(_)))
        .filter_map(|t| t.tok.name().cloned())
        .collect();
    let letters = drawn.get(&distribution).filter(|l| l.len() == parameters.len())?;
    let (end, value) = value.split_last()?;
    let span = tokens[equals].span;
    let own = |tok: Tok| Token { tok, span, spaced: false };
    let mut made = vec![name.clone(), tokens[equals].clone()];
    let opened = (!is_logarithm).then(|| [Tok::Function(Name::new("log")), Tok::Open(Bracket::Paren)]);
    made.extend(opened.into_iter().flatten().map(own));
    made.extend(value.iter().map(|t| renamed(t, &parameters, letters)));
    made.extend((!is_logarithm).then(|| own(Tok::Close(Bracket::Paren))));
    made.push(end.clone());
    Some(LogDensity { distribution, tokens: made, is_logarithm })
}

/// A token with the letters of the expectation for the parameters.
fn renamed(token: &Token, parameters: &[Name], letters: &[Name]) -> Token {
    let Some(name) = token.tok.name() else { return token.clone() };
    let other = parameters.iter().zip(letters).find_map(|(p, l)| match name.as_str().strip_prefix(p.as_str())? {
        "" => Some(l.clone()),
        index if index.starts_with('_') => Some(Name::new(&format!("{l}{index}"))),
        _ => None,
    });
    other.map_or_else(|| token.clone(), |other| Token { tok: Tok::Name(other), ..token.clone() })
}
