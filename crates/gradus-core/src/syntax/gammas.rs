//! Γ, factorials and binomial coefficients as `lgamma`: n! is Γ(n + 1) = exp(lgamma(n + 1)), and where a logarithm stands
//! before it, that of Γ is taken at once.

use super::layout::StatementTokens;
use super::token::{self, Bracket, Tok, Token};
use crate::expr::Name;

/// Brings them to calls. Γ is the function where all of a text has it before brackets, and once behind a logarithm or in a
/// quotient.
pub(super) fn rewrite(statements: &mut [StatementTokens]) {
    let function = is_function(statements);
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        if tokens.iter().any(|t| matches!(t.tok, Tok::Binom | Tok::Factorial)) {
            replace(tokens, binomial);
            replace(tokens, factorial);
        }
        if function {
            replace(tokens, gamma);
        }
    }
}

/// A statement has at most so many of them.
const MOST: usize = 256;

/// Γ as tokens hold it.
fn is_gamma(token: &Token) -> bool {
    token.tok.is_name("Γ")
}

fn is_function(statements: &[StatementTokens]) -> bool {
    let mut told = false;
    if statements.iter().flat_map(|s| &s.tokens).filter(|t| is_gamma(t)).count() > MOST {
        return false;
    }
    for tokens in statements.iter().map(|s| &s.tokens) {
        for (i, _) in tokens.iter().enumerate().filter(|(_, t)| is_gamma(t)) {
            if tokens.get(i + 1).is_none_or(|t| t.tok != Tok::Open(Bracket::Paren)) {
                return false;
            }
            let before = |n: usize| i.checked_sub(n).map(|at| &tokens[at]);
            let close = token::closing(tokens, i + 1);
            let beside = close.and_then(|c| tokens.get(c + 1)).is_some_and(is_gamma);
            let quotient = before(1).is_some_and(|t| matches!(t.tok, Tok::Slash | Tok::Open(Bracket::Brace)));
            let opened = before(1).is_some_and(|t| t.tok == Tok::Open(Bracket::Paren));
            let log = before(1).is_some_and(is_log) || opened && before(2).is_some_and(is_log);
            told |= log || quotient || beside;
        }
    }
    told
}

fn is_log(token: &Token) -> bool {
    matches!(&token.tok, Tok::Function(f) | Tok::Name(f) if matches!(f.as_str(), "log" | "ln"))
}

/// What stands at a place, the tokens of its argument without brackets, and how it goes on: the value of Γ at a sum.
struct OfGamma {
    /// All of it.
    from: usize,
    to: usize,
    value: Vec<GammaTerm>,
}

/// log Γ of tokens, added or taken away.
struct GammaTerm {
    minus: bool,
    argument: Vec<Tok>,
}

/// Puts calls in place of what `found` finds, until it finds no more.
fn replace(tokens: &mut Vec<Token>, found: fn(&[Token], usize) -> Option<OfGamma>) {
    let (mut at, mut left) = (0, MOST);
    while at < tokens.len() && left > 0 {
        let Some(OfGamma { mut from, mut to, value }) = found(tokens, at) else {
            at += 1;
            continue;
        };
        let log_at = |i: Option<usize>| i.is_some_and(|i| is_log(&tokens[i]));
        let bracket = from > 0 && tokens[from - 1].tok == Tok::Open(Bracket::Paren);
        let closes = tokens.get(to + 1).is_some_and(|t| t.tok == Tok::Close(Bracket::Paren));
        let log = if log_at(from.checked_sub(1)) {
            from -= 1;
            true
        } else if bracket && closes && log_at(from.checked_sub(2)) {
            (from, to) = (from - 2, to + 1);
            true
        } else {
            false
        };
        let place = Token { tok: Tok::End, span: tokens[from].span.to(tokens[to].span), spaced: tokens[from].spaced };
        let calls = call(value, log).into_iter().map(|tok| Token { tok, ..place.clone() });
        tokens.splice(from..=to, calls);
        at = from + 1;
        left -= 1;
    }
}

/// `exp(lgamma(a) - lgamma(b))`, without exp where its logarithm is taken.
fn call(value: Vec<GammaTerm>, log: bool) -> Vec<Tok> {
    let name = |text: &str| Tok::Function(Name::new(text));
    let (open, close) = (Tok::Open(Bracket::Paren), Tok::Close(Bracket::Paren));
    let grouped = !log || value.len() > 1;
    let mut toks: Vec<Tok> = if log { vec![] } else { vec![name("exp")] };
    toks.extend(grouped.then_some(open.clone()));
    for (i, term) in value.into_iter().enumerate() {
        toks.extend((i > 0).then_some(if term.minus { Tok::Minus } else { Tok::Plus }));
        toks.extend([name("lgamma"), open.clone()]);
        toks.extend(term.argument);
        toks.push(close.clone());
    }
    toks.extend(grouped.then_some(close));
    toks
}

/// One more than these.
fn next(tokens: &[Token]) -> Vec<Tok> {
    let group = [Tok::Plus, Tok::Number("1".to_owned())];
    tokens.iter().map(|t| t.tok.clone()).chain(group).collect()
}

/// `Γ(α)`.
fn gamma(tokens: &[Token], at: usize) -> Option<OfGamma> {
    is_gamma(&tokens[at]).then_some(())?;
    let close = token::closing(tokens, at + 1)?;
    let argument = tokens[at + 2..close].iter().map(|t| t.tok.clone()).collect();
    Some(OfGamma { from: at, to: close, value: vec![GammaTerm { minus: false, argument }] })
}

/// `n!`, `(n - k)!`.
fn factorial(tokens: &[Token], at: usize) -> Option<OfGamma> {
    let last = at.checked_sub(1).filter(|_| tokens[at].tok == Tok::Factorial)?;
    let from = match tokens[last].tok {
        Tok::Name(_) | Tok::Number(_) => last,
        Tok::Close(_) => opening(tokens, last)?,
        _ => return None,
    };
    Some(OfGamma { from, to: at, value: vec![GammaTerm { minus: false, argument: next(&tokens[from..at]) }] })
}

/// Where the bracket opens that closes at a token.
fn opening(tokens: &[Token], close: usize) -> Option<usize> {
    let mut depth = 0usize;
    (0..=close).rev().find(|i| {
        match tokens[*i].tok {
            Tok::Close(_) => depth += 1,
            Tok::Open(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// `\binom{n}{k}`: n! over k! and (n − k)!.
fn binomial(tokens: &[Token], at: usize) -> Option<OfGamma> {
    (tokens[at].tok == Tok::Binom).then_some(())?;
    let brace = |i: usize| tokens.get(i).is_some_and(|t| t.tok == Tok::Open(Bracket::Brace));
    let group = |i: usize| match brace(i) {
        true => token::closing(tokens, i),
        false => Some(i),
    };
    let above = group(at + 1)?;
    let below = group(above + 1).filter(|to| *to < tokens.len())?;
    let (n, k) = (&tokens[at + 1..=above], &tokens[above + 1..=below]);
    let rest: Vec<Token> =
        n.iter().cloned().chain([Token { tok: Tok::Minus, ..tokens[at].clone() }]).chain(k.iter().cloned()).collect();
    let value = [(false, next(n)), (true, next(k)), (true, next(&rest))];
    let value = value.into_iter().map(|(minus, argument)| GammaTerm { minus, argument }).collect();
    Some(OfGamma { from: at, to: below, value })
}
