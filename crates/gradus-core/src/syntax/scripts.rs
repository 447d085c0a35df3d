//! Scripts in TeX's order: what stands below a letter may come after what stands above it, `x^2_i`, `w^\top_j x`, `\Sigma^{-1}_k`,
//! and either may stand at a group that holds one name, `{\bf x}_i`.

use super::token::{Bracket, Tok, Token, closing};
use super::{functions, names};
use crate::diag::Span;
use crate::expr::Name;

/// An exponent before an index has at most so many tokens.
const MAX_EXPONENT: usize = 64;

/// Brings the scripts of every name to one order: its index is a part of it, its exponent follows.
pub(super) fn ordered(tokens: &mut Vec<Token>) {
    let index = |t: &Token| matches!(t.tok, Tok::Subscript(_) | Tok::Caret | Tok::Open(Bracket::Brace));
    if !tokens.iter().any(index) {
        return;
    }
    let old = std::mem::take(tokens);
    tokens.reserve(old.len());
    let mut at = 0;
    while at < old.len() {
        if let Some((ones, length)) = ones(&old[at..]) {
            tokens.extend(ones);
            at += length;
        } else if let Some(name) = lone(&old[at..]).filter(|_| begins(tokens.last())) {
            tokens.push(name);
            at += 3;
        } else if let Some(name) = ungrouped(&old[at..]).filter(|_| !takes_group(tokens.last())) {
            tokens.push(name);
            at += 4;
        } else if let Some((name, exponent, length)) = lowered(&old[at..]).filter(|_| !says_space(tokens.last())) {
            tokens.push(name);
            tokens.extend(exponent);
            at += length;
        } else {
            tokens.push(old[at].clone());
            at += 1;
        }
    }
}

/// `^T1`, `^\top 1`: nobody multiplies what is transposed by the number 1, these are ones. The tokens that say so, and how many
/// they were.
fn ones(tokens: &[Token]) -> Option<([Token; 3], usize)> {
    let [caret, sign, rest @ ..] = tokens else { return None };
    if caret.tok != Tok::Caret {
        return None;
    }
    let name = |name: &str, span| Token { tok: Tok::Name(Name::new(name)), span, spaced: false };
    let Span { start, end } = sign.span;
    if sign.tok.is_name("T_1") && end - start == 2 {
        let (transpose, ones) = (name("T", Span::new(start, end - 1)), name("𝟏", Span::new(end - 1, end)));
        return Some(([caret.clone(), transpose, ones], 2));
    }
    let one = rest.first().filter(|_| sign.tok.is_transpose() && is_lone_one(rest))?;
    Some(([caret.clone(), sign.clone(), Token { spaced: one.spaced, ..name("𝟏", one.span) }], 3))
}

/// The number 1, and nothing behind it that would go on with it.
fn is_lone_one(tokens: &[Token]) -> bool {
    let ends = |t: &Token| {
        matches!(t.tok, Tok::Close(_) | Tok::End | Tok::Plus | Tok::Minus | Tok::Equals | Tok::Comma | Tok::Newline)
    };
    let [Token { tok: Tok::Number(n), .. }, rest @ ..] = tokens else { return false };
    n == "1" && rest.first().is_none_or(ends)
}

/// `{ z }` is z.
fn lone(tokens: &[Token]) -> Option<Token> {
    let [open, name, close, next, ..] = tokens else { return None };
    let group = open.tok == Tok::Open(Bracket::Brace) && close.tok == Tok::Close(Bracket::Brace);
    (group && next.tok == Tok::Equals && name.tok.name().is_some()).then(|| name.clone())
}

/// Whether a statement may begin after this.
fn begins(before: Option<&Token>) -> bool {
    before.is_none_or(|t| {
        matches!(t.tok, Tok::Newline | Tok::RowBreak | Tok::Align | Tok::Comma | Tok::Semicolon | Tok::Boundary(_))
    })
}

/// `{x}_i` is `x_i`.
fn ungrouped(tokens: &[Token]) -> Option<Token> {
    let [open, name, close, index, ..] = tokens else { return None };
    let group = open.tok == Tok::Open(Bracket::Brace) && close.tok == Tok::Close(Bracket::Brace);
    match &index.tok {
        Tok::Subscript(text) if group => marked(name, text),
        _ => None,
    }
}

/// `\frac{a}{x}_i`: the group before an index is an argument.
fn takes_group(before: Option<&Token>) -> bool {
    matches!(before.map(|t| &t.tok), Some(Tok::Frac | Tok::Sqrt | Tok::Caret | Tok::Under | Tok::Close(Bracket::Brace)))
}

/// `f: R^n -> R^m`: what follows is a space, whose exponent is a size.
fn says_space(before: Option<&Token>) -> bool {
    matches!(before.map(|t| &t.tok), Some(Tok::Colon | Tok::Arrow | Tok::In))
}

/// A name whose index stands behind its exponent: with its index, the exponent, and how many tokens they were.
fn lowered(tokens: &[Token]) -> Option<(Token, Vec<Token>, usize)> {
    let (name, rest) = tokens.split_first()?;
    // the exponent of e is a formula, and what the language has by a word has no index
    name.tok.name().filter(|n| n.as_str() != "e" && !functions::is_reserved(n.as_str()))?;
    let length = exponent(rest)?;
    let last = &rest[length - 1];
    // `w^T_j`: TeX sets the index of an exponent without braces below the letter
    if length == 2
        && let Some((base, Some(index))) = last.tok.name().map(names::split)
        && last.span.end - last.span.start > base.len() + index.len()
        && !names::is_accent(index)
        // of another exponent the index may be its own: `K_1^κ_3`, `𝟏^p_n`
        && base == "T"
        && names::split(name.tok.name()?).1.is_none()
    {
        let exponent = Token { tok: Tok::Name(names::canonical(base, &[])), ..last.clone() };
        return Some((marked(name, index)?, vec![rest[0].clone(), exponent], 3));
    }
    match rest.get(length) {
        Some(Token { tok: Tok::Subscript(index), spaced: false, .. }) => {
            Some((marked(name, index)?, rest[..length].to_vec(), length + 2))
        }
        Some(_) | None => None,
    }
}

/// How many tokens stand above a name.
fn exponent(tokens: &[Token]) -> Option<usize> {
    match &tokens.first()?.tok {
        Tok::Prime | Tok::Superscript(_) => Some(1),
        Tok::Caret => match &tokens.get(1)?.tok {
            Tok::Name(_) | Tok::Number(_) | Tok::Top | Tok::Prime => Some(2),
            Tok::Open(Bracket::Brace) => closing(&tokens[..tokens.len().min(MAX_EXPONENT + 1)], 1).map(|i| i + 1),
            _ => None,
        },
        _ => None,
    }
}

/// A name with one more index.
fn marked(token: &Token, index: &str) -> Option<Token> {
    let name = token.tok.name()?;
    Some(Token { tok: Tok::Name(names::canonical(name.as_str(), &[index.to_owned()])), ..token.clone() })
}
