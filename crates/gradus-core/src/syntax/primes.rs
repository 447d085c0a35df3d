//! `x'` as a name of its own: of `k(x, x')` and `x' = …`, where a transpose would mean nothing.

use super::layout::StatementTokens;
use super::token::{BarSide, Bracket, Tok, Token};
use super::{declaration, heads, names, remarks};
use crate::diag::Note;
use crate::expr::Name;
use std::collections::BTreeSet;

/// `[W h \| W x]`: one pair of bars within brackets is no norm, but the sign of a concatenation.
pub(super) fn concatenations(tokens: &mut [Token]) -> bool {
    let mut open: Vec<(bool, Vec<usize>)> = vec![];
    let mut found = vec![];
    let value = heads::equals(tokens).first().map_or(0, |sign| sign + 1);
    // `KL[q \| p]`
    let word = |i: usize| tokens[..i].last().and_then(|t| t.tok.name()).is_some_and(|n| names::split(n).0.len() > 2);
    for (i, token) in tokens.iter().enumerate().skip(value) {
        match token.tok {
            Tok::Open(bracket) => open.push((bracket == Bracket::Square && !word(i), vec![])),
            Tok::Close(_) => {
                if let Some((true, bars)) = open.pop()
                    && let [bar] = bars[..]
                {
                    found.push(bar);
                }
            }
            Tok::Bar(BarSide::Either) => {
                if let Some((_, bars)) = open.last_mut() {
                    bars.push(i);
                }
            }
            _ => {}
        }
    }
    let between = |tokens: &[Token], bar: usize| {
        !matches!(tokens[bar - 1].tok, Tok::Open(_) | Tok::Comma)
            && !matches!(tokens[bar + 1].tok, Tok::Close(_) | Tok::Comma)
    };
    found.retain(|bar| between(tokens, *bar));
    found.iter().for_each(|bar| tokens[*bar].tok = Tok::Semicolon);
    !found.is_empty()
}

/// Makes names of the primed letters that are defined, that a head lists among its parameters, or that only ever stand as terms beside others.
pub(super) fn rename(statements: &mut [StatementTokens]) -> Vec<Note> {
    let mut found: BTreeSet<Name> = BTreeSet::new();
    let mut factors: BTreeSet<Name> = BTreeSet::new();
    let mut terms: BTreeSet<Name> = BTreeSet::new();
    let mut alone: BTreeSet<Name> = BTreeSet::new();
    // what is declared has a shape, which says whether its transpose fits
    let declarations = statements.iter().filter(|s| declaration::is_declaration(&s.tokens));
    let declared: BTreeSet<Name> = declarations.flat_map(|s| declaration::heads(&s.tokens)).collect();
    for statement in statements.iter() {
        let tokens = &statement.tokens;
        let head = heads::equals(tokens).first().copied().unwrap_or(0);
        for (i, name) in primed(tokens) {
            match () {
                // `x'^\top`: nobody transposes twice
                () if is_transpose(tokens, i + 2) || follows_row(tokens, i) => found.insert(name.clone()),
                () if i < head && is_parameter(tokens, i) => found.insert(name.clone()),
                () if i == 0 && head == 2 => found.insert(name.clone()),
                () if is_term(tokens, i) && !declared.contains(name) => terms.insert(name.clone()),
                () if is_parameter(tokens, i) && !declared.contains(name) => alone.insert(name.clone()),
                () => factors.insert(name.clone()),
            };
        }
    }
    found.extend(terms.difference(&factors).cloned());
    found.extend(arguments(statements).difference(&declared).cloned());
    // `d(h' + r, t')`: what is an argument is read as the others are
    if !found.is_empty() {
        found.extend(alone.difference(&factors).cloned());
    }
    statements.iter_mut().for_each(|s| replace(&mut s.tokens, &found));
    found.iter().map(remarks::primed).collect()
}

/// The primed names of `φ(s')` beside `φ(s)`, `Q(s', a')` beside `Q(s, a)`: a function is not taken of a column and of a row.
fn arguments(statements: &[StatementTokens]) -> BTreeSet<Name> {
    let tokens = || statements.iter().map(|s| &s.tokens);
    let calls: Vec<(Name, Vec<(Name, bool)>)> =
        tokens().flat_map(|t| (1..t.len()).filter_map(|i| call(t, i))).collect();
    let names = |args: &[(Name, bool)]| args.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
    let plain = calls.iter().filter(|(_, args)| args.iter().all(|(_, primed)| !primed));
    let plain: BTreeSet<(Name, Vec<Name>)> = plain.map(|(f, args)| (f.clone(), names(args))).collect();
    let beside = calls.iter().filter(|(f, args)| plain.contains(&(f.clone(), names(args))));
    let primed = beside.flat_map(|(_, args)| args.iter().filter(|(_, primed)| *primed));
    primed.map(|(name, _)| name.clone()).collect()
}

/// A call of names, of which some have one prime, whose bracket opens at this place.
fn call(tokens: &[Token], open: usize) -> Option<(Name, Vec<(Name, bool)>)> {
    let function = tokens[open - 1].tok.name().filter(|_| tokens[open].tok == Tok::Open(Bracket::Paren))?;
    let (mut at, mut args) = (open + 1, vec![]);
    loop {
        let name = tokens.get(at)?.tok.name()?.clone();
        let primed = tokens.get(at + 1)?.tok == Tok::Prime;
        args.push((name, primed));
        at += 1 + usize::from(primed);
        match tokens.get(at)?.tok {
            Tok::Comma => at += 1,
            Tok::Close(Bracket::Paren) => return Some((function.clone(), args)),
            _ => return None,
        }
    }
}

/// The names with one prime after them, and their places.
fn primed(tokens: &[Token]) -> impl Iterator<Item = (usize, &Name)> {
    let once = |i: usize| {
        matches!(tokens.get(i + 1), Some(t) if t.tok == Tok::Prime && !t.spaced)
            && !matches!(tokens.get(i + 2).map(|t| &t.tok), Some(Tok::Prime | Tok::Open(Bracket::Paren)))
    };
    tokens.iter().enumerate().filter_map(move |(i, t)| Some((i, t.tok.name()?)).filter(|_| once(i)))
}

/// A transpose stands at this place: `^\top`, `^{T}`, `ᵀ`.
pub(super) fn is_transpose(tokens: &[Token], at: usize) -> bool {
    let braced = usize::from(tokens.get(at + 1).is_some_and(|t| t.tok == Tok::Open(Bracket::Brace)));
    let exponent = tokens.get(at + 1 + braced).map(|t| &t.tok);
    match tokens.get(at).map(|t| &t.tok) {
        Some(Tok::Superscript(s)) => s == "T",
        Some(Tok::Caret) => exponent.is_some_and(Tok::is_transpose),
        _ => false,
    }
}

/// `w^\top x'`: nobody multiplies what is transposed by a row.
pub(super) fn follows_row(tokens: &[Token], i: usize) -> bool {
    let transposed = match &tokens[..i] {
        [.., caret, open, sign, close] if close.tok == Tok::Close(Bracket::Brace) => {
            caret.tok == Tok::Caret && open.tok == Tok::Open(Bracket::Brace) && sign.tok.is_transpose()
        }
        [.., caret, sign] => caret.tok == Tok::Caret && sign.tok.is_transpose(),
        _ => false,
    };
    transposed && tokens[i].tok.name().is_some_and(|n| n.as_str().starts_with(char::is_lowercase))
}

/// `(x, x')`, in a head.
fn is_parameter(tokens: &[Token], i: usize) -> bool {
    let before = i.checked_sub(1).map(|i| &tokens[i].tok);
    matches!(before, Some(Tok::Comma | Tok::Semicolon | Tok::Open(Bracket::Paren)))
        && matches!(tokens.get(i + 2).map(|t| &t.tok), Some(Tok::Comma | Tok::Semicolon | Tok::Close(Bracket::Paren)))
}

/// A small letter that is added to others and multiplied by nothing: the transpose of a column is added to no column. A
/// number is added to anything: `1 - y'` says nothing.
fn is_term(tokens: &[Token], i: usize) -> bool {
    let sign = |t: Option<&Tok>| matches!(t, Some(Tok::Plus | Tok::Minus));
    let before = i.checked_sub(1).map(|i| &tokens[i].tok);
    let after = tokens.get(i + 2).map(|t| &t.tok);
    let opens = matches!(before, None | Some(Tok::Open(_) | Tok::Bar(_) | Tok::Pipe(_)));
    let closes = matches!(after, None | Some(Tok::Close(_) | Tok::Bar(_) | Tok::Pipe(_) | Tok::End));
    let small = tokens[i].tok.name().is_some_and(|n| n.as_str().starts_with(char::is_lowercase));
    let number = |i: Option<usize>| matches!(i.and_then(|i| tokens.get(i)).map(|t| &t.tok), Some(Tok::Number(_)));
    let beside = sign(before) && !number(i.checked_sub(2)) || sign(after) && !number(Some(i + 3));
    small && beside && ((sign(before) && (sign(after) || closes)) || (opens && sign(after)))
}

/// `\Delta x` is one name, the change of x; Δ alone is one of its own.
pub(super) fn changes(statements: &mut [StatementTokens]) {
    let is_change = |tokens: &[Token], i: usize| {
        let [change, name, after, ..] = &tokens[i..] else { return false };
        let called = after.tok == Tok::Open(Bracket::Paren) && !after.spaced;
        change.tok.is_name("Δ") && name.tok.name().is_some_and(is_letter) && !called
    };
    let places =
        |tokens: &[Token]| -> Vec<usize> { (0..tokens.len()).filter(|i| tokens[*i].tok.is_name("Δ")).collect() };
    if !statements.iter().all(|s| places(&s.tokens).into_iter().all(|i| is_change(&s.tokens, i))) {
        return;
    }
    for statement in statements {
        for i in places(&statement.tokens).into_iter().rev() {
            let name = statement.tokens.remove(i + 1);
            let base = name.tok.name().map_or("", Name::as_str);
            statement.tokens[i].tok = Tok::Name(Name::new(&format!("Δ{base}")));
            statement.tokens[i].span.end = name.span.end;
        }
    }
}

fn is_letter(name: &Name) -> bool {
    names::split(name).0.chars().nth(1).is_none()
}

fn replace(tokens: &mut Vec<Token>, found: &BTreeSet<Name>) {
    let places: Vec<usize> = primed(tokens).filter(|(_, n)| found.contains(*n)).map(|(i, _)| i).collect();
    for i in places.into_iter().rev() {
        let prime = tokens.remove(i + 1);
        if let Some(name) = tokens[i].tok.name().cloned() {
            tokens[i].tok = Tok::Name(names::primed(&name));
            tokens[i].span.end = prime.span.end;
        }
    }
}
