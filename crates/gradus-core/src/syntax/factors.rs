//! Letters of functions that stand before a bracket as factors: `g_L (V - E_L)`, `e^{-σ (s_i - s_j)}`, `h (ν - ν_0)`.

use super::scope::FUNCTION_LETTERS;
use super::token::{Bracket, Tok, Token, closing};
use super::{heads, names};
use crate::diag::Span;
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

/// A letter before a bracket, and what is in that.
struct LetterBefore<'a> {
    name: &'a Name,
    at: usize,
    close: usize,
    inside: &'a [Token],
}

/// The letters of functions that stand before brackets.
fn letters(tokens: &[Token]) -> impl Iterator<Item = LetterBefore<'_>> {
    tokens.iter().enumerate().filter_map(|(at, token)| {
        let name = token.tok.name().filter(|n| FUNCTION_LETTERS.contains(&names::split(n).0))?;
        let open = tokens.get(at + 1).filter(|t| t.tok == Tok::Open(Bracket::Paren))?;
        let close = closing(tokens, at + 1).filter(|close| tokens[*close].span.start > open.span.start)?;
        Some(LetterBefore { name, at, close, inside: &tokens[at + 2..close] })
    })
}

/// Those that are factors wherever they stand.
pub(super) fn factors<'a>(statements: impl Iterator<Item = &'a [Token]>) -> BTreeSet<Name> {
    let mut found: BTreeMap<Name, bool> = BTreeMap::new();
    for tokens in statements {
        for before in letters(tokens) {
            let Some(names) = difference(before.inside) else {
                found.insert(before.name.clone(), false);
                continue;
            };
            let index = index_of(before.name);
            let shared = index.is_some() && names.iter().any(|n| index_of(n) == index);
            let factor = shared || before.name.as_str() == "σ" && below_e(&tokens[..before.at]);
            found.entry(before.name.clone()).and_modify(|all| *all &= factor).or_insert(factor);
        }
    }
    found.into_iter().filter_map(|(name, factor)| factor.then_some(name)).collect()
}

/// `\sigma(y - x)`, `\phi(a + 1)`: sums of lone letters behind letters of functions that are read as calls.
pub(super) fn calls<'a>(statements: impl Iterator<Item = &'a [Token]>) -> Vec<(Name, Span)> {
    let summed = |tokens: &'a [Token]| {
        let fitting = letters(tokens).filter(|before| difference(before.inside).is_some());
        fitting.map(|b| (b.name.clone(), tokens[b.at].span.to(tokens[b.close].span)))
    };
    statements.flat_map(summed).collect()
}

/// `h (ν - ν_0)`, `g (1 + \sin θ)` in texts without a sign of arrays, where these letters stand in no other way: factors or
/// functions; σ too in what changes with time, `\dot x = σ (y - x)`. With where the first of each stands.
pub(super) fn doubtful<'a>(statements: impl Iterator<Item = &'a [Token]>, changes: bool) -> Vec<(Name, Span)> {
    let mut found: Vec<(Name, Span, bool)> = Vec::new();
    for tokens in statements {
        let array = |t: &Token| matches!(t.tok, Tok::Bar(_) | Tok::Prime | Tok::Open(Bracket::Matrix));
        if tokens.iter().any(|t| array(t) || t.tok.is_transpose()) {
            return Vec::new();
        }
        for before in
            letters(tokens).filter(|b| matches!(names::split(b.name).0, "g" | "h") || changes && b.name.as_str() == "σ")
        {
            let time = |names: Vec<&Name>| names.iter().any(|n| matches!(n.as_str(), "t" | "τ"));
            let doubt = difference(before.inside).is_some_and(|names| !time(names));
            match found.iter_mut().find(|(name, ..)| name == before.name) {
                Some((.., all)) => *all &= doubt,
                None => {
                    let span = tokens[before.at].span.to(tokens[before.close].span);
                    found.push((before.name.clone(), span, doubt));
                }
            }
        }
    }
    found.into_iter().filter_map(|(name, span, doubt)| doubt.then_some((name, span))).collect()
}

/// The names of a sum of lone letters and numbers, or functions of lone letters, that takes away or holds a number: `y - x`,
/// `1 + \sin θ`, `\sin θ - μ \cos θ`.
fn difference(inside: &[Token]) -> Option<Vec<&Name>> {
    let plain = |t: &Token| {
        matches!(t.tok, Tok::Plus | Tok::Minus | Tok::Name(_) | Tok::Number(_) | Tok::Function(_) | Tok::Superscript(_))
    };
    let terms: Vec<&[Token]> =
        inside.split(|t| matches!(t.tok, Tok::Plus | Tok::Minus)).filter(|term| !term.is_empty()).collect();
    let lone = |term: &&[Token]| {
        let called = term.iter().filter(|t| heads::is_function(t)).count();
        let letters = term.iter().filter(|t| t.tok.name().is_some() && !heads::is_function(t)).count();
        letters <= 1 + called
    };
    let number = |term: &&[Token]| matches!(term, [Token { tok: Tok::Number(_), .. }]);
    let minus = inside.iter().skip(1).any(|t| t.tok == Tok::Minus);
    let says = minus || terms.iter().any(number);
    let doubtful = terms.len() > 1 && says && inside.iter().all(plain) && terms.iter().all(lone);
    doubtful.then(|| inside.iter().filter_map(|t| t.tok.name()).collect())
}

/// The index of a quantity, a capital or a word: the L of `g_L`, the Na of `E_{Na}`. Small letters and numbers count.
fn index_of(name: &Name) -> Option<&str> {
    let (_, index) = name.as_str().rsplit_once('_')?;
    let word = index.chars().all(char::is_alphabetic) && index.starts_with(char::is_uppercase);
    word.then_some(index)
}

/// Whether these tokens end in `e^{-`, `e^{`, `\exp(-`.
fn below_e(before: &[Token]) -> bool {
    let before = match before {
        [rest @ .., Token { tok: Tok::Minus, .. }] => rest,
        all => all,
    };
    match before {
        [.., e, Token { tok: Tok::Caret, .. }, Token { tok: Tok::Open(Bracket::Brace), .. }] => e.tok.is_name("e"),
        [.., exp, Token { tok: Tok::Open(Bracket::Paren), .. }] => exp.tok.is_name("exp"),
        _ => false,
    }
}
