//! What programs have and formulas lack: loops, conditions, assignments that change a name, slices. Each is refused by its
//! name; where it says what a formula can say, that formula is written out.

use super::layout::StatementTokens;
use super::reassigned::augmenting;
use super::token::{Bracket, Tok, Token, closing};
use super::{declaration, errors, functions, heads, program_calls};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;
use std::collections::BTreeSet;

/// No more of them are told.
const MAX_FOUND: usize = 20;

/// Words that begin a statement of a program, what that is, and what to write.
const FIRST_WORDS: &[(&str, &str, &str)] = &[
    ("for", "a loop", LOOP),
    ("while", "a loop", "give the formula of one step, or of what the loop ends with"),
    ("if", "a condition of a program", CHOICE),
    ("elif", "a condition of a program", CHOICE),
    ("elseif", "a condition of a program", CHOICE),
    ("else", "a condition of a program", CHOICE),
    ("else:", "a condition of a program", CHOICE),
    ("try", "the handling of errors", "give the formula alone"),
    ("assert", "a check of a program", "leave it out; declarations are written x: n"),
    ("global", "a declaration of a program", "declarations are written x: n"),
    ("class", "a class", "give the formula that its method returns"),
];

const LOOP: &str = "write what it adds up as a sum, sum(w[i] * x[i] for i in range(n)), or with whole arrays, w^T x";
const CHOICE: &str = "write where(x > 0, a, b), which is a where x > 0 and b elsewhere";

/// Puts an error in the place of every statement that begins with a construct of programs, or holds one.
pub(super) fn refuse(text: &str, program: bool, statements: &mut [StatementTokens]) {
    let mut found: Vec<(usize, Error)> = Vec::new();
    let mut defined = BTreeSet::new();
    for (i, statement) in statements.iter().enumerate() {
        if found.len() >= MAX_FOUND {
            break;
        }
        let tokens = &statement.tokens;
        let error = first_word(text, statements, i)
            .or_else(|| changed_name(text, tokens, &defined).filter(|_| !program))
            .or_else(|| several_names(tokens))
            .or_else(|| choice(text, tokens))
            .or_else(|| comprehension(text, tokens))
            .or_else(|| call_in_squares(tokens))
            .or_else(|| slice(text, tokens));
        found.extend(error.map(|error| (i, error)));
        defined.extend(heads::defined(statement));
    }
    for (i, error) in found {
        statements[i].errors = vec![error];
    }
}

fn refused(what: &str, span: Span, label: &str, help: impl Into<String>) -> Error {
    Error::new(Kind::Unsupported, format!("{what} is not in the language")).at(span, label).help(help)
}

fn spelled<'a>(text: &'a str, tokens: &[Token], at: usize) -> &'a str {
    tokens.get(at).map_or("", |t| errors::spelling(text, t))
}

/// `for i in range(n):`, `while …`, `if …`.
fn first_word(text: &str, statements: &[StatementTokens], i: usize) -> Option<Error> {
    let tokens = &statements[i].tokens;
    let word = spelled(text, tokens, 0);
    let (_, what, help) = FIRST_WORDS.iter().find(|(first, ..)| *first == word)?;
    // a name of the document
    if matches!(tokens.get(1).map(|t| &t.tok), Some(Tok::Equals | Tok::Colon | Tok::Comma | Tok::End)) && word != "else"
    {
        return None;
    }
    if word == "for"
        && let Some((span, sum)) = accumulated(text, statements, i)
    {
        return Some(refused(&format!("{what}, `for`,"), span, "this loop", format!("write it out: `{sum}`")));
    }
    Some(refused(&format!("{what}, `{word}`,"), tokens[0].span, "a construct of programs", *help))
}

/// `s = 0`, `for i in range(n):`, `s += e` as `s = sum(e for i in range(n))`, and what that stands for.
fn accumulated(text: &str, statements: &[StatementTokens], i: usize) -> Option<(Span, String)> {
    let tokens = &statements[i].tokens;
    let colon = tokens.iter().position(|t| t.tok == Tok::Colon)?;
    let range = text.get(tokens.get(1)?.span.start..tokens[colon].span.start)?;
    // in the same line, or alone in the next one
    let own = tokens.len() > colon + 2;
    let body = if own { &tokens[colon + 1..] } else { &statements.get(i + 1)?.tokens[..] };
    let (name, sign, added) = changing(text, body)?;
    let before = statements.get(i.checked_sub(1)?)?;
    let [start, equals, zero, _] = &before.tokens[..] else { return None };
    let begins = start.tok.name() == Some(name)
        && equals.tok == Tok::Equals
        && matches!(&zero.tok, Tok::Number(n) if n.trim_matches(['0', '.']).is_empty());
    let formula = format!("{name} = sum({added} for {})", range.trim());
    (begins && sign == "+").then(|| (start.span.to(end_of(body)), formula))
}

fn end_of(tokens: &[Token]) -> Span {
    tokens.iter().rev().find(|t| t.tok != Tok::End).map_or(Span::default(), |t| t.span)
}

/// `s += e`, `s = s + e`: the name, the sign, and what is added.
fn changing<'a>(text: &'a str, tokens: &'a [Token]) -> Option<(&'a Name, &'a str, &'a str)> {
    let name = tokens.first()?.tok.name()?;
    let rest = |from: usize| {
        let first = tokens.get(from).filter(|t| t.tok != Tok::End)?;
        text.get(first.span.start..end_of(tokens).end)
    };
    if let Some(operator) = augmenting(text, tokens) {
        return Some((name, errors::spelling(text, operator), rest(3)?));
    }
    let (second, third) = (tokens.get(1)?, tokens.get(2)?);
    let sign = errors::spelling(text, tokens.get(3)?);
    (second.tok == Tok::Equals && third.tok.name() == Some(name) && sign == "+")
        .then(|| Some((name, sign, rest(4)?)))?
}

/// `loss += e`, where nothing gave `loss` a value before, and no program says that it came in.
fn changed_name(text: &str, tokens: &[Token], defined: &BTreeSet<Name>) -> Option<Error> {
    augmenting(text, tokens)?;
    let (name, sign, added) = changing(text, tokens)?;
    if defined.contains(name) {
        return None;
    }
    let what = format!("`{name} {sign}=`, an assignment that changes a name,");
    let other = Name::new(&format!("{name}_new"));
    let help = format!("write it out: `{other} = {name} {sign} ({added})`");
    Some(refused(&what, tokens[0].span.to(end_of(tokens)), "the name gets another value here", help))
}

/// `a, b = f(x)`.
fn several_names(tokens: &[Token]) -> Option<Error> {
    if declaration::is_declaration(tokens) {
        return None;
    }
    let opens = usize::from(tokens.first()?.tok == Tok::Open(Bracket::Square));
    let listed = |i: usize, t: &Token| if i.is_multiple_of(2) { t.tok.name().is_some() } else { t.tok == Tok::Comma };
    let names = tokens[opens..].iter().enumerate().take_while(|(i, t)| listed(*i, t)).count();
    let after = opens + names + opens;
    if names < 3 || names % 2 == 0 || tokens.get(after)?.tok != Tok::Equals {
        return None;
    }
    let span = tokens[0].span.to(tokens[after - 1].span);
    let missing = |t: &&Token| t.tok.name().is_some_and(|n| functions::missing(n.as_str()).is_some());
    match tokens[after..].iter().find(missing).and_then(|t| Some((t.tok.name()?, t.span))) {
        Some((name, span)) => Some(functions::unavailable(name, span)),
        None => Some(refused(
            "an assignment to several names",
            span,
            "several names",
            "define each name by its own formula",
        )),
    }
}

/// `a if c else b`.
fn choice(text: &str, tokens: &[Token]) -> Option<Error> {
    let place = |word: &str| tokens.iter().position(|t| errors::spelling(text, t) == word);
    let (condition, other) = (place("if")?, place("else").filter(|_| place("if") < place("else"))?);
    let first = heads::equals(&tokens[..condition]).last().map_or(0, |at| at + 1);
    let end = end_of(tokens);
    let part = |a: usize, b: usize| text.get(tokens.get(a)?.span.start..b).map(str::trim);
    let (yes, no) = (part(first, tokens[condition].span.start)?, part(other + 1, end.end)?);
    let holds = part(condition + 1, tokens[other].span.start)?;
    let compares = tokens[condition..other].iter().any(|t| matches!(t.tok, Tok::Relation(_) | Tok::Equals));
    let span = if compares { tokens[first].span.to(end) } else { tokens[condition].span };
    let help = if compares { format!("write it out: `where({holds}, {yes}, {no})`") } else { CHOICE.to_owned() };
    Some(refused("a choice, `if … else`,", span, "a construct of programs", help))
}

/// `[x^2 for x in xs]`: a list of values; below `sum` it is a sum.
fn comprehension(text: &str, tokens: &[Token]) -> Option<Error> {
    let list = tokens.iter().position(|t| t.tok == Tok::Open(Bracket::Square))?;
    let called = list.checked_sub(1).is_some_and(|at| tokens[at].tok == Tok::Open(Bracket::Paren));
    let close = closing(tokens, list).filter(|_| !called)?;
    let word = tokens[list..close].iter().position(|t| errors::spelling(text, t) == "for")?;
    let loops = tokens[list + word..close].iter().any(|t| t.tok == Tok::In);
    let help =
        "write what is done to every entry of the array: x.^2, f(x); a sum of it as sum(x[i]^2 for i in range(n))";
    loops.then(|| refused("a comprehension, `[… for …]`,", tokens[list + word].span, "a loop over values", help))
}

/// `Table[…]`, `Map[f, x]`: calls of Mathematica.
fn call_in_squares(tokens: &[Token]) -> Option<Error> {
    let called = |pair: &&[Token]| {
        let word = pair[0].tok.name().filter(|n| n.as_str().len() > 2 && n.as_str().starts_with(char::is_uppercase));
        let foreign = |n: &Name| functions::missing(n.as_str()).is_some() && !program_calls::is_function(n);
        word.is_some_and(foreign) && pair[1].tok == Tok::Open(Bracket::Square) && !pair[1].spaced
    };
    let pair = tokens.windows(2).find(called)?;
    Some(functions::unavailable(pair[0].tok.name()?, pair[0].span))
}

/// `X[:, 0]`, `theta(2:end)`, `x[1:3]`: parts of arrays as programs count them.
fn slice(text: &str, tokens: &[Token]) -> Option<Error> {
    let loops = |t: &Token| matches!(t.tok, Tok::In | Tok::Gather(_)) || errors::spelling(text, t) == "for";
    let colon = tokens.iter().any(|t| t.tok == Tok::Colon);
    if !colon || tokens.iter().any(loops) || declaration::is_declaration(tokens) {
        return None;
    }
    for (open, token) in tokens.iter().enumerate().skip(1) {
        let Tok::Open(Bracket::Paren | Bracket::Square) = token.tok else { continue };
        let of = &tokens[open - 1];
        if token.spaced || !matches!(of.tok, Tok::Name(_) | Tok::Close(_)) {
            continue;
        }
        let Some(close) = closing(tokens, open) else { continue };
        if !holds_range(text, &tokens[open..=close]) {
            continue;
        }
        if let Some(name) = of.tok.name().filter(|n| functions::missing(n.as_str()).is_some()) {
            return Some(functions::unavailable(name, of.span));
        }
        let span = of.span.to(tokens[close].span);
        if close == open + 2 && token.tok == Tok::Open(Bracket::Paren) {
            let name = errors::spelling(text, of);
            let help = format!("write it out: `vec({name})`");
            return Some(refused("`(:)`, MATLAB's column of all entries,", span, "all entries", help));
        }
        let help = "places are counted from 1 here and ranges hold both ends: x[2..3]; a column of X is X unit(m, 1), \
                    a row unit(n, 1)^T X";
        return Some(refused("a slice with `:`", span, "a part of an array", help));
    }
    None
}

/// A colon that stands alone, or beside a number or `end`.
fn holds_range(text: &str, bracket: &[Token]) -> bool {
    let edge = |t: &Token| {
        matches!(t.tok, Tok::Open(_) | Tok::Close(_) | Tok::Comma | Tok::Number(_))
            || errors::spelling(text, t) == "end"
    };
    let mut depth = 0usize;
    bracket.windows(3).any(|three| {
        match three[0].tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 1 && three[1].tok == Tok::Colon && (edge(&three[0]) || edge(&three[2]))
    })
}
