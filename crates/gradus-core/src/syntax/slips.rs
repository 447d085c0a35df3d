//! Slips of the hand that read as something else: `lgo det(A)`, `yhat` in LaTeX, `xtAx`, `\sum_{i=1^n}`, ` x ` for ×.

use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token};
use super::{commands, declaration, functions, names};
use crate::diag::{Error, Kind, Span};
use std::collections::BTreeSet;

/// A run of so many letters in LaTeX is rather a word.
const WORD: usize = 4;

/// So many letters of a word stand nowhere else.
const OF_ITS_OWN: usize = 3;

/// Words at the end of a letter for what LaTeX sets above it.
const ACCENTS: &[&str] = &["hat", "bar", "tilde", "dot"];

/// Places, speeds and rates of turning, before a cross product.
const ARMS: &[&str] = &["r", "v", "ω"];

/// Refuses them, each with the text that is meant.
pub(super) fn refuse(text: &str, latex: bool, statements: &mut [StatementTokens]) {
    let runs: Vec<Vec<LetterRun>> = statements.iter().map(|s| runs(text, latex, &s.tokens)).collect();
    let alone = letters_alone(statements, &runs);
    let tokens = statements.iter().flat_map(|s| &s.tokens);
    let whole: BTreeSet<String> = tokens.filter_map(|t| t.tok.name()).map(|n| n.as_str().to_owned()).collect();
    let formulas = statements.iter_mut().zip(runs).filter(|(s, _)| !declaration::is_declaration(&s.tokens));
    for (statement, runs) in formulas {
        let tokens = &statement.tokens;
        let slips = runs.iter().filter_map(|run| {
            swapped(run, latex, tokens)
                .or_else(|| transposed(run, &alone))
                .or_else(|| word(run, &alone).filter(|_| latex))
        });
        let mut errors: Vec<Error> = slips.chain(raised_bounds(text, tokens)).chain(lowered(tokens, &whole)).collect();
        if !latex {
            errors.extend(times(text, tokens).or_else(|| crossed(tokens)));
        }
        statement.errors.append(&mut errors);
    }
}

/// Letters that are typed without a sign between them: one name in plain text, a product of letters in LaTeX.
struct LetterRun<'a> {
    letters: &'a str,
    span: Span,
    /// The token behind it.
    next: usize,
    /// The index below its last letter, `_i`.
    index: &'a str,
}

fn runs<'a>(text: &'a str, latex: bool, tokens: &[Token]) -> Vec<LetterRun<'a>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let joined = |i: usize| tokens[i].span.end == tokens[i + 1].span.start && is_letter(text, &tokens[i + 1]);
        let end = match latex && is_letter(text, &tokens[at]) {
            true => (at..tokens.len() - 1).find(|i| !joined(*i)).unwrap_or(tokens.len() - 1),
            false => at,
        };
        let span = tokens[at].span.to(tokens[end].span);
        let letters = text.get(span.start..span.end).unwrap_or("");
        // `d_model` begins with a name of its own
        let begins = at == 0 || tokens[at - 1].span.end < span.start || tokens[at - 1].tok.name().is_none();
        let last = tokens.get(end + 1).filter(|t| latex && end > at && t.span.start == span.end);
        let last = last.filter(|t| t.tok.name().is_some()).map(|t| t.span);
        let (letters, index) = match last.and_then(|last| text.get(span.start..last.end)?.split_once('_')) {
            Some((letters, _)) => {
                (letters, text.get(span.start + letters.len()..last.map_or(0, |l| l.end)).unwrap_or(""))
            }
            None => (letters, ""),
        };
        let span = last.filter(|_| !index.is_empty()).map_or(span, |last| span.to(last));
        let whole = last.is_none() || !index.is_empty();
        let plain = begins && whole && letters.bytes().all(|b| b.is_ascii_alphabetic()) && letters.len() > 2;
        if plain && tokens[at].tok.name().is_some() && (latex == (end > at)) {
            found.push(LetterRun { letters, span, next: end + 1, index });
        }
        at = end + 1;
    }
    found
}

/// A letter as it is typed.
fn is_letter(text: &str, token: &Token) -> bool {
    let typed = text.get(token.span.start..token.span.end).unwrap_or("");
    typed.len() == 1 && token.tok.name().is_some_and(|n| n.as_str() == typed)
}

/// The letters that stand outside such runs, and not as the sign of a transpose.
fn letters_alone(statements: &[StatementTokens], runs: &[Vec<LetterRun>]) -> BTreeSet<String> {
    let mut alone = BTreeSet::new();
    for (statement, runs) in statements.iter().zip(runs) {
        let mut within = runs.iter().map(|run| run.span).peekable();
        for (at, token) in statement.tokens.iter().enumerate() {
            while within.next_if(|span| span.end <= token.span.start).is_some() {}
            let inside = within.peek().is_some_and(|span| span.start <= token.span.start);
            let raised = at > 0 && statement.tokens[at - 1].tok == Tok::Caret;
            let name = token.tok.name().filter(|_| !inside && !raised);
            alone.extend(name.map(|n| names::split(n).0.to_owned()));
        }
    }
    alone
}

/// `lgo det(A)`, `sni(x)`: the letters of a function with two of them swapped, or one of them twice, before an operand.
fn swapped(run: &LetterRun, latex: bool, tokens: &[Token]) -> Option<Error> {
    let operand = match &tokens.get(run.next)?.tok {
        Tok::Function(_) | Tok::Frac | Tok::Sqrt => true,
        // a call of what is no function is told by its name
        Tok::Name(_) => true,
        Tok::Open(Bracket::Paren) | Tok::Pipe(_) => latex,
        _ => false,
    };
    if !operand || !run.index.is_empty() || functions::signature(run.letters).is_some() {
        return None;
    }
    let swaps = (1..run.letters.len()).map(|i| {
        let mut letters: Vec<char> = run.letters.chars().collect();
        letters.swap(i - 1, i);
        letters.into_iter().collect::<String>()
    });
    let function = swaps.into_iter().find(|other| other != run.letters && functions::is_reserved(other))?;
    let command = latex && commands::command(&function).is_some();
    let written = if command { format!("\\{function}") } else { function.clone() };
    let error = Error::new(Kind::Name, format!("is `{}` the function {function}?", run.letters));
    Some(error.at(run.span, "as letters it is a product").help(format!("write it out: `{written}`")))
}

/// `xtAx`, `xTx`: a t between two of the same letter, and nowhere else.
fn transposed(run: &LetterRun, alone: &BTreeSet<String>) -> Option<Error> {
    let letters: Vec<char> = run.letters.chars().collect();
    let (first, form) = match letters[..] {
        _ if !run.index.is_empty() => return None,
        [a, 't' | 'T', b] if a == b => (a, format!("{a}^T {b}")),
        [a, 't' | 'T', m, b] if a == b && m.is_uppercase() => (a, format!("{a}^T {m} {b}")),
        _ => return None,
    };
    let error = Error::new(Kind::Name, format!("is the {} of `{}` a transpose?", letters[1], run.letters));
    let error = error.at(run.span, "between two of the same letter").help(format!("write it out: `{form}`"));
    (!alone.contains(&letters[1].to_string()) && first.is_lowercase()).then_some(error)
}

/// `yhat`, `margin`: small letters of which hardly one stands anywhere else.
fn word(run: &LetterRun, alone: &BTreeSet<String>) -> Option<Error> {
    let letters: BTreeSet<String> = run.letters.chars().map(String::from).collect();
    let own = letters.iter().filter(|letter| !alone.contains(*letter)).count();
    let small = run.letters.bytes().all(|b| b.is_ascii_lowercase());
    if !small || run.letters.len() < WORD || own < OF_ITS_OWN {
        return None;
    }
    let accent = ACCENTS.iter().find_map(|accent| {
        let letter = run.letters.strip_suffix(accent).filter(|letter| letter.len() == 1)?;
        Some(format!("\\{accent}{{{letter}}}"))
    });
    let command = || commands::command(run.letters).map(|_| format!("\\{}", run.letters));
    let written = accent.or_else(command).unwrap_or_else(|| format!("\\mathrm{{{}}}", run.letters));
    let help = format!("write it out: `{written}{}`; a product has spaces", run.index);
    let error = Error::new(Kind::Name, format!("is `{}` one name here, or a product of letters?", run.letters));
    Some(error.at(run.span, "its letters stand nowhere else").help(help))
}

/// `X_{-T}`, `X_{-1}` beside X: an inverse that has slid below.
fn lowered(tokens: &[Token], whole: &BTreeSet<String>) -> Vec<Error> {
    let slid = |token: &Token| {
        let name = token.tok.name()?;
        let (base, index) = names::split(name);
        let power = index.map(|index| index.trim_matches(['{', '}'])).filter(|index| matches!(*index, "-T" | "-1"))?;
        let capital = base.starts_with(char::is_uppercase) && whole.contains(base);
        let error = Error::new(Kind::Name, format!("is `{name}` an inverse of {base}?"));
        let help = format!("write it out: `{base}^{{{power}}}`");
        capital.then(|| error.at(token.span, "an index that is the sign of an inverse").help(help))
    };
    tokens.iter().filter_map(slid).collect()
}

/// `\sum_{i=1^n}`: what stands above the sign is raised below it.
fn raised_bounds(text: &str, tokens: &[Token]) -> Vec<Error> {
    let typed = |span: Span| text.get(span.start..span.end).unwrap_or("");
    let bound = |at: usize| match &tokens[at..] {
        [sign, under, open, index, equals, first, caret, last, close, rest @ ..]
            if matches!(sign.tok, Tok::Gather(_))
                && under.tok == Tok::Under
                && open.tok == Tok::Open(Bracket::Brace)
                && index.tok.name().is_some()
                && equals.tok == Tok::Equals
                && matches!(first.tok, Tok::Number(_))
                && caret.tok == Tok::Caret
                && matches!(last.tok, Tok::Number(_) | Tok::Name(_))
                && close.tok == Tok::Close(Bracket::Brace)
                && rest.first().is_none_or(|t| t.tok != Tok::Caret) =>
        {
            let below = typed(open.span.to(first.span));
            let error = Error::new(Kind::Syntax, "a power below the sign of a sum: is it what it runs to?");
            let written = format!("write it out: `{below}}}^{}`", typed(last.span));
            Some(error.at(open.span.to(close.span), "the upper end stands above the sign").help(written))
        }
        _ => None,
    };
    (0..tokens.len()).filter_map(bound).collect()
}

/// `A x K^a x L^b`: an x between factors, twice in one product, and nowhere else.
fn times(text: &str, tokens: &[Token]) -> Option<Error> {
    let signs: Vec<usize> = letters_x(tokens);
    let (&first, &last) = (signs.first()?, signs.last()?);
    let product =
        tokens[first..last].iter().all(|t| !matches!(t.tok, Tok::Plus | Tok::Minus | Tok::Equals | Tok::Comma));
    if signs.len() < 2 || !product || !signs.iter().all(|at| is_between(tokens, *at)) {
        return None;
    }
    let span = tokens[first].span.to(tokens[last].span);
    let mut written = text.get(span.start..span.end)?.to_owned();
    for at in signs.iter().rev() {
        let place = tokens[*at].span.start - span.start;
        written.replace_range(place..=place, "*");
    }
    let error = Error::new(Kind::Name, "is x a sign of products here?").at(span, "between factors alone");
    Some(error.help(format!("write it out: `{written}`")))
}

/// `v x B`, `r x p`: one x, between two letters.
fn crossed(tokens: &[Token]) -> Option<Error> {
    let [at] = letters_x(tokens)[..] else { return None };
    let letter = |i: usize| tokens.get(i)?.tok.name().filter(|n| n.as_str().chars().nth(1).is_none());
    let (left, right) = (letter(at.checked_sub(1)?)?, letter(at + 1)?);
    let ends = |i: Option<usize>| i.and_then(|i| tokens.get(i)).is_none_or(|t| !is_factor(t));
    let whole = is_between(tokens, at) && ends(at.checked_sub(2)) && ends(Some(at + 2));
    let field = right.as_str().starts_with(char::is_uppercase)
        && !right.as_str().starts_with(['A', 'K', 'M', 'U', 'W', 'X', 'Y', 'Z']);
    let small = left.as_str().starts_with(char::is_lowercase);
    if !whole || !(ARMS.contains(&left.as_str()) || small && field) {
        return None;
    }
    let span = tokens[at - 1].span.to(tokens[at + 1].span);
    let error = Error::new(Kind::Name, "is x the sign of a cross product here?").at(span, "an x between two letters");
    Some(error.help(format!("write it out: `{left} × {right}`")))
}

/// The places of x, of every one; none where it is called, raised or has an index.
fn letters_x(tokens: &[Token]) -> Vec<usize> {
    (0..tokens.len()).filter(|at| tokens[*at].tok.name().is_some_and(|n| names::split(n).0 == "x")).collect()
}

/// Between two factors, with blank space on both sides.
fn is_between(tokens: &[Token], at: usize) -> bool {
    let spaced = tokens[at].spaced && tokens.get(at + 1).is_some_and(|t| t.spaced);
    let before = at.checked_sub(1).is_some_and(|i| is_factor(&tokens[i]) || matches!(tokens[i].tok, Tok::Close(_)));
    let behind = tokens.get(at + 1).is_some_and(|t| is_factor(t) || matches!(t.tok, Tok::Open(Bracket::Paren)));
    spaced && tokens[at].tok.is_name("x") && before && behind
}

fn is_factor(token: &Token) -> bool {
    matches!(token.tok, Tok::Name(_) | Tok::Number(_) | Tok::Function(_))
}
