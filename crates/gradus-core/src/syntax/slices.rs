//! Parts of arrays as programs write them, `w[1:]`, `x[:-1]`, `theta(2:end)`, `w[2:length(w)]`: what the language writes as
//! `x[2..n]`, where the text tells how its places are counted. The last place is `…`, whatever the array's size is called.

use super::comprehensions::at_commas;
use super::postfix::first_place;
use super::scope::ScopeNames;
use super::token::{Bracket, Tok, Token, closing};
use super::{declaration, errors, functions};
use crate::diag::Span;

/// Rewrites the slices of a statement whose places the text tells how to count.
pub(super) fn rewrite(text: &str, names: &ScopeNames, tokens: &mut Vec<Token>) {
    let numpy = names.numpy;
    if !numpy && !tokens.iter().any(|t| t.tok == Tok::Colon) || declaration::is_declaration(tokens) {
        return;
    }
    let first = if numpy { Some(0) } else { first_place(names.dotted, tokens) };
    // a new list: texts may hold thousands of them
    let mut read = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match slice(text, tokens, at, first) {
            Some((close, slice)) => {
                read.extend(slice);
                at = close + 1;
            }
            None => {
                read.push(token.clone());
                at += 1;
            }
        }
    }
    *tokens = read;
}

/// Where the slice that opens here ends, and what it is in the language.
fn slice(text: &str, tokens: &[Token], open: usize, first: Option<u32>) -> Option<(usize, Vec<Token>)> {
    let Tok::Open(bracket @ (Bracket::Paren | Bracket::Square)) = tokens[open].tok else { return None };
    let base = tokens.get(open.checked_sub(1)?)?;
    let of = base.tok.name().filter(|_| !tokens[open].spaced)?;
    if functions::signature(of.as_str()).is_some() || functions::missing(of.as_str()).is_some() {
        return None;
    }
    let close = closing(tokens, open)?;
    let inner = &tokens[open + 1..close];
    let from_behind =
        matches!(inner, [Token { tok: Tok::Minus, .. }, Token { tok: Tok::Number(_), .. }]) && first == Some(0);
    // brackets within are few: `2:length(w)`, and no text in which slices nest
    if inner.len() > 24 || !inner.iter().any(|t| t.tok == Tok::Colon) && !from_behind {
        return None;
    }
    let axes: Vec<SliceAxis> = at_commas(inner).map(|axis| SliceAxis::of(text, base, axis)).collect::<Option<_>>()?;
    let one = bracket == Bracket::Paren || axes.iter().any(SliceAxis::names_the_end);
    let open_ended = bracket == Bracket::Square && axes.iter().any(SliceAxis::is_open);
    let first = if one {
        1
    } else if open_ended {
        0
    } else {
        first?
    };
    // MATLAB's `x(:)` stacks columns
    let stacked = bracket == Bracket::Paren && axes.len() == 1 && axes[0].ends.iter().all(Vec::is_empty);
    // NumPy's `X[0, :]` is a column, and no row of X
    if stacked || axes.len() > 2 || first == 0 && axes.len() == 2 && axes[0].is_place() && !axes[1].is_place() {
        return None;
    }
    let mut read = vec![sign(Tok::Open(Bracket::Square), tokens[open].span)];
    for (i, axis) in axes.iter().enumerate() {
        read.extend((i > 0).then(|| sign(Tok::Comma, tokens[open].span)));
        read.extend(axis.counted_from(first, tokens[open].span)?);
    }
    read.push(sign(Tok::Close(Bracket::Square), tokens[close].span));
    Some((close, read))
}

/// A place, or the two ends of a range.
struct SliceAxis {
    ends: Vec<Vec<Token>>,
}

impl SliceAxis {
    /// `None` for steps, `x[::2]`, and for what is no sum of names and numbers.
    fn of(text: &str, base: &Token, tokens: &[Token]) -> Option<SliceAxis> {
        let ends =
            tokens.split(|t| t.tok == Tok::Colon).map(|end| ended(text, base, end)).collect::<Option<Vec<_>>>()?;
        (ends.len() <= 2).then_some(SliceAxis { ends })
    }

    fn is_place(&self) -> bool {
        self.ends.len() == 1
    }

    /// `1:`, `:-1`: as in Python alone; `:` is all of every language.
    fn is_open(&self) -> bool {
        let negative = |end: &Vec<Token>| matches!(end[..], [Token { tok: Tok::Minus, .. }, _]);
        self.ends.iter().any(negative) || self.ends.len() == 2 && self.ends[0].is_empty() != self.ends[1].is_empty()
    }

    fn names_the_end(&self) -> bool {
        self.ends.iter().flatten().any(|t| t.tok == Tok::Ellipsis || is_size(t))
    }

    /// `a..b`, both counted from 1 and both within.
    fn counted_from(&self, first: u32, span: Span) -> Option<Vec<Token>> {
        let (from, to) = match &self.ends[..] {
            [place] => (place, place),
            [from, to] => (from, to),
            _ => return None,
        };
        let shift = 1 - first;
        let from = if from.is_empty() { vec![sign(Tok::Number("1".into()), span)] } else { shifted(from, shift)? };
        // the end of a range of Python lies outside
        let to = match &to[..] {
            [] => vec![sign(Tok::Ellipsis, span)],
            to if self.is_place() => shifted(to, shift)?,
            to => shifted(to, 0)?,
        };
        Some(from.into_iter().chain([sign(Tok::DotDot, span)]).chain(to).collect())
    }
}

/// One end, in which `end` and `lastindex(w)` of the array itself are its last place; `None` where it is more than a sum of names
/// and numbers, or a size.
fn ended(text: &str, base: &Token, tokens: &[Token]) -> Option<Vec<Token>> {
    let last = |t: &Token| sign(Tok::Ellipsis, t.span);
    match tokens {
        [word] if errors::spelling(text, word) == "end" => Some(vec![last(word)]),
        [word, rest @ ..] if errors::spelling(text, word) == "end" => {
            ended(text, base, rest).map(|rest| [last(word)].into_iter().chain(rest).collect())
        }
        [word, _, of, _] if errors::spelling(text, word) == "lastindex" && of.tok == base.tok => Some(vec![last(word)]),
        [word, open, .., close]
            if (is_size(word) || word.tok.is_name("len")) && open.tok == Tok::Open(Bracket::Paren) =>
        {
            (close.tok == Tok::Close(Bracket::Paren)).then(|| tokens.to_vec())
        }
        _ => {
            let plain = |t: &Token| matches!(t.tok, Tok::Number(_) | Tok::Name(_) | Tok::Plus | Tok::Minus);
            tokens.iter().all(plain).then(|| tokens.to_vec())
        }
    }
}

/// The word of a size, `length(w)`, in languages that count from 1.
fn is_size(word: &Token) -> bool {
    ["length", "size", "numel", "nrow"].iter().any(|size| word.tok.is_name(size))
}

/// The tokens of a place, so many further; `-k` is counted from the last place.
fn shifted(tokens: &[Token], by: u32) -> Option<Vec<Token>> {
    let span = tokens.first()?.span;
    let number = |n: u32| sign(Tok::Number(n.to_string()), span);
    match tokens {
        [Token { tok: Tok::Number(n), .. }] => Some(vec![number(n.parse::<u32>().ok()?.checked_add(by)?)]),
        [Token { tok: Tok::Minus, .. }, Token { tok: Tok::Number(n), .. }] => {
            let back = n.parse::<u32>().ok()?.checked_sub(by)?;
            let last = sign(Tok::Ellipsis, span);
            Some(if back == 0 { vec![last] } else { vec![last, sign(Tok::Minus, span), number(back)] })
        }
        _ if by == 0 => Some(tokens.to_vec()),
        _ => Some(tokens.iter().cloned().chain([sign(Tok::Plus, span), number(by)]).collect()),
    }
}

fn sign(tok: Tok, span: Span) -> Token {
    Token { tok, span, spaced: false }
}
