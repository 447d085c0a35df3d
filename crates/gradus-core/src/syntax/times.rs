//! `\dot x(t) = A x(t) + B u(t)`: what is said of one time.

use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token, without};
use super::{functions, heads, names, remarks};
use crate::diag::Note;
use crate::expr::Name;
use std::collections::BTreeSet;

/// Leaves `(t)` out where a head is a rate, and t stands in such brackets alone, behind names that have no others.
pub(super) fn leave_out(statements: &mut [StatementTokens]) -> Option<Note> {
    if !statements.iter().any(|s| is_rate_in_time(&s.tokens)) {
        return None;
    }
    let (mut moved, mut called, mut alone) = (BTreeSet::new(), BTreeSet::new(), false);
    for tokens in statements.iter().map(|s| &s.tokens) {
        for (i, token) in tokens.iter().enumerate() {
            let name = i.checked_sub(1).and_then(|before| base(tokens, before));
            let bracket = token.tok == Tok::Open(Bracket::Paren) && !token.spaced;
            match name.filter(|_| bracket) {
                Some(name) if is_time(tokens, i) => moved.insert(name.clone()),
                Some(name) => called.insert(name.clone()),
                None => {
                    alone |= token.tok.is_name("t") && !(i > 0 && is_time(tokens, i - 1));
                    continue;
                }
            };
        }
    }
    let built_in = |name: &Name| functions::signature(name.as_str()).is_some();
    if alone || moved.iter().any(|name| called.contains(name) || built_in(name)) {
        return None;
    }
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        let said = (1..tokens.len()).filter(|at| is_time(tokens, *at) && base(tokens, at - 1).is_some());
        let brackets = said.flat_map(|at| at..at + 3).collect();
        without(tokens, &brackets);
    }
    Some(remarks::times(&moved))
}

/// The name before `(t)`, perhaps with a prime.
fn base(tokens: &[Token], at: usize) -> Option<&Name> {
    match &tokens[at].tok {
        Tok::Name(name) => Some(name),
        Tok::Prime => at.checked_sub(1).and_then(|before| tokens[before].tok.name()),
        _ => None,
    }
}

/// `(t)`.
fn is_time(tokens: &[Token], at: usize) -> bool {
    let [open, time, close, ..] = &tokens[at..] else { return false };
    open.tok == Tok::Open(Bracket::Paren) && time.tok.is_name("t") && close.tok == Tok::Close(Bracket::Paren)
}

/// `\dot x(t) =`, `\tau\dot V(t) =`, `x'(t) =`.
fn is_rate_in_time(tokens: &[Token]) -> bool {
    let Some(sign) = heads::equals(tokens).first().copied() else { return false };
    let rate = |at: usize| tokens[at].tok == Tok::Prime || tokens[at].tok.name().is_some_and(names::is_rate);
    (1..sign).any(|at| is_time(tokens, at) && rate(at - 1))
}
