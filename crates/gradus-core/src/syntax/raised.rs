//! Signs above a name that are marks of it: `P^-`, `E^\circ`, and `z_i^+`, where that is no positive part.

use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token};
use super::{concentrations, heads, names, primes, remarks, split_index};
use crate::diag::{Error, Kind, Note};
use crate::expr::Name;
use std::collections::BTreeSet;

/// How far back the bracket of a call is sought.
const NEAR: usize = 64;

/// Makes names of the marked letters.
pub(super) fn rename(statements: &mut [StatementTokens], latex: bool) -> Vec<Note> {
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        each_mark(tokens, |tokens, at| {
            let minus = minus_after_caret(&tokens[at - 1..], latex).map(|length| (length, "minus"));
            minus.or_else(|| circle_after_caret(&tokens[at..]).map(|length| (length, "circ")))
        });
    }
    let standard = standard_values(statements);
    let starred: BTreeSet<Name> = statements.iter().flat_map(|s| starred(&s.tokens)).collect();
    for tokens in statements.iter_mut().map(|s| &mut s.tokens).filter(|_| !starred.is_empty()) {
        each_mark(tokens, |tokens, at| {
            let base = tokens[at - 1].tok.name().and_then(split_index);
            Some((star(&tokens[at..])?, "star")).filter(|_| base.is_some_and(|(base, _)| starred.contains(&base)))
        });
    }
    let names = positives(statements);
    for statement in statements.iter_mut() {
        each_mark(&mut statement.tokens, |tokens, at| {
            let (name, length) = plus(tokens, at)?;
            names.contains(&letter(name)).then_some((length, "plus"))
        });
        statement.errors.extend(undecided(&statement.tokens));
    }
    let told = names.iter().filter(|name| !is_defined(statements, name));
    told.map(remarks::positive).chain(starred.iter().map(remarks::starred)).chain(standard).collect()
}

/// The letters of `\xi_i + \xi_i^*`, `\alpha_i - \alpha_i^*`: members beside those of a second family, no number beside its conjugate.
fn starred(tokens: &[Token]) -> impl Iterator<Item = Name> {
    let sign = |t: &Token| matches!(t.tok, Tok::Plus | Tok::Minus);
    let beside = move |at: usize| {
        let name = tokens[at].tok.name()?;
        let after = star(&tokens[at + 1..])?;
        let same = |i: usize| tokens.get(i).is_some_and(|t| t.tok.name() == Some(name));
        let before = at > 1 && sign(&tokens[at - 1]) && same(at - 2);
        let behind = tokens.get(at + 1 + after).is_some_and(sign) && same(at + 2 + after);
        split_index(name).filter(|(_, places)| (before || behind) && super::index_letters(places).next().is_some())
    };
    (0..tokens.len()).filter_map(beside).map(|(base, _)| base)
}

/// How many tokens `^*`, `^{*}` has.
fn star(tokens: &[Token]) -> Option<usize> {
    match tokens {
        [caret, sign, ..] if caret.tok == Tok::Caret && sign.tok == Tok::Times => Some(2),
        [caret, open, sign, close, ..] if caret.tok == Tok::Caret && sign.tok == Tok::Times => {
            (open.tok == Tok::Open(Bracket::Brace) && close.tok == Tok::Close(Bracket::Brace)).then_some(4)
        }
        _ => None,
    }
}

/// `E^0 - \frac{RT}{nF} \ln Q`: a capital to the power 0 is the value at the standard state, written E°.
fn standard_values(statements: &mut [StatementTokens]) -> Vec<Note> {
    let mut found = BTreeSet::new();
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        let zero = |t: &[Token]| t.first().is_some_and(|t| t.tok == Tok::Caret) && is_zero(&t[1..]);
        let capital = |t: &Token| t.tok.name().filter(|n| n.as_str().starts_with(char::is_uppercase)).cloned();
        found.extend((1..tokens.len()).filter(|at| zero(&tokens[*at..])).filter_map(|at| capital(&tokens[at - 1])));
        each_mark(tokens, |tokens, at| {
            (zero(&tokens[at..]) && capital(&tokens[at - 1]).is_some()).then_some((2, "circ"))
        });
    }
    found.iter().map(remarks::standard).collect()
}

/// A lone 0.
fn is_zero(tokens: &[Token]) -> bool {
    matches!(tokens.first().map(|t| &t.tok), Some(Tok::Number(n)) if n == "0")
}

/// Takes the marks that are found down into the names before them.
fn each_mark(tokens: &mut Vec<Token>, mark: impl Fn(&[Token], usize) -> Option<(usize, &'static str)>) {
    if !tokens.iter().any(|t| t.tok == Tok::Caret) {
        return;
    }
    let old = std::mem::take(tokens);
    let mut at = 0;
    while at < old.len() {
        let found = if at > 0 && old[at].tok == Tok::Caret { mark(&old, at) } else { None };
        match (found, tokens.last_mut().map(|t| (t.tok.name().cloned(), t))) {
            (Some((length, mark)), Some((Some(name), last))) => {
                last.tok = Tok::Name(names::worn(&name, mark));
                last.span.end = old[at + length - 1].span.end;
                at += length;
            }
            _ => {
                tokens.push(old[at].clone());
                at += 1;
            }
        }
    }
}

/// The names that change in time, `\dot I`, and those of several concentrations, `[S]` beside `[I]`.
pub(super) fn quantities(tokens: &[Token]) -> Vec<Name> {
    let base = |t: &Token| Some(Name::new(t.tok.name()?.as_str().strip_suffix("_dot")?));
    let concentrations = Some(concentrations::of_capitals(tokens)).filter(|found| found.len() > 1);
    tokens.iter().filter_map(base).chain(concentrations.into_iter().flatten()).collect()
}

// ---- ^+

/// The name before `^+` or `^{+}` at this place, and how many tokens the mark has.
fn plus(tokens: &[Token], at: usize) -> Option<(&Name, usize)> {
    let name = tokens.get(at.checked_sub(1)?)?.tok.name().filter(|n| n.as_str() != "e")?;
    match tokens.get(at..)? {
        [caret, sign, ..] if caret.tok == Tok::Caret && sign.tok == Tok::Plus => Some((name, 2)),
        [caret, open, sign, close, ..] if caret.tok == Tok::Caret && sign.tok == Tok::Plus => {
            let braces = open.tok == Tok::Open(Bracket::Brace) && close.tok == Tok::Close(Bracket::Brace);
            braces.then_some((name, 4))
        }
        _ => None,
    }
}

/// The letter that wears the mark: z of `z_i^+`.
fn letter(name: &Name) -> Name {
    Name::new(names::split(name).0)
}

/// The small letters whose `^+` are names: a head defines one, or one stands where a positive part would be none of a number.
fn positives(statements: &[StatementTokens]) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    for tokens in statements.iter().map(|s| &s.tokens) {
        let head = heads::equals(tokens).first().copied().unwrap_or(0);
        let marks = (1..tokens.len()).filter_map(|at| plus(tokens, at).map(|(name, length)| (at, name, length)));
        let own = marks.filter(|(at, name, length)| {
            let defined = *at == 1 && head == 1 + length;
            defined || name.as_str().starts_with(char::is_lowercase) && is_array(tokens, *at, *length)
        });
        found.extend(own.map(|(_, name, _)| letter(name)));
    }
    found
}

/// `w^\top x^+`, `x^{+\top} w`, `f(x, x^+)`, `\|x - x^+\|`: positive parts are of numbers.
fn is_array(tokens: &[Token], at: usize, length: usize) -> bool {
    let before = at.checked_sub(2).map(|i| &tokens[i].tok);
    let after = tokens.get(at + length).map(|t| &t.tok);
    let argument = matches!(before, Some(Tok::Comma | Tok::Open(Bracket::Paren | Bracket::Angle)))
        && matches!(after, Some(Tok::Comma | Tok::Close(Bracket::Paren | Bracket::Angle)));
    let called = || {
        let near = &tokens[at.saturating_sub(NEAR)..at];
        let open = near.iter().rposition(|t| matches!(t.tok, Tok::Open(Bracket::Paren | Bracket::Angle)));
        let angle = |i: usize| near[i].tok == Tok::Open(Bracket::Angle);
        open.is_some_and(|i| angle(i) || i > 0 && near[i - 1].tok.name().is_some())
    };
    let distance = matches!(before, Some(Tok::Minus)) && matches!(after, Some(Tok::Bar(_)))
        || matches!(before, Some(Tok::Bar(_))) && matches!(after, Some(Tok::Minus));
    primes::follows_row(tokens, at - 1) || primes::is_transpose(tokens, at + length) || distance || argument && called()
}

fn is_defined(statements: &[StatementTokens], letter: &Name) -> bool {
    let name = names::worn(letter, "plus");
    statements.iter().filter_map(heads::defined).any(|n| n == name)
}

/// `x^+` of a small letter that nothing shows to be an array.
fn undecided(tokens: &[Token]) -> Option<Error> {
    let (at, name) = (1..tokens.len()).find_map(|at| {
        let (name, _) = plus(tokens, at)?;
        name.as_str().starts_with(char::is_lowercase).then_some((at, name))
    })?;
    let spelled = name.as_str();
    Some(
        Error::new(Kind::Name, format!("{spelled}^+: is it the positive part of `{spelled}`, or a name of its own?"))
            .at(tokens[at - 1].span.to(tokens[at + 1].span), "read in both ways")
            .help(format!("the positive part is `\\max({spelled}, 0)`; a name is {spelled}_{{p}}")),
    )
}

// ---- other signs

/// `E^\circ`, `G^{\circ}`: the name of a standard state; `A^{\circ 2}` is a power.
fn circle_after_caret(tokens: &[Token]) -> Option<usize> {
    let circle = |t: &Token| matches!(t.tok, Tok::Had { .. });
    match tokens {
        [caret, open, sign, close, ..] if caret.tok == Tok::Caret && open.tok == Tok::Open(Bracket::Brace) => {
            (circle(sign) && close.tok == Tok::Close(Bracket::Brace)).then_some(4)
        }
        [caret, sign, after, ..] if caret.tok == Tok::Caret && circle(sign) => {
            (!matches!(after.tok, Tok::Number(_))).then_some(2)
        }
        _ => None,
    }
}

/// The tokens of `^-` or `^{-}` after a name. TeX raises the one sign; elsewhere a space or an operator ends it. `e^-x` and `A^-1` are powers.
fn minus_after_caret(tokens: &[Token], latex: bool) -> Option<usize> {
    let [name, caret, rest @ ..] = tokens else { return None };
    if caret.tok != Tok::Caret || name.tok.name().is_none_or(|n| n.as_str() == "e") {
        return None;
    }
    match rest {
        [open, minus, close, ..] if open.tok == Tok::Open(Bracket::Brace) && minus.tok == Tok::Minus => {
            matches!(close.tok, Tok::Close(_)).then_some(4)
        }
        [minus, after, ..] if minus.tok == Tok::Minus => {
            let number = matches!(after.tok, Tok::Number(_) | Tok::Open(Bracket::Brace)) || after.tok.is_transpose();
            let operand = matches!(
                after.tok,
                Tok::Name(_) | Tok::Function(_) | Tok::Open(_) | Tok::Frac | Tok::Sqrt | Tok::Radical
            );
            // `P^-(I - K H)` without a backslash: nobody takes a bracket for an exponent of a capital
            let bracket = after.tok == Tok::Open(Bracket::Paren);
            let capital = name.tok.name().is_some_and(|n| n.as_str().starts_with(char::is_uppercase));
            let operand = operand && !(bracket && capital);
            (!number && (latex || after.spaced || !operand)).then_some(2)
        }
        _ => None,
    }
}
