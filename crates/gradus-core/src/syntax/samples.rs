//! Places in brackets: samples in time, `e[n] = d[n] - w^\top x[n]`, `x(k+1) = A x(k)`, entries at bound letters, `I(i, j)`, and MATLAB's
//! `x(2)`.

use super::layout::StatementTokens;
use super::scope::FUNCTION_LETTERS;
use super::token::{BarSide, Bracket, Tok, Token, without};
use super::{functions, heads, names};
use crate::expr::{Gathering, Name};
use std::collections::{BTreeMap, BTreeSet};

/// Makes members of the names before such brackets.
pub(super) fn rename(statements: &mut [StatementTokens]) {
    let in_squares: BTreeSet<Name> =
        statements.iter().filter_map(|s| sample(&s.tokens, 1, Bracket::Square)).map(|s| s.letter).collect();
    replace(statements, Bracket::Square, &|sample| in_squares.contains(&sample.letter));
    let times = times(statements);
    replace(statements, Bracket::Paren, &|sample| times.contains(&sample.letter));
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        at_bound_letters(tokens);
    }
}

/// A place in brackets: its letter, the index it is, and how many tokens it has.
struct Sample {
    letter: Name,
    index: String,
    length: usize,
}

fn replace(statements: &mut [StatementTokens], bracket: Bracket, chosen: &dyn Fn(&Sample) -> bool) {
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        let mut left_out = BTreeSet::new();
        for at in 1..tokens.len() {
            let Some(found) = sample(tokens, at, bracket).filter(chosen) else { continue };
            let Some(owner) = owner(tokens, at) else { continue };
            let Some(name) = tokens[owner].tok.name() else { continue };
            tokens[owner].tok = Tok::Name(names::canonical(name.as_str(), &[found.index]));
            left_out.extend(at..at + found.length);
        }
        without(tokens, &left_out);
    }
}

/// The name before a bracket, `x(n)`, `w^T(n)`, `x'(n)`.
pub(super) fn owner(tokens: &[Token], open: usize) -> Option<usize> {
    let transposed = |sign: usize| open.checked_sub(sign).filter(|at| super::primes::is_transpose(tokens, at + 1));
    let before = match &tokens[open.checked_sub(1)?].tok {
        Tok::Close(Bracket::Brace) => transposed(5)?,
        tok if tok.is_transpose() && transposed(3).is_some() => open - 3,
        Tok::Prime => open.checked_sub(2)?,
        _ => open - 1,
    };
    tokens[before].tok.name().map(|_| before)
}

/// `[n]`, `[n-1]`, `[n-k]` right after a name; in a head an `=` follows.
fn sample(tokens: &[Token], at: usize, bracket: Bracket) -> Option<Sample> {
    tokens.get(at).filter(|t| t.tok == Tok::Open(bracket) && !t.spaced)?;
    let letter = tokens.get(at + 1)?.tok.name().filter(|n| n.as_str().len() == 1)?.clone();
    owner(tokens, at)?;
    let close = Tok::Close(bracket);
    let (index, length) = match (&tokens.get(at + 2)?.tok, tokens.get(at + 3).map(|t| &t.tok), tokens.get(at + 4)) {
        (tok, ..) if *tok == close => (letter.to_string(), 3),
        (sign @ (Tok::Plus | Tok::Minus), Some(moved), Some(end)) if end.tok == close => {
            let moved = match moved {
                Tok::Number(number) => number.as_str(),
                Tok::Name(name) if name.as_str().len() == 1 => name.as_str(),
                _ => return None,
            };
            (format!("{letter}{}{moved}", if *sign == Tok::Plus { "+" } else { "-" }), 5)
        }
        _ => return None,
    };
    let head = at > 1 || tokens.get(at + length).is_some_and(|t| t.tok == Tok::Equals);
    head.then_some(Sample { letter, index, length })
}

/// The letters that stand in brackets behind names alone, `x(k+1) = A x(k) + B u(k)`, moved in one of them, behind names that have no
/// other brackets.
fn times(statements: &[StatementTokens]) -> BTreeSet<Name> {
    let (mut uses, mut all): (BTreeMap<Name, usize>, BTreeMap<Name, usize>) = Default::default();
    let (mut moved, mut others, mut of) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::<Name, BTreeSet<Name>>::new());
    for tokens in statements.iter().map(|s| &s.tokens) {
        for (at, token) in tokens.iter().enumerate() {
            if let Some(name) = token.tok.name().filter(|n| matches!(n.as_str(), "n" | "k" | "t")) {
                *all.entry(name.clone()).or_default() += 1;
            }
            let Some(name) = at.checked_sub(1).and_then(|_| owner(tokens, at)).and_then(|name| tokens[name].tok.name())
            else {
                continue;
            };
            if tokens[at - 1].tok == Tok::Caret || matches!(token.tok, Tok::Caret | Tok::Superscript(_) | Tok::Prime) {
                continue;
            }
            match sample(tokens, at, Bracket::Paren) {
                Some(found) => {
                    *uses.entry(found.letter.clone()).or_default() += 1;
                    of.entry(found.letter.clone()).or_default().insert(name.clone());
                    moved.extend(Some(found.letter).filter(|_| found.length > 3));
                }
                None => drop(others.insert(name.clone())),
            }
        }
    }
    let plain = |name: &Name| !others.contains(name) && is_array(name);
    let alone = |letter: &Name| uses.get(letter) != all.get(letter);
    // `N(t+1) = N(t) + …`
    let next = |s: &StatementTokens| {
        let found = sample(&s.tokens, 1, Bracket::Paren).filter(|found| found.length > 3)?;
        s.tokens.get(1 + found.length).filter(|t| t.tok == Tok::Equals).map(|_| found.letter)
    };
    let heads: BTreeSet<Name> = statements.iter().filter_map(next).collect();
    moved.retain(|letter| {
        let names = of.get(letter).filter(|names| names.len() > 1 || heads.contains(letter));
        !alone(letter) && names.is_some_and(|names| names.iter().all(plain))
    });
    moved
}

/// No function, by its name.
fn is_array(name: &Name) -> bool {
    let base = names::split(name).0;
    !FUNCTION_LETTERS.contains(&base) && (base.chars().nth(1).is_none() || functions::signature(base).is_none())
}

/// `Σ_ij (I(i,j) - K(i,j))²`, `V(s) = \sum_a \pi(a|s) Q(s,a)`: places that sums and the head bind are indices.
fn at_bound_letters(tokens: &mut Vec<Token>) {
    let bound: BTreeSet<Name> = bound(tokens).collect();
    let sign = heads::equals(tokens).first().copied().unwrap_or(0);
    let listed: Vec<Name> = heads::parameters(tokens).unwrap_or_default();
    if bound.is_empty() {
        return;
    }
    let mut left_out = BTreeSet::new();
    let mut used = BTreeSet::new();
    for at in (sign + 1)..tokens.len() {
        let bound_here = |p: &Vec<Name>| p.len() > 1 && p.iter().any(|l| bound.contains(l));
        let Some(places) = places(tokens, at).filter(bound_here) else { continue };
        let Some(name) = tokens[at - 1].tok.name().filter(|n| is_array(n) && !listed.contains(n)) else { continue };
        if !places.iter().all(|l| bound.contains(l) || listed.contains(l)) {
            continue;
        }
        let index: String = places.iter().map(Name::as_str).collect();
        tokens[at - 1].tok = Tok::Name(names::canonical(name.as_str(), &[index]));
        left_out.extend(at..=at + 2 * places.len());
        used.extend(places.into_iter().filter(|l| listed.contains(l)));
    }
    if !listed.is_empty() && listed.iter().all(|l| used.contains(l)) {
        let index: String = listed.iter().map(Name::as_str).collect();
        let name = tokens[0].tok.name().map(|name| names::canonical(name.as_str(), &[index]));
        tokens[0].tok = name.map_or(Tok::End, Tok::Name);
        left_out.extend(1..sign);
    }
    without(tokens, &left_out);
}

/// The letters below the signs of sums.
fn bound(tokens: &[Token]) -> impl Iterator<Item = Name> {
    let below = |at: usize| tokens[at + 1..].iter().take_while(|t| !matches!(t.tok, Tok::Close(_)));
    let signs = (1..tokens.len()).filter(|at| {
        tokens[*at].tok == Tok::Under && matches!(tokens[at - 1].tok, Tok::Gather(by) if by != Gathering::Expectation)
    });
    let letter = |n: &&Name| n.as_str().len() == 1 && n.as_str().starts_with(char::is_lowercase);
    signs.flat_map(below).filter_map(|t| t.tok.name()).filter(letter).cloned()
}

/// The letters of `(i, j)`, `(a|s)` right behind a name.
fn places(tokens: &[Token], open: usize) -> Option<Vec<Name>> {
    tokens.get(open).filter(|t| t.tok == Tok::Open(Bracket::Paren) && !t.spaced)?;
    let mut letters = Vec::new();
    let mut at = open + 1;
    loop {
        letters.push(tokens.get(at)?.tok.name().filter(|n| n.as_str().len() == 1)?.clone());
        match &tokens.get(at + 1)?.tok {
            Tok::Close(Bracket::Paren) => return Some(letters),
            Tok::Comma | Tok::Pipe(BarSide::Either) if letters.len() < 4 => at += 2,
            _ => return None,
        }
    }
}

/// `100 (x(2) - x(1)^2)^2`: whole numbers in brackets behind what a head lists, or behind a name that has a 1 and a 2 there, are MATLAB's
/// entries.
pub(super) fn entries(statements: &mut [StatementTokens]) {
    let listed: BTreeSet<Name> = statements.iter().filter_map(|s| heads::parameters(&s.tokens)).flatten().collect();
    let heads: BTreeSet<Name> = statements.iter().filter_map(heads::defined).collect();
    let mut numbers: BTreeMap<Name, BTreeSet<String>> = BTreeMap::new();
    let mut others = BTreeSet::new();
    for tokens in statements.iter().map(|s| &s.tokens) {
        for at in 1..tokens.len() {
            let Some(name) = tokens[at - 1].tok.name() else { continue };
            match number(tokens, at) {
                Some(number) => drop(numbers.entry(name.clone()).or_default().insert(number.to_owned())),
                None if tokens[at].tok == Tok::Open(Bracket::Paren) => drop(others.insert(name.clone())),
                None => {}
            }
        }
    }
    let two = |found: &BTreeSet<String>| found.contains("1") && found.contains("2");
    numbers.retain(|name, found| {
        (listed.contains(name) || two(found)) && !others.contains(name) && !heads.contains(name) && is_array(name)
    });
    for tokens in statements.iter_mut().map(|s| &mut s.tokens).filter(|_| !numbers.is_empty()) {
        let old = std::mem::take(tokens);
        for (at, token) in old.iter().enumerate() {
            let entry = |open: usize| {
                let name = open.checked_sub(1).and_then(|name| old[name].tok.name());
                name.is_some_and(|name| numbers.contains_key(name)) && number(&old, open).is_some()
            };
            let sign = |tok: Tok| Token { tok, spaced: false, ..token.clone() };
            match at {
                _ if entry(at) => tokens.push(sign(Tok::Open(Bracket::Square))),
                1.. if entry(at - 1) => tokens.extend([token.clone(), sign(Tok::DotDot), token.clone()]),
                2.. if entry(at - 2) => tokens.push(sign(Tok::Close(Bracket::Square))),
                _ => tokens.push(token.clone()),
            }
        }
    }
}

/// The number of `(2)`, at once behind what is before it.
fn number(tokens: &[Token], open: usize) -> Option<&str> {
    let [bracket, number, close, ..] = tokens.get(open..)? else { return None };
    let brackets =
        bracket.tok == Tok::Open(Bracket::Paren) && !bracket.spaced && close.tok == Tok::Close(Bracket::Paren);
    match &number.tok {
        Tok::Number(n) if brackets && n != "0" && n.bytes().all(|b| b.is_ascii_digit()) => Some(n),
        _ => None,
    }
}
