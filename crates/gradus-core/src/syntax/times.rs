//! `\dot x(t) = A x(t) + B u(t)`, `e(n) = d(n) - w^T(n) x(n)`: what is said of one time.

use super::layout::StatementTokens;
use super::scope::FUNCTION_LETTERS;
use super::token::{Bracket, Tok, Token, without};
use super::{functions, heads, names, remarks, samples};
use crate::diag::Note;
use crate::expr::Name;
use std::collections::BTreeSet;

/// Leaves `(t)` out where a head is a rate, `(t)`, `(n)` or `(k)` where several letters on the right that are no functions have it, and
/// the time stands in such brackets alone, behind names that have no others.
pub(super) fn leave_out(statements: &mut [StatementTokens]) -> Option<Note> {
    let rate = statements.iter().any(|s| is_rate_in_time(&s.tokens));
    ["t", "n", "k"].into_iter().find_map(|time| {
        let moved = at_one_time(statements, time, rate && time == "t")?;
        for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
            let said =
                (1..tokens.len()).filter(|at| is_time(tokens, *at, time) && samples::owner(tokens, *at).is_some());
            let brackets = said.flat_map(|at| at..at + 3).collect();
            without(tokens, &brackets);
        }
        Some(remarks::times(&moved, time))
    })
}

/// The names that stand at this time, where nothing else is said of it.
fn at_one_time(statements: &[StatementTokens], time: &str, rate: bool) -> Option<BTreeSet<Name>> {
    let (mut moved, mut called, mut right) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for tokens in statements.iter().map(|s| &s.tokens) {
        let sign = heads::equals(tokens).first().copied().unwrap_or(0);
        for (i, token) in tokens.iter().enumerate() {
            let bracket = i > 0 && token.tok == Tok::Open(Bracket::Paren) && !token.spaced;
            let name = samples::owner(tokens, i).filter(|_| bracket).and_then(|at| tokens[at].tok.name());
            match name {
                Some(name) if is_time(tokens, i, time) => {
                    moved.insert(name.clone());
                    right.extend(Some(name.clone()).filter(|_| i > sign));
                }
                Some(name) => drop(called.insert(name.clone())),
                None if token.tok.is_name(time) && !(i > 0 && is_time(tokens, i - 1, time)) => return None,
                None => {}
            }
        }
    }
    let built_in = |name: &Name| functions::signature(name.as_str()).is_some();
    let letter = |name: &Name| !FUNCTION_LETTERS.contains(&names::split(name).0);
    let several = right.len() > 1 && right.iter().all(letter);
    let clash = moved.iter().any(|name| called.contains(name) || built_in(name));
    (!clash && (rate || several)).then_some(moved)
}

/// `(t)`.
fn is_time(tokens: &[Token], at: usize, letter: &str) -> bool {
    let [open, time, close, ..] = &tokens[at..] else { return false };
    open.tok == Tok::Open(Bracket::Paren) && time.tok.is_name(letter) && close.tok == Tok::Close(Bracket::Paren)
}

/// `\dot x(t) =`, `\tau\dot V(t) =`, `x'(t) =`.
fn is_rate_in_time(tokens: &[Token]) -> bool {
    let Some(sign) = heads::equals(tokens).first().copied() else { return false };
    let rate = |at: usize| tokens[at].tok == Tok::Prime || tokens[at].tok.name().is_some_and(names::is_rate);
    (1..sign).any(|at| is_time(tokens, at, "t") && rate(at - 1))
}
