//! Facts as texts tell them: `A is m x n`, `\Sigma \succ 0`, `y \in \{-1, 1\}`, `A = A^T`, brought to declarations.

use super::layout::StatementTokens;
use super::token::{Bracket, Connective, Tok, Token};
use super::{declaration, functions};
use crate::diag::{Error, Kind};
use crate::expr::{Gathering, Name};

/// Words of sentences that say nothing of a shape.
const FILLERS: &[&str] =
    &["a", "an", "the", "of", "size", "shape", "dimension", "dimensions", "real", "column", "given", "some"];

/// The names before `∼`, with their commas and brackets, are at most so many tokens.
const MAX_DRAWN: usize = 16;

/// Other words for facts, and the facts that follow from them.
const ADVERBS: &[(&str, &str)] = &[
    ("positive-definite", "spd"),
    ("semidefinite", "symmetric"),
    ("semi-definite", "symmetric"),
    ("nonsingular", "invertible"),
    ("non-singular", "invertible"),
];

/// Brings statements of facts to declarations.
pub(super) fn rewrite(statements: Vec<StatementTokens>) -> Vec<StatementTokens> {
    let mut all: Vec<StatementTokens> = statements.into_iter().flat_map(in_brackets).flat_map(parted).collect();
    let ranges = all.len();
    all.retain(|s| !(s.aside && is_range(&s.tokens)));
    if all.len() < ranges
        && let Some(first) = all.first_mut()
    {
        first.notes.push(super::remarks::range());
    }
    let all = without_draws(all);
    rewritten(all)
}

/// The statements but for `ε ∼ N(0, I)`, which says what is drawn. Under an expectation it says over what, and belongs there.
fn without_draws(mut all: Vec<StatementTokens>) -> Vec<StatementTokens> {
    let drawn: Vec<Vec<Name>> = all.iter().map(|s| drawn(&s.tokens)).collect();
    let expected = all.iter().flat_map(|s| &s.tokens).any(|t| t.tok == Tok::Gather(Gathering::Expectation));
    if drawn.iter().all(Vec::is_empty) || drawn.iter().all(|names| !names.is_empty()) {
        return all;
    }
    let mut noted = vec![];
    for (statement, names) in all.iter_mut().zip(&drawn).filter(|(_, names)| !names.is_empty()) {
        if expected {
            let error = Error::new(Kind::Syntax, "what is drawn is not said below the expectation")
                .at(statement.span(), "of which expectation?");
            let below = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            statement.errors.push(error.help(format!("write it there: \\mathbb{{E}}_{{{below} \\sim …}}[…]")));
        } else {
            noted.push(super::remarks::drawn(names));
        }
    }
    let kept = all.into_iter().zip(drawn).filter(|(_, names)| expected || names.is_empty());
    let mut all: Vec<StatementTokens> = kept.map(|(statement, _)| statement).collect();
    if let Some(first) = all.first_mut() {
        first.notes.extend(noted);
    }
    all
}

/// The names before `∼`, where a statement says nothing else.
fn drawn(tokens: &[Token]) -> Vec<Name> {
    let sign = tokens.iter().position(|t| t.tok == Tok::Relation("∼")).unwrap_or(0);
    let inner = match &tokens[..sign] {
        [open, inner @ .., close] if open.tok == Tok::Open(Bracket::Paren) && matches!(close.tok, Tok::Close(_)) => {
            inner
        }
        inner => inner,
    };
    let names: Option<Vec<Name>> = inner.iter().step_by(2).map(|t| t.tok.name().cloned()).collect();
    let listed = inner.iter().skip(1).step_by(2).all(|t| t.tok == Tok::Comma);
    names.filter(|_| listed && inner.len() % 2 == 1).unwrap_or_default()
}

fn rewritten(mut all: Vec<StatementTokens>) -> Vec<StatementTokens> {
    for statement in all.iter_mut().filter(|s| s.errors.is_empty() && !s.constraint) {
        if is_head_with_colon(&statement.tokens) {
            statement.tokens[1].tok = Tok::Equals;
        }
        if let Some(tokens) = declared(&statement.tokens) {
            statement.tokens = tokens;
        } else if let Some(token) =
            statement.tokens.iter().find(|t| t.tok.is_name("definite") || t.tok.is_name("semidefinite"))
        {
            // words are no factors
            let error = Error::new(Kind::Syntax, "what is said here is no fact that can be declared")
                .at(token.span, "of what?");
            statement.errors.push(error.help("say it of a name: `Σ is symmetric positive definite`"));
        }
        statement.constraint = statement.aside && is_relation(&statement.tokens);
    }
    all
}

/// `i = 1, \dots, n` beside a formula.
fn is_range(tokens: &[Token]) -> bool {
    let [name, equals, rest @ ..] = tokens else { return false };
    let part = |t: &Token| {
        matches!(t.tok, Tok::Name(_) | Tok::Number(_) | Tok::Comma | Tok::Ellipsis | Tok::Minus | Tok::Plus | Tok::End)
    };
    name.tok.name().is_some()
        && equals.tok == Tok::Equals
        && rest.iter().any(|t| t.tok == Tok::Ellipsis)
        && rest.iter().all(part)
}

/// `loss: ‖X w - y‖²`: what follows the colon can be no size.
fn is_head_with_colon(tokens: &[Token]) -> bool {
    let [name, colon, value @ ..] = tokens else { return false };
    let space = value.first().is_some_and(|t| t.tok.is_name("R") || t.tok.is_name("ℝ"));
    if name.tok.name().is_none() || colon.tok != Tok::Colon || space {
        return false;
    }
    let calls = value.windows(2).any(|pair| {
        let built_in = pair[0].tok.name().is_some_and(|n| functions::signature(n.as_str()).is_some());
        built_in && pair[1].tok == Tok::Open(Bracket::Paren)
    });
    let sign =
        |t: &Token| matches!(t.tok, Tok::Bar(_) | Tok::Pipe(_) | Tok::Caret | Tok::Prime | Tok::DotPrime | Tok::Power);
    let marked = |t: &Token| {
        matches!(t.tok, Tok::Superscript(_) | Tok::Frac | Tok::Sqrt | Tok::Radical | Tok::Gather(_) | Tok::Method(_))
    };
    let no_size = |t: &Token| sign(t) || marked(t) || matches!(t.tok, Tok::Function(_));
    !value.iter().any(|t| t.tok == Tok::Arrow) && (calls || value.iter().any(no_size))
}

/// Whether a fact begins here, after a formula and a comma: `, A \succ 0`, `, A symmetric`.
pub(super) fn begins(tokens: &[Token]) -> bool {
    let blank = |t: &&Token| matches!(t.tok, Tok::Newline | Tok::Align | Tok::Gap);
    let mut ahead = tokens.iter().skip_while(blank).map(|t| &t.tok);
    let first = tokens.iter().take_while(blank).count();
    if !drawn(&tokens[first..tokens.len().min(first + MAX_DRAWN)]).is_empty() {
        return true;
    }
    if ahead.next().is_none_or(|t| t.name().is_none()) {
        return false;
    }
    match ahead.next() {
        Some(Tok::Relation(_)) => true,
        Some(Tok::Name(word)) => matches!(word.as_str(), "is" | "are") || is_fact(word),
        Some(_) | None => false,
    }
}

/// `x^T A x (A symmetric)`: what stands in the brackets is said of A.
fn in_brackets(statement: StatementTokens) -> Vec<StatementTokens> {
    let tokens = &statement.tokens;
    let Some(close) = tokens.len().checked_sub(2).filter(|i| tokens[*i].tok == Tok::Close(Bracket::Paren)) else {
        return vec![statement];
    };
    let open = (1..close).rev().find(|i| matches!(tokens[*i].tok, Tok::Open(_)));
    let Some(open) = open.filter(|i| tokens[*i].tok == Tok::Open(Bracket::Paren)) else { return vec![statement] };
    let end = tokens[close + 1].clone();
    let inner: Vec<Token> = tokens[open + 1..close].iter().cloned().chain([end.clone()]).collect();
    let told = |t: &Token| matches!(t.tok, Tok::Equals | Tok::Relation(_)) || t.tok.name().is_some_and(is_fact);
    let fact = inner.iter().any(told) && declared(&inner).is_some();
    if !fact || tokens[open - 1].tok == Tok::Equals {
        return vec![statement];
    }
    let mut formula = tokens[..open].to_vec();
    formula.push(end);
    let said = StatementTokens {
        tokens: inner,
        errors: Vec::new(),
        notes: Vec::new(),
        aside: true,
        constraint: statement.constraint,
    };
    vec![StatementTokens { tokens: formula, ..statement }, said]
}

/// `A is m x n and x is n x 1` says two things.
fn parted(statement: StatementTokens) -> Vec<StatementTokens> {
    let tokens = &statement.tokens;
    let and = |t: &Token| t.tok.is_name("and") || t.tok == Tok::Word(Connective::Where);
    let is = |at: usize| tokens.get(at).is_some_and(|t| t.tok.is_name("is") || t.tok.is_name("are"));
    let Some(at) = (1..tokens.len()).find(|at| and(&tokens[*at]) && is(*at + 2) && is(1)) else {
        return vec![statement];
    };
    let mut first = tokens[..at].to_vec();
    first.push(Token { tok: Tok::End, ..tokens[at].clone() });
    let rest = StatementTokens {
        tokens: tokens[at + 1..].to_vec(),
        errors: Vec::new(),
        notes: Vec::new(),
        aside: statement.aside,
        constraint: statement.constraint,
    };
    let mut all = vec![StatementTokens { tokens: first, ..statement }];
    all.extend(parted(rest));
    all
}

/// The declaration that the statement is.
fn declared(tokens: &[Token]) -> Option<Vec<Token>> {
    let [body @ .., end] = tokens else { return None };
    let before = body.iter().take_while(|t| t.tok.name().is_some_and(|n| speaks(n.as_str()))).count();
    let named_last = |t: &Token| t.tok == Tok::Comma || t.tok.name().is_some_and(|n| !is_word(n));
    let adjective = body[..before].iter().any(|t| t.tok.name().is_some_and(is_fact));
    if adjective && before < body.len() && body[before..].iter().all(named_last) {
        // `symmetric A`
        let is = named(end, "is");
        let turned = [&body[before..], &[is], &body[..before], std::slice::from_ref(end)].concat();
        return declared(&turned);
    }
    let listed = body.iter().take_while(|t| t.tok.name().is_some_and(|n| !is_word(n)) || t.tok == Tok::Comma).count();
    let (names, rest) = body.split_at(listed);
    let said = match names {
        [name] if is_own_transpose(name, unsigned(rest).0) => {
            let definite = matches!(unsigned(rest).1, Some("≻" | ">"));
            vec![named(rest.first()?, if definite { "spd" } else { "symmetric" })]
        }
        [] => return None,
        names => said(rest).or_else(|| member(rest)).or_else(|| sign(names, rest))?,
    };
    let colon = Token { tok: Tok::Colon, ..said.first().unwrap_or(end).clone() };
    Some([names, &[colon], &said, std::slice::from_ref(end)].concat())
}

/// `= P^T \succ 0`: without the sign, and which it is.
fn unsigned(rest: &[Token]) -> (&[Token], Option<&'static str>) {
    match rest {
        [before @ .., Token { tok: Tok::Relation(sign @ ("≻" | "⪰" | ">" | "≥")), .. }, zero]
            if zero.tok == Tok::Number("0".to_string()) =>
        {
            (before, Some(sign))
        }
        _ => (rest, None),
    }
}

/// Whether it is a word that facts are told in.
pub(super) fn speaks(word: &str) -> bool {
    FILLERS.contains(&word) || matches!(word, "definite" | "scalar") || ADVERBS.iter().any(|(w, _)| *w == word) || {
        let name = Name::new(word);
        is_word(&name) && word != "constant"
    }
}

/// Whether it is a fact itself, and no word beside it.
pub(super) fn is_fact_word(word: &str) -> bool {
    word != "constant" && is_fact(&Name::new(word)) || ADVERBS.iter().any(|(w, _)| *w == word)
}

/// The same place, another name.
fn named(token: &Token, word: &str) -> Token {
    Token { tok: Tok::Name(Name::new(word)), ..token.clone() }
}

fn is_word(name: &Name) -> bool {
    matches!(name.as_str(), "is" | "are") || is_fact(name)
}

fn is_fact(word: &Name) -> bool {
    declaration::attribute(word.as_str()).is_some() || matches!(word.as_str(), "matrix" | "vector" | "square")
}

/// `is m x n`, `is a symmetric matrix`, `symmetric`: the sizes, then the facts.
fn said(rest: &[Token]) -> Option<Vec<Token>> {
    let verb = rest.first()?.tok.is_name("is") || rest[0].tok.is_name("are");
    let rest = &rest[usize::from(verb)..];
    let words = rest.iter().filter(|t| !verb || !FILLERS.iter().any(|word| t.tok.is_name(word)));
    let (mut sizes, mut facts) = (Vec::new(), Vec::new());
    for token in words {
        match &token.tok {
            Tok::Name(word) if word.as_str() == "definite" && facts.last().is_some_and(is_positive) => {
                facts.pop();
                facts.push(named(token, "spd"));
            }
            Tok::Name(word) if ADVERBS.iter().any(|(w, _)| *w == word.as_str()) => {
                facts.pop_if(|last| is_positive(last));
                let meant = ADVERBS.iter().find(|(w, _)| *w == word.as_str())?;
                facts.push(named(token, meant.1));
            }
            Tok::Name(word) if is_fact(word) => facts.push(token.clone()),
            Tok::Name(word) if word.as_str() == "scalar" && sizes.is_empty() => sizes.push(token.clone()),
            Tok::Name(word) if word.as_str().chars().count() > 1 && !word.as_str().contains('_') => return None,
            Tok::Name(_) | Tok::Number(_) | Tok::Cross | Tok::Times | Tok::Plus | Tok::Minus
                if verb && facts.is_empty() =>
            {
                sizes.push(token.clone());
            }
            _ => return None,
        }
    }
    if !sizes.is_empty() {
        facts.retain(|t| !["matrix", "vector", "square"].iter().any(|kind| t.tok.is_name(kind)));
    }
    sizes.extend(facts);
    Some(sizes).filter(|said| !said.is_empty())
}

fn is_positive(token: &Token) -> bool {
    token.tok.is_name("positive")
}

/// `∈ {-1, 1}`, `∈ [0, 1]^n`, `∈ ℤ`: numbers, and how many of them.
fn member(rest: &[Token]) -> Option<Vec<Token>> {
    let [sign, set @ ..] = rest else { return None };
    if sign.tok != Tok::In {
        return None;
    }
    if let Some(symmetric) = of_symmetric(set) {
        return Some(symmetric);
    }
    let after = match &set.first()?.tok {
        Tok::Name(name) if matches!(name.as_str(), "N" | "Z" | "ℕ" | "ℤ" | "ℝ_+" | "ℝ_++" | "R_+" | "R_++") => {
            1
        }
        Tok::Open(Bracket::Brace | Bracket::Square | Bracket::Paren) => {
            let close = set.iter().position(|t| matches!(t.tok, Tok::Close(_)))?;
            let number =
                |t: &Token| matches!(t.tok, Tok::Number(_) | Tok::Minus | Tok::Plus | Tok::Comma | Tok::Ellipsis);
            let listed = set[1..close].iter().any(|t| t.tok == Tok::Comma);
            (listed && set[1..close].iter().all(number)).then_some(close + 1)?
        }
        _ => return None,
    };
    match &set[after..] {
        [] => Some(vec![named(sign, "scalar")]),
        power @ [first, ..] if matches!(first.tok, Tok::Caret | Tok::Superscript(_)) => {
            Some([&[named(sign, "ℝ")], power].concat())
        }
        _ => None,
    }
}

/// `∈ S^n`, `∈ S^n_{++}`: symmetric matrices.
fn of_symmetric(set: &[Token]) -> Option<Vec<Token>> {
    let [space, caret, power @ ..] = set else { return None };
    let mark = |t: &Token| t.tok.name().and_then(|n| n.as_str().split_once('_').map(|(_, mark)| mark.to_owned()));
    let base = |t: &Token| t.tok.name().map(|n| n.as_str().split('_').next().unwrap_or("").to_owned());
    if !matches!(base(space)?.as_str(), "S" | "𝕊" | "Sym") || caret.tok != Tok::Caret {
        return None;
    }
    let inner: Vec<&Token> =
        power.iter().filter(|t| !matches!(t.tok, Tok::Open(Bracket::Brace) | Tok::Close(_))).collect();
    let (size, index) = match inner[..] {
        [size] => (size, None),
        [size, Token { tok: Tok::Subscript(index), .. }] => (size, Some(index.clone())),
        _ => return None,
    };
    let definite = [mark(space), mark(size), index].iter().flatten().any(|m| m == "++");
    let size = match &size.tok {
        Tok::Name(_) => named(size, &base(size)?),
        Tok::Number(_) => size.clone(),
        _ => return None,
    };
    let cross = Token { tok: Tok::Cross, ..size.clone() };
    let fact = named(&size, if definite { "spd" } else { "symmetric" });
    Some(vec![size.clone(), cross, size, fact])
}

/// `≻ 0`, `> 0`.
fn sign(names: &[Token], rest: &[Token]) -> Option<Vec<Token>> {
    let [relation, zero] = rest else { return None };
    let Tok::Relation(sign) = relation.tok else { return None };
    if zero.tok != Tok::Number("0".to_string()) || names.is_empty() {
        return None;
    }
    let word = match sign {
        "≻" => "spd",
        "⪰" => "symmetric",
        ">" => "positive",
        "<" => "negative",
        _ => return None,
    };
    Some(vec![named(relation, word)])
}

/// `A = A^T`.
fn is_own_transpose(name: &Token, rest: &[Token]) -> bool {
    let [equals, again, transpose @ ..] = rest else { return false };
    let transposed = match transpose {
        [prime] if prime.tok == Tok::Prime => true,
        [raised] => matches!(&raised.tok, Tok::Superscript(s) if s == "T"),
        [caret, sign] => caret.tok == Tok::Caret && sign.tok.is_transpose(),
        [caret, open, sign, _] => {
            caret.tok == Tok::Caret && open.tok == Tok::Open(Bracket::Brace) && sign.tok.is_transpose()
        }
        _ => false,
    };
    equals.tok == Tok::Equals && again.tok == name.tok && transposed
}

/// `x \ge 0` beside a formula: a constraint, though nothing calls it one.
fn is_relation(tokens: &[Token]) -> bool {
    let mut depth = 0usize;
    let mut found = false;
    for token in tokens {
        match token.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            Tok::Relation("∼") | Tok::Equals | Tok::Nearly(_) | Tok::Colon | Tok::In | Tok::Word(_) if depth == 0 => {
                return false;
            }
            Tok::Relation(_) if depth == 0 => found = true,
            _ => {}
        }
    }
    found
}
