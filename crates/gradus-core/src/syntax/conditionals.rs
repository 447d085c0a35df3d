//! Calls of what a formula defines as a conditional: `\log p(y \mid x)` beside `p(y \mid x) = \sigma(w^\top x)`.

use super::heads;
use super::layout::StatementTokens;
use super::token::{BarSide, Tok, Token, closing, opens};
use crate::expr::Name;
use std::collections::BTreeSet;

/// So many calls of one statement are read.
const MAX_CALLS: usize = 64;

/// The bar of such a call parts its arguments, as that of the head does.
pub(super) fn call(statements: &mut [StatementTokens]) {
    let defined: BTreeSet<Name> = statements.iter().filter_map(|s| conditional(&s.tokens)).collect();
    if defined.is_empty() {
        return;
    }
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        let called = |at: &usize| tokens[*at].tok.name().is_some_and(|n| defined.contains(n)) && opens(tokens, at + 1);
        let calls: Vec<usize> = (0..tokens.len()).filter(called).take(MAX_CALLS).collect();
        for at in calls {
            if let Some(bar) = closing(tokens, at + 1).and_then(|close| lone_bar(tokens, at + 2, close)) {
                tokens[bar].tok = Tok::Comma;
            }
        }
    }
}

/// The name of `p(y \mid x) = …`.
fn conditional(tokens: &[Token]) -> Option<Name> {
    heads::parameters(tokens)?;
    let head = tokens.iter().take_while(|t| t.tok != Tok::Equals);
    let has_bar = head.into_iter().any(is_bar);
    tokens.first()?.tok.name().filter(|_| has_bar).cloned()
}

fn is_bar(token: &Token) -> bool {
    matches!(token.tok, Tok::Pipe(BarSide::Either) | Tok::Bar(BarSide::Either))
}

/// The bar between the arguments, where there is one.
fn lone_bar(tokens: &[Token], from: usize, to: usize) -> Option<usize> {
    let mut bars = (from..to).filter(|at| is_bar(&tokens[*at]));
    let first = bars.next()?;
    bars.next().is_none().then_some(first)
}
