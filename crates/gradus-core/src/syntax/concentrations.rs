//! Concentrations: `[S]`, `[HA]`, `[K^+]_o` are names, where a text is of chemistry, and so is `pK_a`.

use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token, without};
use super::{declaration, functions, names};
use crate::diag::{Error, Kind};
use crate::expr::Name;
use std::collections::BTreeSet;

/// A formula and its charge have at most so many tokens.
const MAX_FORMULA: usize = 12;

/// The capitals that stand in square brackets wherever they stand.
pub(super) fn of_capitals(tokens: &[Token]) -> BTreeSet<Name> {
    let (mut within, mut elsewhere) = (BTreeSet::new(), BTreeSet::new());
    for (i, token) in tokens.iter().enumerate() {
        let Some(name) = token.tok.name().filter(|n| n.as_str().starts_with(char::is_uppercase)) else { continue };
        let opens = i.checked_sub(1).is_some_and(|i| tokens[i].tok == Tok::Open(Bracket::Square));
        let closes = tokens.get(i + 1).is_some_and(|t| t.tok == Tok::Close(Bracket::Square));
        if opens && closes { &mut within } else { &mut elsewhere }.insert(name.clone());
    }
    within.difference(&elsewhere).cloned().collect()
}

/// Makes names of them: of all where one has a charge, or where one stands for a compound, `[ES]`, beside single ones. Tells the names.
pub(super) fn rename(statements: &mut [StatementTokens]) -> BTreeSet<Name> {
    let all = || statements.iter().flat_map(|s| formulas(&s.tokens));
    let charged = all().any(|f| f.charge.is_some());
    let single = statements.iter().any(|s| !of_capitals(&s.tokens).is_empty());
    let names = if charged || single && all().any(|f| f.name.bytes().filter(u8::is_ascii_uppercase).count() > 1) {
        statements.iter_mut().flat_map(|s| replace(&mut s.tokens)).collect()
    } else {
        statements.iter_mut().for_each(|s| indexed(&mut s.tokens));
        BTreeSet::new()
    };
    join_powers(statements);
    names
}

/// `[\mathrm A]`, `[A]^n` beside an A without brackets: the concentration has the letter of something else.
pub(super) fn refuse_shared(text: &str, statements: &mut [StatementTokens]) {
    let mut free: BTreeSet<Name> = BTreeSet::new();
    let formulas_of = statements.iter().map(|s| &s.tokens).filter(|tokens| !declaration::is_declaration(tokens));
    for tokens in formulas_of {
        let within: BTreeSet<usize> = formulas(tokens).flat_map(|f| f.open..f.close).collect();
        let outside = tokens.iter().enumerate().filter(|(at, _)| !within.contains(at));
        free.extend(outside.filter_map(|(_, t)| t.tok.name()).cloned());
    }
    for statement in statements.iter_mut() {
        let tokens = &statement.tokens;
        let dissolved = |f: &ChemicalFormula| {
            let upright =
                text.get(tokens[f.open].span.end..tokens[f.close].span.start).is_some_and(|t| t.contains("rm"));
            let order = match tokens.get(f.close + 1..).unwrap_or(&[]) {
                [caret, order, ..] if caret.tok == Tok::Caret => {
                    matches!(&order.tok, Tok::Number(_)) || order.tok.name().is_some_and(|n| n.as_str() != "T")
                }
                _ => false,
            };
            f.charge.is_none() && (upright || order) && free.contains(&Name::new(&f.name))
        };
        let error = |f: ChemicalFormula| {
            let span = tokens[f.open].span.to(tokens[f.close].span);
            let error =
                Error::new(Kind::Name, format!("is [{0}] the concentration of {0}, or {0} in brackets?", f.name));
            error.at(span, "the letter stands without brackets too").help(format!("write it out: `c_{}`", f.name))
        };
        let errors: Vec<Error> = formulas(tokens).filter(dissolved).map(error).collect();
        statement.errors.extend(errors);
    }
}

/// What stands in square brackets: the places of the brackets, the name of what is dissolved, and its charge.
struct ChemicalFormula {
    open: usize,
    close: usize,
    name: String,
    charge: Option<&'static str>,
}

fn formulas(tokens: &[Token]) -> impl Iterator<Item = ChemicalFormula> {
    (0..tokens.len()).filter_map(|at| formula(tokens, at))
}

/// `[HA]`, `[Ca^{2+}]`, `[A-]`: capitals that run together, and perhaps a charge.
fn formula(tokens: &[Token], open: usize) -> Option<ChemicalFormula> {
    let square = |bracket: Tok| move |t: &Token| t.tok == bracket;
    tokens.get(open).filter(|t| square(Tok::Open(Bracket::Square))(t) && !is_called(tokens, open))?;
    let inside = &tokens[open + 1..tokens.len().min(open + 1 + MAX_FORMULA)];
    let inside = &inside[..inside.iter().position(square(Tok::Close(Bracket::Square)))?];
    let letters = inside.iter().take_while(|t| t.tok.name().is_some()).count();
    let (formula, charge) = inside.split_at(letters);
    let joined = formula.windows(2).all(|pair| pair[0].span.end == pair[1].span.start);
    let name: String = formula.iter().filter_map(|t| t.tok.name()).map(|n| n.as_str().replace('_', "")).collect();
    let plain = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    let charge = if charge.is_empty() { None } else { Some(sign_of(charge)?) };
    let close = open + 1 + inside.len();
    (joined && plain).then_some(ChemicalFormula { open, close, name, charge })
}

/// `^+`, `^{2-}`, `+`, `²⁺`: of which sign a charge is.
fn sign_of(charge: &[Token]) -> Option<&'static str> {
    let mut sign = None;
    for token in charge {
        match &token.tok {
            Tok::Plus => sign = Some("plus"),
            Tok::Minus => sign = Some("minus"),
            Tok::Superscript(raised) if raised.ends_with('+') => sign = Some("plus"),
            Tok::Superscript(raised) if raised.ends_with('-') => sign = Some("minus"),
            Tok::Caret | Tok::Number(_) | Tok::Open(Bracket::Brace) | Tok::Close(Bracket::Brace) => {}
            _ => return None,
        }
    }
    sign
}

/// `E[X]`, `\mathbb E[X]`, `Var[X]`.
fn is_called(tokens: &[Token], open: usize) -> bool {
    let before = open.checked_sub(1).map(|at| &tokens[at].tok);
    match before {
        Some(Tok::Gather(_) | Tok::Function(_)) => true,
        Some(Tok::Name(name)) => {
            let word = names::split(name).0;
            matches!(word, "E" | "V" | "P") || functions::signature(word).is_some() || word.chars().nth(1).is_some()
        }
        _ => false,
    }
}

/// One name in the place of every formula in brackets, with the index behind them.
fn replace(tokens: &mut Vec<Token>) -> Vec<Name> {
    let found: Vec<ChemicalFormula> = formulas(tokens).collect();
    let (mut left_out, mut names) = (BTreeSet::new(), vec![]);
    for ChemicalFormula { open, close, name, charge, .. } in found {
        let index = match tokens.get(close + 1).map(|t| &t.tok) {
            Some(Tok::Subscript(index)) => Some(place(index).to_owned()),
            _ => None,
        };
        let marks: Vec<String> = charge.map(str::to_owned).into_iter().chain(index.clone()).collect();
        let last = close + usize::from(index.is_some());
        let name = names::canonical(&name, &marks);
        names.push(name.clone());
        tokens[open].tok = Tok::Name(name);
        tokens[open].span = tokens[open].span.to(tokens[last].span);
        left_out.extend(open + 1..=last);
    }
    without(tokens, &left_out);
    names
}

/// Inside and outside of a cell are no indices.
fn place(index: &str) -> &str {
    match index {
        "i" => "in",
        "o" => "out",
        other => other,
    }
}

/// `[E]_0` is the concentration E_0 in brackets.
fn indexed(tokens: &mut Vec<Token>) {
    let mut lowered: BTreeSet<usize> = BTreeSet::new();
    for at in 3..tokens.len() {
        let Tok::Subscript(mark) = &tokens[at].tok else { continue };
        let word = mark.chars().all(|c| c.is_ascii_digit()) || mark.chars().nth(1).is_some_and(char::is_alphabetic);
        let brackets =
            tokens[at - 3].tok == Tok::Open(Bracket::Square) && tokens[at - 1].tok == Tok::Close(Bracket::Square);
        let capital = tokens[at - 2].tok.name().filter(|n| n.as_str().starts_with(char::is_uppercase));
        if let Some(name) = capital.filter(|_| brackets && word) {
            tokens[at - 2].tok = Tok::Name(names::canonical(name.as_str(), std::slice::from_ref(mark)));
            lowered.insert(at);
        }
    }
    without(tokens, &lowered);
}

/// `pK_a`, `pH`: where every p runs into such a letter, and there is a logarithm, p is the sign of one.
fn join_powers(statements: &mut [StatementTokens]) {
    let joined = |tokens: &[Token], at: usize| {
        let next = tokens.get(at + 1).filter(|next| next.span.start == tokens[at].span.end);
        next.and_then(|t| t.tok.name()).filter(|n| matches!(names::split(n).0, "K" | "H")).cloned()
    };
    let signs =
        |s: &StatementTokens| (0..s.tokens.len()).filter(|at| s.tokens[*at].tok.is_name("p")).collect::<Vec<_>>();
    let logarithm = |t: &Token| match &t.tok {
        Tok::Function(name) | Tok::Name(name) => name.as_str().starts_with("log"),
        _ => false,
    };
    let all = statements.iter().all(|s| signs(s).into_iter().all(|at| joined(&s.tokens, at).is_some()));
    if !all || !statements.iter().flat_map(|s| &s.tokens).any(logarithm) {
        return;
    }
    for statement in statements {
        let mut left_out = BTreeSet::new();
        for at in signs(statement) {
            let tokens = &mut statement.tokens;
            let Some(name) = joined(tokens, at) else { continue };
            tokens[at].tok = Tok::Name(Name::new(&format!("p{name}")));
            tokens[at].span = tokens[at].span.to(tokens[at + 1].span);
            left_out.insert(at + 1);
        }
        without(&mut statement.tokens, &left_out);
    }
}
