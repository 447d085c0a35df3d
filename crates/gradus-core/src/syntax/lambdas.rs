//! Functions as programs write them, `f = @(x) e`, `f = lambda x: e`, `f = x -> e`, `f <- function(x) e`: what heads write
//! as `f(x) = e`; and what papers put before a head, `(3) f(x) = e`.

use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token};
use super::{errors, functions, single};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;

/// Brings a statement's head into the form of the language.
pub(super) fn rewrite(text: &str, tokens: &mut Vec<Token>) {
    unnumbered(tokens);
    returned(text, tokens);
    let Some((length, parameters)) = anonymous(text, tokens) else { return };
    let equals = tokens[1].clone();
    let rest = tokens.split_off(length);
    let name = tokens.swap_remove(0);
    let sign = |tok: Tok, at: usize| Token { tok, span: Span::new(at, at), spaced: false };
    let (start, end) = (equals.span.start, parameters.last().map_or(equals.span.end, |t| t.span.end));
    *tokens = [name, sign(Tok::Open(Bracket::Paren), start)].into();
    tokens.extend(parameters);
    tokens.extend([sign(Tok::Close(Bracket::Paren), end), equals]);
    tokens.extend(rest);
}

/// `f: x ↦ e`, `f: R^n → R, x ↦ e`, `x -> e`: what heads write as `f(x) = e`, what is said of x as a statement of its own.
/// Gives the arguments of values without a name.
pub(super) fn mapped(text: &str, statements: &mut Vec<StatementTokens>) -> Vec<Name> {
    let mut listed = vec![];
    let all = std::mem::take(statements);
    for mut statement in all {
        let Some(mut head) = MappedHead::of(text, &statement.tokens) else {
            statements.push(statement);
            continue;
        };
        // `f: R^n → R` in the line above
        if head.name.is_none()
            && let Some((name, domain)) = statements.last().and_then(|before| space(&before.tokens))
        {
            (head.name, head.domain) = (Some(name), domain);
            statements.pop();
        }
        let end = statement.tokens.last().map_or(Span::default(), |t| t.span);
        statement.tokens = head.rewritten(&statement.tokens);
        if head.name.is_none() {
            listed.extend(head.parameters.iter().filter_map(|t| t.tok.name().cloned()));
        }
        statements.extend(head.declaration(end).map(|tokens| StatementTokens {
            tokens,
            errors: vec![],
            notes: vec![],
            aside: false,
            constraint: false,
        }));
        statements.push(statement);
    }
    listed
}

/// What stands left of the arrow in `f: R^n → R, x ↦ e`.
struct MappedHead {
    name: Option<Token>,
    domain: Vec<Token>,
    /// With their commas.
    parameters: Vec<Token>,
    /// How many tokens all of it has.
    length: usize,
}

impl MappedHead {
    fn of(text: &str, tokens: &[Token]) -> Option<MappedHead> {
        if let Some((length, parameters)) = handle(text, tokens) {
            return Some(MappedHead { name: None, domain: vec![], parameters, length });
        }
        let maps = |t: &Token| matches!(errors::spelling(text, t), "\\mapsto" | "\\longmapsto" | "↦" | "⟼" | "|->");
        let arrows = || tokens.iter().enumerate().filter(|(_, t)| t.tok == Tok::Arrow);
        let (arrow, sign) = arrows().find(|(_, t)| maps(t)).or_else(|| arrows().next()).filter(|(at, _)| *at > 0)?;
        let (begins, parameters) = match tokens[arrow - 1].tok {
            Tok::Name(_) => (arrow - 1, tokens[arrow - 1..arrow].to_vec()),
            _ => {
                let open = tokens[..arrow].iter().rposition(|t| t.tok == Tok::Open(Bracket::Paren))?;
                (open, bracketed(&tokens[open..arrow]).filter(|(length, _)| open + length == arrow)?.1)
            }
        };
        let body = &tokens[arrow + 1..];
        let used = parameters.iter().any(|p| p.tok.name().is_some() && body.iter().any(|t| t.tok == p.tok));
        let (name, domain) = match &tokens[..begins] {
            [] => (None, vec![]),
            // `γ: R -> R^m` says what γ takes and gives
            [_, colon] if colon.tok == Tok::Colon && !maps(sign) && parameters[..].iter().all(is_reals) => return None,
            [name, colon] if name.tok.name().is_some() && colon.tok == Tok::Colon => (Some(name.clone()), vec![]),
            [before @ .., comma] if maps(sign) && comma.tok == Tok::Comma => {
                space(before).map(|(name, domain)| (Some(name), domain))?
            }
            before if maps(sign) => space(before).map(|(name, domain)| (Some(name), domain))?,
            _ => return None,
        };
        (used && body.len() > 1).then_some(MappedHead { name, domain, parameters, length: arrow + 1 })
    }

    /// The statement as the language writes it.
    fn rewritten(&self, tokens: &[Token]) -> Vec<Token> {
        let body = tokens[self.length..].iter().cloned();
        let Some(name) = &self.name else { return body.collect() };
        let arrow = &tokens[self.length - 1];
        let sign = |tok: Tok| Token { tok, span: arrow.span, spaced: false };
        let head = [name.clone(), sign(Tok::Open(Bracket::Paren))].into_iter().chain(self.parameters.iter().cloned());
        head.chain([sign(Tok::Close(Bracket::Paren)), sign(Tok::Equals)]).chain(body).collect()
    }

    /// `x ∈ R^n`, where the space is one that the language knows.
    fn declaration(&self, end: Span) -> Option<Vec<Token>> {
        let [only] = &self.parameters[..] else { return None };
        let known = is_reals(self.domain.first()?);
        let sign = |tok: Tok| Token { tok, span: end, spaced: false };
        let head = [only.clone(), sign(Tok::In)].into_iter();
        known.then(|| head.chain(self.domain.iter().cloned()).chain([sign(Tok::End)]).collect())
    }
}

fn is_reals(token: &Token) -> bool {
    token.tok.name().is_some_and(|n| matches!(n.as_str(), "R" | "ℝ"))
}

/// The length and the parameters of `@(x, y)`, `lambda x, y:` where nothing stands before them.
fn handle(text: &str, tokens: &[Token]) -> Option<(usize, Vec<Token>)> {
    let (first, rest) = tokens.split_first()?;
    match errors::spelling(text, first) {
        "@" => bracketed(rest).map(|(length, names)| (1 + length, names)),
        "lambda" => {
            let colon = rest.iter().position(|t| t.tok == Tok::Colon)?;
            are_names(&rest[..colon]).then(|| (2 + colon, rest[..colon].to_vec()))
        }
        _ => None,
    }
}

/// The name and the domain of `f: R^n → R`.
fn space(tokens: &[Token]) -> Option<(Token, Vec<Token>)> {
    let [name, colon, spaces @ ..] = tokens else { return None };
    let arrow = spaces.iter().position(|t| t.tok == Tok::Arrow)?;
    (name.tok.name().is_some() && colon.tok == Tok::Colon).then(|| (name.clone(), spaces[..arrow].to_vec()))
}

/// `return e` at the end of a function's body is the value, called as the function is where that is a word.
pub(super) fn returns(text: &str, function: Option<&str>, statements: &mut [StatementTokens]) {
    let is_return = |t: &Token| errors::spelling(text, t) == "return";
    let used = |name: &str| statements.iter().flat_map(|s| &s.tokens).any(|t| errors::spelling(text, t) == name);
    let word = |name: &&str| name.chars().nth(1).is_some() && functions::signature(name).is_none() && !used(name);
    let name = function.filter(word).and_then(|f| single::parse_name(f).ok());
    for statement in statements.iter_mut().filter(|s| s.tokens.len() > 2 && is_return(&s.tokens[0])) {
        let first = statement.tokens.remove(0);
        if let Some(comma) = single::outside_brackets(&statement.tokens).find(|t| t.tok == Tok::Comma) {
            statement.errors.push(several_values(comma.span));
        }
        if let Some(name) = name.clone().filter(|_| statement.tokens.len() > 2) {
            let sign = Span::new(first.span.end, first.span.end);
            let head = Token { tok: Tok::Name(name), ..first };
            statement.tokens.splice(0..0, [head, Token { tok: Tok::Equals, span: sign, spaced: false }]);
        }
    }
}

fn several_values(span: Span) -> Error {
    Error::new(Kind::Unsupported, "a function that returns several values is not in the language")
        .at(span, "another value follows")
        .help("return the one that is to be derived alone")
}

/// `def f(x): return e` is f(x) = e.
fn returned(text: &str, tokens: &mut Vec<Token>) {
    let spelled = |t: Option<&Token>, word: &str| t.is_some_and(|t| errors::spelling(text, t) == word);
    let Some(colon) = tokens.iter().position(|t| t.tok == Tok::Colon) else { return };
    if spelled(tokens.first(), "def") && spelled(tokens.get(colon + 1), "return") {
        tokens[colon].tok = Tok::Equals;
        tokens.remove(colon + 1);
        tokens.remove(0);
    }
}

/// `(3) f(x) = e`, `(2.14) L = e`: the number of an equation in front.
fn unnumbered(tokens: &mut Vec<Token>) {
    let number = |t: &Token| matches!(t.tok, Tok::Number(_) | Tok::Dot);
    let inner = tokens.iter().skip(1).take_while(|t| number(t)).count();
    let [open, rest @ ..] = &tokens[..] else { return };
    let closed = rest.get(inner).is_some_and(|t| t.tok == Tok::Close(Bracket::Paren));
    let defines = rest.get(inner + 1).is_some_and(|t| t.tok.name().is_some())
        && tokens.iter().any(|t| matches!(t.tok, Tok::Equals | Tok::Nearly(_)));
    if open.tok == Tok::Open(Bracket::Paren) && inner > 0 && closed && defines {
        tokens.drain(..inner + 2);
    }
}

/// How many tokens such a head has, and its parameters with their commas.
fn anonymous(text: &str, tokens: &[Token]) -> Option<(usize, Vec<Token>)> {
    let [name, equals, rest @ ..] = tokens else { return None };
    if name.tok.name().is_none() || equals.tok != Tok::Equals {
        return None;
    }
    let first = rest.first()?;
    let word = |word: &str| errors::spelling(text, first) == word;
    match &first.tok {
        // MATLAB's sign of a function, @
        Tok::Times => bracketed(&rest[1..]).map(|(length, names)| (3 + length, names)),
        Tok::Name(_) if word("function") => bracketed(&rest[1..]).map(|(length, names)| (3 + length, names)),
        Tok::Name(_) if word("lambda") => {
            let length = rest.iter().position(|t| t.tok == Tok::Colon)?;
            let names = rest.get(1..length)?;
            (are_names(names) && !rest[length].spaced).then(|| (3 + length, names.to_vec()))
        }
        Tok::Name(_) if rest.get(1)?.tok == Tok::Arrow => Some((4, vec![first.clone()])),
        Tok::Open(_) => {
            let (length, names) = bracketed(rest)?;
            (rest.get(length)?.tok == Tok::Arrow).then_some((3 + length, names))
        }
        _ => None,
    }
}

/// The names of `(x, y)`, and its length.
fn bracketed(tokens: &[Token]) -> Option<(usize, Vec<Token>)> {
    let close = tokens.iter().position(|t| t.tok == Tok::Close(Bracket::Paren))?;
    let names = tokens.get(1..close)?;
    (tokens.first()?.tok == Tok::Open(Bracket::Paren) && are_names(names)).then(|| (close + 1, names.to_vec()))
}

fn are_names(tokens: &[Token]) -> bool {
    let odd = tokens.iter().skip(1).step_by(2).all(|t| t.tok == Tok::Comma);
    tokens.len() % 2 == 1 && odd && tokens.iter().step_by(2).all(|t| t.tok.name().is_some())
}
