//! Derivatives that the text itself asks for: `\nabla_x f`, `\frac{\partial f}{\partial x} = …`, `d/dx …`, `grad(f, x)`.

use super::heads::{self, Draft};
use super::layout::StatementTokens;
use super::lexer;
use super::token::{Bracket, Tok, Token};
use super::{Request, names, remarks, slopes};
use crate::diag::{Note, Span};
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

/// Functions of other systems whose last argument is what is differentiated by, and the order.
const CALLS: &[(&str, u32)] = &[
    ("grad", 1),
    ("gradient", 1),
    ("diff", 1),
    ("derivative", 1),
    ("jacobian", 1),
    ("Jacobian", 1),
    ("hessian", 2),
    ("Hessian", 2),
    ("D", 1),
];

/// An operator as read: what is differentiated by, how often, and how many tokens it takes.
struct Operator {
    wrt: Vec<Name>,
    order: u32,
    length: usize,
    /// What stands within the operator itself: the f of `\frac{\partial f}{\partial x}`.
    body: Option<Vec<Token>>,
}

/// What a statement that begins with the sign of a derivative asks.
pub(super) struct Asked {
    pub request: Request,
    /// What is to be derived, where the document does not define it elsewhere.
    pub value: Option<Draft>,
    /// The right side.
    pub claim: Option<Span>,
}

/// Takes the operators a statement begins with; `None` where it begins with none.
pub(super) fn asked(
    tokens: &[Token],
    defined: &BTreeSet<Name>,
    functions: &BTreeSet<Name>,
    signs: &BTreeSet<Name>,
    notes: &mut Vec<Note>,
) -> Option<Asked> {
    // ∇f(x) of a function that nobody defines is part of a formula
    if slopes::differentiated(tokens, 0).is_some_and(|f| functions.contains(&f)) {
        return None;
    }
    let mut request = Request { of: None, wrt: Vec::new(), order: 0, defines: false };
    let mut body: Vec<Token> = tokens.to_vec();
    let mut right = None;
    let sign = heads::equals(tokens).first().copied();
    if let Some(sign) = sign {
        right = Some(body.split_off(sign)[1..].to_vec());
        body.push(end(&body));
    }
    let letter =
        |body: &[Token]| letter(body, defined).filter(|_| body[0].tok.name().is_some_and(|n| signs.contains(n)));
    while let Some(operator) = operator(&body).or_else(|| letter(&body)) {
        request.order += operator.order;
        for name in operator.wrt {
            if !request.wrt.contains(&name) {
                request.wrt.push(name);
            }
        }
        let rest = body.split_off(operator.length);
        body = match operator.body {
            Some(mut inner) if rest.len() == 1 => {
                inner.push(end(&inner));
                inner
            }
            Some(_) => return None,
            None => rest,
        };
    }
    if is_named_by_itself(tokens, &body, right.as_deref(), defined) {
        return None;
    }
    (request.order > 0 && body.len() > 1).then(|| settled(request, body, right, defined, notes))
}

/// `D(f, g) = f^T a + g^T b`: the name of a value with what it is a function of, and no derivative of f, which the value speaks of.
fn is_named_by_itself(tokens: &[Token], body: &[Token], right: Option<&[Token]>, defined: &BTreeSet<Name>) -> bool {
    let called = tokens.get(1).is_some_and(|t| t.tok == Tok::Open(Bracket::Paren));
    let name = body.split_last().and_then(|(_, inner)| heads::named(inner)).filter(|n| !defined.contains(n));
    let speaks = |name: &Name| {
        right
            .is_some_and(|value| value.iter().any(|t| t.tok.name().is_some_and(|n| names::split(n).0 == name.as_str())))
    };
    called && name.is_some_and(|n| speaks(&n))
}

/// The names a statement's own signs of derivatives name.
pub(super) fn targets(tokens: &[Token]) -> Vec<Name> {
    let mut rest = tokens;
    let mut names = Vec::new();
    while let Some(operator) = operator(rest) {
        names.extend(operator.wrt);
        rest = rest.get(operator.length..).unwrap_or(&[]);
    }
    names
}

/// `∇w(‖y - X w‖²)`: a letter that stands in the bracket behind it, too, is what one derives by.
pub(super) fn letters_of_nabla(statements: &mut [StatementTokens]) {
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        let [sign, letter, open, inside @ ..] = &mut tokens[..] else { continue };
        let Some(name) = letter.tok.name().filter(|n| n.as_str().chars().nth(1).is_none()).cloned() else { continue };
        let holds = |t: &Token| t.tok.name().is_some_and(|n| n.as_str().ends_with(name.as_str()));
        if sign.tok == Tok::Nabla && open.tok == Tok::Open(Bracket::Paren) && inside.iter().any(holds) {
            letter.tok = Tok::Subscript(name.to_string());
        }
    }
}

/// So many factors may stand before a rate.
const MAX_FACTORS: usize = 4;

/// `\frac{dN}{dt} = r N (1 - N/K)`: the rate of what nobody defines is a value, called Ṅ, and by another letter than t N'.
pub(super) fn rates(statements: &mut [StatementTokens]) -> Vec<Note> {
    let defined: BTreeSet<Name> = statements.iter().filter_map(heads::defined).collect();
    let mut notes = vec![];
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        // `C \frac{dV}{dt} = …`, `m \frac{d^2x}{dt^2} = …`
        let factor = |t: &&Token| matches!(t.tok, Tok::Name(_) | Tok::Number(_));
        let factors = tokens.iter().take(MAX_FACTORS).take_while(factor).count();
        let found = (0..=factors).find_map(|at| rate(&tokens[at..]).map(|rate| (at, rate)));
        let Some((at, (name, mark, length))) = found.filter(|(_, (name, ..))| !defined.contains(name)) else {
            continue;
        };
        let value = names::worn(&name, mark);
        notes.push(remarks::rate(&name, &value));
        let span = tokens[at].span.to(tokens[at + length - 1].span);
        tokens[at] = Token { tok: Tok::Name(value), span, spaced: at > 0 };
        tokens.drain(at + 1..at + length);
    }
    notes
}

/// What a statement says the rate of, the mark of the value, and how many tokens stand before the `=`.
fn rate(tokens: &[Token]) -> Option<(Name, &'static str, usize)> {
    let Operator { wrt, order, length, body } = operator(tokens).filter(|_| !matches!(tokens[0].tok, Tok::Nabla))?;
    let (name, by) = match (&body?[..], &wrt[..]) {
        ([name], [by, ..]) if wrt.iter().all(|other| other == by) => (name.tok.name()?.clone(), by),
        _ => return None,
    };
    let value = tokens.get(length..).filter(|rest| rest[0].tok == Tok::Equals)?;
    let in_time = by.as_str() == "t";
    let partial = tokens.iter().take(length).any(|t| t.tok == Tok::Partial);
    let quotient = tokens.iter().take(length).any(|t| matches!(t.tok, Tok::Frac | Tok::Slash));
    let speaks = value.iter().any(|t| t.tok.name() == Some(&name));
    let mark = match (order, in_time) {
        (1, true) => "dot",
        (1, false) => "prime",
        (2, true) => "ddot",
        _ => return None,
    };
    (quotient && (speaks || in_time && !partial)).then_some((name, mark, length))
}

/// How many tokens the signs take that a statement begins with.
pub(super) fn length(tokens: &[Token]) -> usize {
    let mut at = 0;
    while let Some(operator) = tokens.get(at..).and_then(operator).filter(|o| o.body.is_none()) {
        at += operator.length;
    }
    at
}

/// What the operators stand before: a value defined elsewhere, one that is defined here, or an expression.
fn settled(
    mut request: Request,
    body: Vec<Token>,
    right: Option<Vec<Token>>,
    defined: &BTreeSet<Name>,
    notes: &mut Vec<Note>,
) -> Asked {
    let inner = &body[..body.len() - 1];
    let name = heads::named(inner);
    let elsewhere = name.as_ref().filter(|n| defined.contains(*n));
    let claim = right.as_deref().map(span_of);
    if let Some(name) = elsewhere {
        request.of = Some(name.clone());
        return Asked { request, value: None, claim };
    }
    match (name, right) {
        // ∇f = e, where nothing else says what f is
        (Some(name), Some(value)) if heads::is_symbol(inner) => {
            notes.push(remarks::value_of_unknown(&name));
            request.defines = true;
            request.of = Some(name);
            let value = Draft::Definition { name: inner[0].clone(), value };
            Asked { request, value: Some(value), claim: None }
        }
        _ => Asked { request, value: Some(Draft::Expression(body)), claim },
    }
}

fn end(tokens: &[Token]) -> Token {
    let end = tokens.last().map_or(0, |t| t.span.end);
    Token { tok: Tok::End, span: Span::new(end, end), spaced: false }
}

fn span_of(tokens: &[Token]) -> Span {
    let visible = || tokens.iter().filter(|t| t.tok != Tok::End);
    let start = visible().next().map_or(0, |t| t.span.start);
    visible().next_back().map_or(Span::new(start, start), |t| Span::new(start, t.span.end))
}

// ---- operators

fn operator(tokens: &[Token]) -> Option<Operator> {
    match &tokens.first()?.tok {
        Tok::Nabla => nabla(tokens),
        Tok::Frac => fraction(tokens),
        Tok::Partial => plain(tokens).or_else(|| indexed(tokens)),
        Tok::Name(name) if name.as_str().starts_with('d') => plain(tokens).or_else(|| call(name, tokens)),
        Tok::Name(name) => call(name, tokens),
        _ => None,
    }
}

/// `D_x f`, `\operatorname{grad}_x f(x)`, `D f(x)`: a letter before nothing but a name that is defined; `D_x (x^T A x)`: before
/// a formula that holds the names of its index.
fn letter(tokens: &[Token], defined: &BTreeSet<Name>) -> Option<Operator> {
    let (first, rest) = tokens.split_first()?;
    let inner = &rest[..rest.len().checked_sub(1)?];
    let is_defined = heads::named(inner).is_some_and(|f| defined.contains(&f));
    let holds = |name: &Name| inner.iter().any(|t| t.tok.name() == Some(name));
    let wrt = match (first.tok.name()?.as_str().split_once('_'), inner) {
        (Some((_, index)), _) => Some(index_names(index)).filter(|wrt| is_defined || wrt.iter().all(holds))?,
        _ if !is_defined => return None,
        (None, [_, _, Token { tok: Tok::Name(x), .. }, _]) => vec![x.clone()],
        (None, _) => return None,
    };
    Some(Operator { wrt, order: 1, length: 1, body: None })
}

/// The letters of `letter` that stand once in a document, and so for no variable of it.
pub(super) fn signs<'a>(tokens: impl Iterator<Item = &'a Token>) -> BTreeSet<Name> {
    let mut counts: BTreeMap<Name, usize> = BTreeMap::new();
    let is_sign = |n: &&Name| matches!(n.as_str().split('_').next(), Some("D" | "grad"));
    for name in tokens.filter_map(|t| t.tok.name()).filter(is_sign) {
        *counts.entry(name.clone()).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count == 1).map(|(name, _)| name).collect()
}

/// `\nabla_x`, `\nabla^2_{xy}`, `\nabla_x^2`.
fn nabla(tokens: &[Token]) -> Option<Operator> {
    let mut at = 1;
    let mut wrt = Vec::new();
    let mut order = 1;
    loop {
        match (&tokens.get(at)?.tok, tokens.get(at + 1).map(|t| &t.tok)) {
            (Tok::Subscript(index), _) if wrt.is_empty() => {
                wrt = index_names(index);
                at += 1;
            }
            (Tok::Superscript(power), _) if power == "2" => {
                order = 2;
                at += 1;
            }
            (Tok::Caret, Some(Tok::Number(power))) if power == "2" => {
                order = 2;
                at += 2;
            }
            (Tok::Caret, Some(Tok::Open(Bracket::Brace))) if matches!(&tokens.get(at + 2)?.tok, Tok::Number(n) if n == "2") =>
            {
                order = 2;
                at += 4;
            }
            _ => break,
        }
    }
    let (wrt, order) = of_pair(wrt, order);
    Some(Operator { wrt, order, length: at, body: None })
}

/// `\nabla^2_{xx}`, `\nabla^2_{xy}`, `\nabla_{xx}`: two letters for a second derivative.
fn of_pair(wrt: Vec<Name>, order: u32) -> (Vec<Name>, u32) {
    let letters: Vec<char> = wrt.first().map_or(Vec::new(), |n| n.as_str().chars().collect());
    let name = |c: char| Name::new(&c.to_string());
    match letters[..] {
        [a, b] if wrt.len() == 1 && a == b && a.is_alphabetic() => (vec![name(a)], 2),
        [a, b] if wrt.len() == 1 && order == 2 && a.is_alphabetic() && b.is_alphabetic() => (vec![name(a), name(b)], 2),
        _ => (wrt, order),
    }
}

/// `\partial_x f`.
fn indexed(tokens: &[Token]) -> Option<Operator> {
    let Tok::Subscript(index) = &tokens.get(1)?.tok else { return None };
    Some(Operator { wrt: index_names(index), order: 1, length: 2, body: None })
}

/// `x`, `x,y`, `\mathbf W` as it was flattened.
fn index_names(index: &str) -> Vec<Name> {
    index.split(',').filter(|n| !n.is_empty()).map(super::names::canonical_text).collect()
}

/// `\frac{\partial f}{\partial x}`, `\frac{d^2}{dx^2}`, `\frac{\partial^2 f}{\partial x\,\partial y^\top}`.
fn fraction(tokens: &[Token]) -> Option<Operator> {
    let (top, after) = group(tokens, 1)?;
    let (below, length) = group(tokens, after)?;
    let mut top = top.to_vec();
    let sign = top.first()?;
    // `\frac{\delta}{\delta X}`
    let delta = top.len() == 1 && sign.tok.is_name("δ") && below.first()?.tok.is_name("δ");
    let below: Vec<Token> = match delta {
        true => below.iter().map(|t| if t.tok.is_name("δ") { as_partial(t) } else { t.clone() }).collect(),
        false => below.to_vec(),
    };
    if !delta && !is_sign(sign) {
        return None;
    }
    top.remove(0);
    let order = take_power(&mut top).unwrap_or(1);
    let (wrt, below) = denominators(&below)?;
    if order != below || order > 2 {
        return None;
    }
    let body = (!top.is_empty()).then_some(top);
    Some(Operator { wrt, order, length, body })
}

/// `\partial x \partial y^\top`, `dx^2`: the names, and how many there are.
fn denominators(tokens: &[Token]) -> Option<(Vec<Name>, u32)> {
    let mut rest = tokens.to_vec();
    let (mut names, mut count) = (Vec::new(), 0);
    while !rest.is_empty() {
        if is_sign(&rest[0]) {
            rest.remove(0);
            let mut token = rest.first()?.clone();
            if token.tok == Tok::Open(Bracket::Brace) {
                rest.remove(0);
                token = rest.first()?.clone();
                rest.remove(1);
            }
            names.push(token.tok.name()?.clone());
            rest.remove(0);
        } else {
            // `dx` as one word
            let word = rest[0].tok.name()?.as_str().strip_prefix('d')?.to_string();
            names.push(super::names::canonical_text(&word));
            rest.remove(0);
        }
        if super::primes::is_transpose(&rest, 0) {
            let length = match (&rest[0].tok, rest.get(1).map(|t| &t.tok)) {
                (Tok::Superscript(_), _) => 1,
                (_, Some(Tok::Open(Bracket::Brace))) => 4,
                _ => 2,
            };
            rest.drain(..length.min(rest.len()));
        }
        count += take_power(&mut rest).unwrap_or(1);
    }
    (count > 0).then_some((names, count))
}

/// The number of `^2`, `^{2}` or `²` that the tokens begin with.
fn take_power(tokens: &mut Vec<Token>) -> Option<u32> {
    let (number, length) = match (&tokens.first()?.tok, tokens.get(1).map(|t| &t.tok), tokens.get(2).map(|t| &t.tok)) {
        (Tok::Superscript(n), ..) => (n.clone(), 1),
        (Tok::Caret, Some(Tok::Number(n)), _) => (n.clone(), 2),
        (Tok::Caret, Some(Tok::Open(Bracket::Brace)), Some(Tok::Number(n))) => (n.clone(), 4),
        _ => return None,
    };
    let power = number.parse().ok()?;
    tokens.drain(..length.min(tokens.len()));
    Some(power)
}

/// `∂`, `d`, `\mathrm{d}`.
fn as_partial(token: &Token) -> Token {
    Token { tok: Tok::Partial, ..token.clone() }
}

fn is_sign(token: &Token) -> bool {
    token.tok == Tok::Partial || token.tok.is_name("d")
}

/// The tokens of a braced group at a place, and what follows it.
fn group(tokens: &[Token], at: usize) -> Option<(&[Token], usize)> {
    if tokens.get(at)?.tok != Tok::Open(Bracket::Brace) {
        return None;
    }
    let mut depth = 0usize;
    for (i, token) in tokens.iter().enumerate().skip(at) {
        match token.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some((&tokens[at + 1..i], i + 1));
        }
    }
    None
}

/// `d/dx f`, `∂/∂x f`, `∂f/∂x`, `df/dx`.
fn plain(tokens: &[Token]) -> Option<Operator> {
    let slash = tokens.iter().take(3).position(|t| t.tok == Tok::Slash)?;
    let (over, after) = match &tokens[..slash] {
        [sign] if is_sign(sign) => (None, slash + 1),
        [sign, name] if is_sign(sign) => (Some(name.clone()), slash + 1),
        [word] => {
            let mut name = word.clone();
            let rest = word.tok.name()?.as_str().strip_prefix('d').filter(|r| !r.is_empty())?;
            name.tok = Tok::Name(super::names::canonical_text(rest));
            (Some(name), slash + 1)
        }
        _ => return None,
    };
    let (name, length) = match (&tokens.get(after)?.tok, tokens.get(after + 1).map(|t| &t.tok)) {
        (Tok::Partial, Some(Tok::Name(x))) => (x.clone(), after + 2),
        (Tok::Name(d), Some(Tok::Name(x))) if d.as_str() == "d" => (x.clone(), after + 2),
        (Tok::Name(dx), _) => {
            let rest = dx.as_str().strip_prefix('d').filter(|r| !r.is_empty())?;
            (super::names::canonical_text(rest), after + 1)
        }
        _ => return None,
    };
    Some(Operator { wrt: vec![name], order: 1, length, body: over.map(|name| vec![name]) })
}

/// `grad(f, x)`, `diff(f, x, 2)`.
fn call(name: &Name, tokens: &[Token]) -> Option<Operator> {
    let (_, order) = CALLS.iter().find(|(word, _)| *word == name.as_str())?;
    if tokens.get(1)?.tok != Tok::Open(Bracket::Paren) {
        return None;
    }
    let mut depth = 0usize;
    let mut commas = Vec::new();
    let close = tokens.iter().enumerate().skip(1).find_map(|(i, token)| {
        match token.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            Tok::Comma if depth == 1 => commas.push(i),
            _ => {}
        }
        (depth == 0).then_some(i)
    })?;
    let first = *commas.first()?;
    let mut parts: Vec<&[Token]> = tokens[first + 1..close].split(|t| t.tok == Tok::Comma).collect();
    let mut order = *order;
    if let Some([Token { tok: Tok::Number(n), .. }]) = parts.last() {
        order = n.parse().ok().filter(|n| (1..=2).contains(n))?;
        parts.pop();
    }
    let wrt: Option<Vec<Name>> = parts.into_iter().map(|part| heads::named(part).filter(|_| part.len() == 1)).collect();
    let body = Some(tokens[2..first].to_vec());
    Some(Operator { wrt: wrt.filter(|w| !w.is_empty())?, order, length: close + 1, body })
}

/// The text of a claim, so that it is read as the document is.
pub(super) fn claim_text(text: &str, span: Span, latex: bool) -> String {
    let claim = text.get(span.start..span.end).unwrap_or_default();
    if latex && !lexer::is_latex(claim) { format!("${claim}$") } else { claim.to_string() }
}
