//! `A_ij` in LaTeX: TeX sets A_i j, and its author means `A_{ij}` where i and j are indices of the text.

use super::layout::StatementTokens;
use super::subscript;
use super::token::{Tok, Token};
use crate::expr::Name;
use std::collections::BTreeSet;

/// Joins an index with those that follow it at once, and tells the names that came of it. `free` are indices that no sign
/// of the text binds.
pub(super) fn join(text: &str, statements: &mut [StatementTokens], free: &BTreeSet<Name>) -> BTreeSet<Name> {
    let mut indices = free.clone();
    for statement in statements.iter() {
        indices.extend(bound(&statement.tokens));
        indices.extend(of_head(&statement.tokens));
    }
    statements.iter_mut().flat_map(|s| joined(text, &mut s.tokens, &indices)).collect()
}

/// The letters below the signs of sums, products and maxima.
fn bound(tokens: &[Token]) -> impl Iterator<Item = Name> {
    let below = |at: usize| tokens[at + 1..].iter().take_while(|t| !matches!(t.tok, Tok::Close(_)));
    let signs =
        (1..tokens.len()).filter(|at| tokens[*at].tok == Tok::Under && matches!(tokens[at - 1].tok, Tok::Gather(_)));
    signs.flat_map(below).filter_map(|t| t.tok.name()).filter(|n| is_index(n)).cloned()
}

/// The free indices of `z_i = …`.
fn of_head(tokens: &[Token]) -> Vec<Name> {
    let equals = tokens.iter().position(|t| t.tok == Tok::Equals).unwrap_or(0);
    let heads = tokens[..equals].iter().filter_map(|t| t.tok.name());
    heads.filter_map(subscript::split_index).flat_map(|(_, places)| letters(&places)).collect()
}

fn letters(places: &[subscript::WrittenPlace]) -> Vec<Name> {
    subscript::index_letters(places).filter(|l| is_index(l)).cloned().collect()
}

fn is_index(name: &Name) -> bool {
    let mut letters = name.as_str().chars();
    letters.next().is_some_and(char::is_lowercase) && letters.next().is_none()
}

fn joined(text: &str, tokens: &mut Vec<Token>, indices: &BTreeSet<Name>) -> Vec<Name> {
    let mut found = vec![];
    let mut at = 0;
    while at + 1 < tokens.len() {
        match together(text, &tokens[at], &tokens[at + 1], indices) {
            Some(name) => {
                tokens[at].span.end = tokens[at + 1].span.end;
                tokens[at].tok = Tok::Name(name.clone());
                tokens.remove(at + 1);
                found.retain(|shorter| !name.as_str().starts_with(Name::as_str(shorter)));
                found.push(name);
            }
            None => at += 1,
        }
    }
    found
}

/// The one name of `A_i` and the `j` that stands at it.
fn together(text: &str, array: &Token, next: &Token, indices: &BTreeSet<Name>) -> Option<Name> {
    let (name, letter) = (array.tok.name()?, next.tok.name().filter(|l| indices.contains(*l))?);
    let touch = array.span.end == next.span.start && !text[..array.span.end].ends_with('}');
    let (_, places) = subscript::split_index(name).filter(|_| touch)?;
    let at_indices = places.iter().all(|p| p.offset == 0 && p.letter.as_ref().is_some_and(|l| indices.contains(l)));
    at_indices.then(|| Name::new(&format!("{name}{letter}")))
}
