//! Statements by what stands left of their equals sign: the name of the value, whatever it looks like.

use super::declaration;
use super::expression::Parsed;
use super::lexer::{self, Words};
use super::token::{BarSide, Bracket, Tok, Token};
use super::{Declaration, SoughtOptimum, names, remarks};
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{Gathering, Name};
use std::collections::BTreeSet;

/// A statement whose kind is known and whose expressions are still tokens.
pub(super) enum Draft {
    Declarations(Vec<Declaration>),
    Function { name: Token, parameters: Vec<Name>, body: Vec<Token> },
    Definition { name: Token, value: Vec<Token> },
    Equation { left: Vec<Token>, right: Vec<Token> },
    Expression(Vec<Token>),
}

impl Draft {
    /// The expressions in it.
    pub fn values(&self) -> impl Iterator<Item = &[Token]> {
        let (one, other): (&[Token], &[Token]) = match self {
            Draft::Declarations(_) => (&[], &[]),
            Draft::Function { body: value, .. } | Draft::Definition { value, .. } | Draft::Expression(value) => {
                (value, &[])
            }
            Draft::Equation { left, right } => (left, right),
        };
        [one, other].into_iter()
    }
}

/// Tells which kind of statement the tokens are.
pub(super) fn draft(text: &str, tokens: Vec<Token>, notes: &mut Vec<Note>) -> Parsed<Draft> {
    if declaration::is_declaration(&tokens) {
        return declaration::declarations(text, &tokens).map(Draft::Declarations);
    }
    refuse_membership(&tokens)?;
    super::unreadable::refuse_differentials(&tokens)?;
    let (tokens, before) = optimum_before_head(tokens, notes);
    let (head, value) = sides(text, tokens, notes)?;
    refuse_largest(&value)?;
    let (value, sought) = if before { (value, false) } else { objective(value, notes) };
    let Some(head) = head else { return Ok(Draft::Expression(value)) };
    if sought {
        // `x^* = argmin …`: the head is the minimiser's, not the value's
        return Ok(Draft::Expression(value));
    }
    match headed(text, head, value, notes)? {
        // `\min_Y \sum_i \|y_i\|^2 = \operatorname{tr}(Y^\top Y)`: nobody defines what is sought
        Draft::Equation { right, .. } if before => {
            notes.push(last_side(text, &right));
            Ok(Draft::Expression(right))
        }
        draft => Ok(draft),
    }
}

/// `A : B` is a product within an expression, and no declaration.
fn refuse_membership(tokens: &[Token]) -> Parsed<()> {
    let equals = equals(tokens).first().copied().unwrap_or(0);
    let gathers = tokens.iter().any(|t| matches!(t.tok, Tok::Gather(_)) || t.tok.is_name("sum"));
    let misplaced = |(i, t): &(usize, &Token)| match t.tok {
        Tok::In => !gathers,
        Tok::Colon => *i < equals,
        _ => false,
    };
    match tokens.iter().enumerate().find(misplaced) {
        Some((_, token)) => Err(Box::new(
            Error::new(Kind::Syntax, "a declaration begins with a name")
                .at(token.span, "not expected here")
                .help("write name: n x m, each declaration as its own statement"),
        )),
        None => Ok(()),
    }
}

/// The places of equals signs outside brackets, and whether each is exact.
pub(super) fn equals(tokens: &[Token]) -> Vec<usize> {
    let mut depth = 0usize;
    let mut found = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        match token.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            Tok::Equals | Tok::Nearly(_) if depth == 0 => found.push(i),
            _ => {}
        }
    }
    found
}

/// The terms of a sum, without their signs.
pub(super) fn terms(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut depth = 0usize;
    let signs = tokens.split(move |token| {
        match token.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(token.tok, Tok::Plus | Tok::Minus)
    });
    signs.filter(|term| !term.is_empty())
}

/// The tokens left of the first equals sign, and those right of the last.
fn sides(text: &str, mut tokens: Vec<Token>, notes: &mut Vec<Note>) -> Parsed<(Option<Vec<Token>>, Vec<Token>)> {
    let signs = equals(&tokens);
    let (Some(&first), Some(&last)) = (signs.first(), signs.last()) else { return Ok((None, tokens)) };
    check_equals(&tokens, &signs)?;
    for &sign in &signs {
        if let Tok::Nearly(spelling) = tokens[sign].tok {
            notes.push(remarks::nearly(spelling));
        }
    }
    let value = tokens.split_off(last + 1);
    if first < last {
        notes.push(last_side(text, &value));
    }
    tokens.truncate(first);
    Ok((Some(tokens), value))
}

/// Says that the last side of a chain is read.
fn last_side(text: &str, value: &[Token]) -> Note {
    remarks::chain(typed(text, value))
}

/// What was typed for a side, which ends with `Tok::End`.
pub(super) fn typed<'a>(text: &'a str, side: &[Token]) -> &'a str {
    let span = side.split_last().and_then(|(_, side)| Some(side.first()?.span.to(side.last()?.span)));
    span.and_then(|span| text.get(span.start..span.end)).unwrap_or_default()
}

/// Something stands before the first sign, and no two stand together.
fn check_equals(tokens: &[Token], signs: &[usize]) -> Parsed<()> {
    let error = |message: &str, label: &str, help: &str, span: Span| {
        Err(Box::new(Error::new(Kind::Syntax, message).at(span, label).help(help)))
    };
    for pair in signs.windows(2) {
        let (a, b) = (tokens[pair[0]].span, tokens[pair[1]].span);
        if a.end == b.start {
            let help = "a definition is written with one =: s = x^T x";
            return error("== is not in the language", "one = defines a name", help, a.to(b));
        }
        if pair[0] + 1 == pair[1] {
            return error("nothing stands between two equals signs", "the second", "delete one of them", b);
        }
    }
    if signs.first() == Some(&0) {
        let help = "begin with the name that is defined";
        return error("nothing stands before the =", "a name is missing", help, tokens[0].span);
    }
    Ok(())
}

// ---- constraints

/// A constraint's tokens: its sides, where one sign stands between two expressions.
pub(super) struct RelationTokens {
    pub span: Span,
    pub sides: Option<(Vec<Token>, &'static str, Vec<Token>)>,
}

/// The constraints of one line, separated by commas.
pub(super) fn constraints(mut tokens: Vec<Token>) -> Vec<RelationTokens> {
    tokens.pop();
    let mut depth = 0usize;
    let parts = tokens.split(|token| {
        match token.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.tok == Tok::Comma
    });
    parts.filter(|part| !part.is_empty()).map(relation).collect()
}

fn relation(tokens: &[Token]) -> RelationTokens {
    let span = tokens[0].span.to(tokens[tokens.len() - 1].span);
    let mut signs = tokens.iter().enumerate().filter_map(|(i, t)| match t.tok {
        Tok::Relation(sign) => Some((i, sign)),
        Tok::Equals => Some((i, "=")),
        _ => None,
    });
    let sides = match (signs.next(), signs.next()) {
        (Some((at, sign)), None) if at > 0 && at + 1 < tokens.len() => {
            Some((ended(&tokens[..at]), sign, ended(&tokens[at + 1..])))
        }
        _ => None,
    };
    RelationTokens { span, sides }
}

/// The tokens with an end.
fn ended(tokens: &[Token]) -> Vec<Token> {
    let end = tokens.last().map_or(0, |t| t.span.end);
    let mut tokens = tokens.to_vec();
    tokens.push(Token { tok: Tok::End, span: Span::new(end, end), spaced: false });
    tokens
}

// ---- optima

/// What follows `\min_w`, and whether there was one.
fn objective(mut value: Vec<Token>, notes: &mut Vec<Note>) -> (Vec<Token>, bool) {
    let Some(Tok::Optimum(optimum)) = value.first().map(|t| t.tok.clone()) else { return (value, false) };
    if optimum.over.is_none() && is_function_of_two(&value[1..]) {
        return (value, false);
    }
    notes.push(remarks::optimum(optimum.what, optimum.over.as_deref()));
    value.remove(0);
    without_inner_optima(&mut value, notes);
    (value, true)
}

/// `\min_G \max_D f`: the second stands between the first and the objective.
fn without_inner_optima(tokens: &mut Vec<Token>, notes: &mut Vec<Note>) {
    let mut inner = 0;
    while let Some(Tok::Optimum(optimum)) = tokens.get(inner).map(|t| &t.tok)
        && !is_function_of_two(&tokens[inner + 1..])
    {
        notes.push(remarks::optimum(optimum.what, optimum.over.as_deref()));
        inner += 1;
    }
    tokens.drain(..inner);
}

/// `\min_x f(x) = x^\top A x`: what is sought stands before the name of the objective.
fn optimum_before_head(mut tokens: Vec<Token>, notes: &mut Vec<Note>) -> (Vec<Token>, bool) {
    let Some(Tok::Optimum(optimum)) = tokens.first().map(|t| t.tok.clone()) else { return (tokens, false) };
    let function = optimum.over.is_none() && is_function_of_two(&tokens[1..]);
    let Some(&sign) = equals(&tokens).first().filter(|sign| **sign > 1 && !function) else { return (tokens, false) };
    // `\min_x f(x) = f_{\min}` names the least value; what follows an optimum on the right is sought there
    if matches!(tokens.get(sign + 1).map(|t| &t.tok), Some(Tok::Optimum(_))) {
        return (tokens, false);
    }
    notes.push(remarks::optimum(optimum.what, optimum.over.as_deref()));
    tokens.remove(0);
    without_inner_optima(&mut tokens, notes);
    (tokens, true)
}

/// `max(x)` of a lone name is its largest entry.
fn refuse_largest(value: &[Token]) -> Parsed<()> {
    let [Token { tok: Tok::Optimum(optimum), span, .. }, open, name, close, ..] = value else { return Ok(()) };
    let bracket = open.tok == Tok::Open(Bracket::Paren) && close.tok == Tok::Close(Bracket::Paren);
    if optimum.over.is_some() || !bracket || name.tok.name().is_none() {
        return Ok(());
    }
    Err(Box::new(super::errors::largest(optimum.what, *span)))
}

/// `minimize f over x, y`: what is sought stands behind the objective.
pub(super) fn sought_last(tokens: &mut Vec<Token>, text: &str) {
    let start = equals(tokens).last().map_or(0, |equals| equals + 1);
    let Some(over) = tokens.iter().rposition(|t| t.tok.is_name("over")).filter(|at| *at > start + 1) else { return };
    let end = tokens.iter().rposition(|t| t.tok.name().is_some()).unwrap_or(over);
    let names = &tokens[over + 1..=end];
    let listed =
        names.iter().enumerate().all(|(i, t)| if i % 2 == 0 { t.tok.name().is_some() } else { t.tok == Tok::Comma });
    let last = tokens[end + 1..].iter().all(|t| matches!(t.tok, Tok::End | Tok::Comma | Tok::Dot));
    let sign = tokens.iter().position(|t| matches!(&t.tok, Tok::Optimum(o) if o.over.is_none()));
    let (Some(sign), false, true, true) = (sign, names.is_empty(), listed, last) else { return };
    let over_text = text.get(tokens[over + 1].span.start..tokens[end].span.end).map(str::to_owned);
    if let Tok::Optimum(optimum) = &mut tokens[sign].tok {
        optimum.over = over_text;
        tokens.drain(over..=end);
    }
}

/// The optimum a statement seeks.
pub(super) fn optimum(tokens: &[Token]) -> Option<SoughtOptimum> {
    let last = equals(tokens).last().map_or(0, |equals| equals + 1);
    let sought_at = |at: usize| matches!(tokens.get(at).map(|t| &t.tok), Some(Tok::Optimum(_)));
    let first = if sought_at(last) { last } else { 0 };
    let Token { tok: Tok::Optimum(optimum), span, .. } = tokens.get(first)? else { return None };
    if optimum.over.is_none() && is_function_of_two(&tokens[first + 1..]) {
        return None;
    }
    let over = optimum.over.as_deref().map(sought).unwrap_or_default();
    Some(SoughtOptimum { maximised: optimum.what.ends_with("max"), over, span: *span })
}

/// The names of `w,b` and `x \in C`.
fn sought(over: &str) -> Vec<Name> {
    let none = BTreeSet::new();
    let words = if lexer::is_latex(over) { Words::Letters(&none) } else { Words::Whole };
    let tokens = lexer::tokens(over, words);
    let names = tokens.iter().take_while(|t| !matches!(t.tok, Tok::In | Tok::Relation(_) | Tok::Colon));
    names.filter_map(|t| t.tok.name().cloned()).collect()
}

/// `max(a, b)`, `\max\{0, z\}`: a bracket with a comma of its own follows.
pub(super) fn is_function_of_two(tokens: &[Token]) -> bool {
    let Some(Tok::Open(Bracket::Paren | Bracket::Square | Bracket::Brace)) = tokens.first().map(|t| &t.tok) else {
        return false;
    };
    let mut depth = 0usize;
    for token in tokens {
        match token.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) if depth <= 1 => return false,
            Tok::Close(_) => depth -= 1,
            Tok::Comma if depth == 1 => return true,
            _ => {}
        }
    }
    false
}

// ---- heads

fn headed(text: &str, mut head: Vec<Token>, value: Vec<Token>, notes: &mut Vec<Note>) -> Parsed<Draft> {
    if let [first, rest @ ..] = &mut head[..]
        && first.tok == Tok::Gather(Gathering::Expectation)
        && is_bracket(rest)
    {
        // `\mathcal{E}[u] =`: an energy
        first.tok = Tok::Name(Name::new("E"));
    }
    star(&mut head);
    prime(&mut head);
    if let [Token { tok: Tok::Name(_), .. }] = head[..] {
        return Ok(Draft::Definition { name: head.swap_remove(0), value });
    }
    if let Some(name) = entry_of_value(&head) {
        return Ok(Draft::Definition { name, value });
    }
    if let Some(parameters) = bracket_of_names(&head) {
        let name = head.swap_remove(0);
        return Ok(Draft::Function { name, parameters, body: value });
    }
    if let Some(name) = applied_name(&head, &value) {
        return Ok(Draft::Definition { name, value });
    }
    let end = head.last().map_or(0, |t| t.span.end);
    let alone = |value: &[Token]| matches!(value, [Token { tok: Tok::Number(_), .. }, rest @ ..] if rest.len() < 2);
    let named = head.iter().find(|t| !is_function(t)).and_then(|t| t.tok.name());
    let names_value = named.is_none_or(|n| !value.iter().any(|t| t.tok.name() == Some(n))) || is_next(&head, &value);
    if is_title(&head) && names_value && !alone(&value) {
        let start = head.first().map_or(end, |t| t.span.start);
        notes.push(remarks::title(text.get(start..end).unwrap_or_default()));
        return Ok(Draft::Expression(value));
    }
    head.push(Token { tok: Tok::End, span: Span::new(end, end), spaced: false });
    Ok(Draft::Equation { left: head, right: value })
}

/// `x^*`, `P^+` in a head are the names x_star, P_plus; elsewhere they may be a conjugate and a pseudo-inverse.
fn star(head: &mut Vec<Token>) {
    let is_star = |t: &Token| matches!(t.tok, Tok::Times | Tok::Plus | Tok::Minus);
    let Some(caret) = head.iter().position(|t| t.tok == Tok::Caret).filter(|at| *at > 0) else { return };
    let braced = head.get(caret + 1).is_some_and(|t| t.tok == Tok::Open(Bracket::Brace));
    let length = if braced { 4 } else { 2 };
    let Some(sign) = head.get(caret + 1 + usize::from(braced)).filter(|t| is_star(t)) else { return };
    if braced && !head.get(caret + 3).is_some_and(|t| t.tok == Tok::Close(Bracket::Brace)) {
        return;
    }
    let mark = match sign.tok {
        Tok::Plus => "plus",
        Tok::Minus => "minus",
        _ => "star",
    };
    let end = sign.span.end + usize::from(braced);
    let base = &mut head[caret - 1];
    let Some(name) = base.tok.name().cloned() else { return };
    base.tok = Tok::Name(names::worn(&name, mark));
    base.span.end = end;
    head.drain(caret..(caret + length).min(head.len()));
}

/// `x' =` is the next x: the name x_prime.
fn prime(head: &mut Vec<Token>) {
    if let [name, prime] = &mut head[..]
        && let (Some(base), Tok::Prime) = (name.tok.name().cloned(), &prime.tok)
    {
        name.tok = Tok::Name(names::primed(&base));
        name.span.end = prime.span.end;
        head.truncate(1);
    }
}

/// `softmax(x)_i =` defines every entry: the name softmax_i.
fn entry_of_value(head: &[Token]) -> Option<Token> {
    let [first, bracket @ .., index] = head else { return None };
    let (Tok::Name(name) | Tok::Function(name)) = &first.tok else { return None };
    let Tok::Subscript(letter) = &index.tok else { return None };
    let single = letter.chars().all(|c| c.is_ascii_lowercase()) && letter.len() == 1;
    let name = names::canonical(name.as_str(), std::slice::from_ref(letter));
    (single && is_bracket(bracket)).then(|| Token {
        tok: Tok::Name(name),
        span: first.span.to(index.span),
        spaced: first.spaced,
    })
}

/// `g(t) =`, `f(x, y) =`, `L_A(x, λ; μ) =`, `q(z|x) =`: the parameters.
pub(super) fn parameters(tokens: &[Token]) -> Option<Vec<Name>> {
    let equals = tokens.iter().take(64).position(|t| t.tok == Tok::Equals)?;
    bracket_of_names(&tokens[..equals])
}

fn bracket_of_names(head: &[Token]) -> Option<Vec<Name>> {
    let [Token { tok: Tok::Name(_), .. }, open, inner @ .., close] = head else { return None };
    if open.tok != Tok::Open(Bracket::Paren) || close.tok != Tok::Close(Bracket::Paren) || inner.len() % 2 == 0 {
        return None;
    }
    let separates = |t: &Token| {
        matches!(t.tok, Tok::Comma | Tok::Semicolon | Tok::Pipe(BarSide::Either) | Tok::Bar(BarSide::Either))
    };
    let odd = inner.iter().skip(1).step_by(2).all(separates);
    let names: Option<Vec<Name>> = inner.iter().step_by(2).map(|t| t.tok.name().cloned()).collect();
    names.filter(|_| odd)
}

/// The name a statement defines.
pub(super) fn defined(statement: &super::layout::StatementTokens) -> Option<Name> {
    let sign = *equals(&statement.tokens).first()?;
    named(&statement.tokens[..sign])
}

/// A name alone, or before one bracket.
pub(super) fn is_symbol(head: &[Token]) -> bool {
    head.first().is_some_and(|t| t.tok.name().is_some()) && (head.len() == 1 || is_bracket(&head[1..]))
}

/// The name of such a head.
pub(super) fn named(head: &[Token]) -> Option<Name> {
    is_symbol(head).then(|| head[0].tok.name().cloned()).flatten()
}

/// `p(x = 1 \mid θ)`, `D[q \| p]`: the name before a bracket with anything in it, unless the value uses that name itself.
fn applied_name(head: &[Token], value: &[Token]) -> Option<Token> {
    let [first, rest @ ..] = head else { return None };
    let name = first.tok.name()?;
    let used = value.iter().any(|t| t.tok.name() == Some(name));
    (is_bracket(rest) && !used && super::functions::signature(name.as_str()).is_none()).then(|| first.clone())
}

/// One bracket from the first token to the last.
pub(super) fn is_bracket(tokens: &[Token]) -> bool {
    let mut depth = 0usize;
    for (i, token) in tokens.iter().enumerate() {
        match token.tok {
            Tok::Open(Bracket::Brace) if i == 0 => return false,
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return i > 0 && i + 1 == tokens.len();
        }
    }
    false
}

/// `N(t+1) = N …`: the next value of what the right side has without a bracket.
fn is_next(head: &[Token], value: &[Token]) -> bool {
    let [name, open, rest @ ..] = head else { return false };
    let next = |t: &Token| matches!(t.tok, Tok::Plus);
    let called =
        value.windows(2).any(|w| w[0].tok == name.tok && w[1].tok == Tok::Open(Bracket::Paren) && !w[1].spaced);
    name.tok.name().is_some() && open.tok == Tok::Open(Bracket::Paren) && rest.iter().any(next) && !called
}

/// What no equation to solve looks like: a sign, a factor, functions, one name, one bracket: `-\log p(y|x)`, `2 J(w)`.
fn is_title(head: &[Token]) -> bool {
    let rest = head.strip_prefix_while(|t| matches!(t.tok, Tok::Minus | Tok::Plus));
    let signed = rest.len() < head.len();
    let unscaled = rest.strip_prefix_while(|t| matches!(t.tok, Tok::Number(_)));
    let scaled = unscaled.len() < rest.len();
    let rest = unscaled.strip_prefix_while(is_function);
    if is_norm(rest) || is_between_bars(rest) {
        return true;
    }
    let applied = rest.len() < unscaled.len();
    match rest {
        [] => false,
        [name, rest @ ..] if name.tok.name().is_some() && !scaled && !applied && is_raised(rest) => true,
        // `1/f =`
        [over, name] if over.tok == Tok::Slash && scaled && !signed => name.tok.name().is_some(),
        [name] => name.tok.name().is_some() && (applied || (signed && !scaled)),
        [name, rest @ ..] if name.tok.name().is_some() => {
            is_bracket(rest.strip_prefix_while(|t| t.tok.name().is_some()))
        }
        [open, ..] if open.tok == Tok::Open(Bracket::Angle) => is_bracket(rest),
        bracket => applied && is_bracket(bracket),
    }
}

/// Whether a left side that is no name says what the value is, and the right side how it is computed: one product or
/// quotient with a function, a rate or a name twice, `e'e`, `\log\frac{p}{1-p}`, `m\ddot x`, of other names than the right.
pub(super) fn is_value(left: &[Token], right: &[Token], sizes: &BTreeSet<Name>) -> bool {
    let (own, others) = (quantities(left), quantities(right));
    let rate = own.iter().any(|n| names::is_rate(n));
    let twice = own.iter().collect::<BTreeSet<_>>().len() < own.len();
    let quotient = |t: &Token| matches!(t.tok, Tok::Frac | Tok::Over | Tok::Slash | Tok::Gather(_)) || is_function(t);
    let different: BTreeSet<&Name> = others.iter().copied().collect();
    terms(left).count() == 1
        && (rate || twice || left.iter().any(quotient))
        && different.len() > usize::from(!rate)
        && !own.iter().any(|n| different.contains(n))
        && !own.iter().all(|n| sizes.contains(*n))
}

/// The names of a side, but for transposes, what other names are functions of, `p(y=1 \mid x)`, and functions of the language.
fn quantities(side: &[Token]) -> Vec<&Name> {
    let mut found = vec![];
    let mut skipped: Option<usize> = None;
    for (i, token) in side.iter().enumerate() {
        let before = i.checked_sub(1).map(|b| &side[b]);
        let applied =
            before.is_some_and(|b| matches!(b.tok, Tok::Gather(_)) || b.tok.name().is_some() && !is_function(b));
        match (&token.tok, &mut skipped) {
            (Tok::Open(_), Some(depth)) => *depth += 1,
            (Tok::Close(_), Some(depth)) => {
                *depth -= 1;
                skipped = skipped.filter(|depth| *depth > 0);
            }
            (_, Some(_)) => {}
            (Tok::Open(Bracket::Paren | Bracket::Square), None) if applied && !token.spaced => skipped = Some(1),
            (Tok::Name(name), None) if !is_function(token) && before.is_none_or(|b| b.tok != Tok::Caret) => {
                found.push(name)
            }
            _ => {}
        }
    }
    found
}

/// `^2`, `^2(x, y)`, `(x, y)^2`: a power, and what the value is a function of.
fn is_raised(after_name: &[Token]) -> bool {
    let power = without_arguments(after_name);
    match power {
        [caret, power] => caret.tok == Tok::Caret && matches!(power.tok, Tok::Number(_)),
        [power] => matches!(&power.tok, Tok::Superscript(n) if n.bytes().all(|b| b.is_ascii_digit())),
        _ => false,
    }
}

/// What is left of `^2(x, y)` or `(x, y)^2` without the bracket.
fn without_arguments(tokens: &[Token]) -> &[Token] {
    let paren = |t: &Token| t.tok == Tok::Open(Bracket::Paren);
    let Some(open) = tokens.iter().position(paren) else { return tokens };
    let close = tokens.iter().rposition(|t| t.tok == Tok::Close(Bracket::Paren)).unwrap_or(open);
    match (open, close + 1 == tokens.len()) {
        (0, false) if is_bracket(&tokens[..=close]) => &tokens[close + 1..],
        (_, true) if is_bracket(&tokens[open..]) => &tokens[..open],
        _ => tokens,
    }
}

/// `|Z|`: the value of a quantity between bars.
fn is_between_bars(tokens: &[Token]) -> bool {
    let bar = |t: &Token| matches!(t.tok, Tok::Pipe(_));
    matches!(tokens, [open, .., close] if bar(open) && bar(close) && tokens.iter().filter(|t| bar(t)).count() == 2)
}

/// `\|X\|_{2,1}`: a norm that is defined.
fn is_norm(tokens: &[Token]) -> bool {
    let bar = |t: &Token| matches!(t.tok, Tok::Bar(_));
    match tokens {
        [open, .., close, index] => bar(open) && bar(close) && matches!(index.tok, Tok::Subscript(_)),
        _ => false,
    }
}

pub(super) fn is_function(token: &Token) -> bool {
    match &token.tok {
        Tok::Function(_) => true,
        Tok::Name(name) => super::functions::is_reserved(name.as_str()),
        _ => false,
    }
}

trait StripWhile {
    fn strip_prefix_while(&self, test: impl Fn(&Token) -> bool) -> &Self;
}

impl StripWhile for [Token] {
    fn strip_prefix_while(&self, test: impl Fn(&Token) -> bool) -> &[Token] {
        &self[self.iter().take_while(|t| test(t)).count()..]
    }
}

// ---- squares

/// `\sigma^2 = e` beside statements that use σ defines σ as √e.
pub(super) fn squares(statements: &mut [super::layout::StatementTokens], notes: &mut Vec<Note>) {
    let found: Vec<(usize, usize, Name)> = statements
        .iter()
        .enumerate()
        .filter_map(|(i, s)| squared(&s.tokens).map(|(equals, name)| (i, equals, name)))
        .filter(|(i, _, name)| used_elsewhere(statements, *i, name))
        .collect();
    for (i, equals, name) in found {
        let tokens = &mut statements[i].tokens;
        let end = tokens.pop();
        let start = tokens[equals].span;
        let close = tokens.last().map_or(start, |t| t.span);
        let made = |tok: Tok, span: Span| Token { tok, span, spaced: true };
        tokens.push(made(Tok::Close(Bracket::Paren), Span::new(close.end, close.end)));
        tokens.extend(end);
        let open = [made(Tok::Name(Name::new("sqrt")), start), made(Tok::Open(Bracket::Paren), start)];
        tokens.splice(equals + 1..equals + 1, open);
        tokens.drain(1..equals);
        notes.push(remarks::square(&name));
    }
}

/// The name before `^2 =`, and where the sign stands.
fn squared(tokens: &[Token]) -> Option<(usize, Name)> {
    let sign = *equals(tokens).first()?;
    let two = |t: &Tok| matches!(t, Tok::Number(n) if n == "2");
    let square = match without_arguments(tokens.get(1..sign)?) {
        [power] => matches!(&power.tok, Tok::Superscript(text) if text == "2"),
        [caret, power] => caret.tok == Tok::Caret && two(&power.tok),
        [caret, open, power, close] => {
            let braces = open.tok == Tok::Open(Bracket::Brace) && close.tok == Tok::Close(Bracket::Brace);
            caret.tok == Tok::Caret && braces && two(&power.tok)
        }
        _ => false,
    };
    let alone = tokens.len() > sign + 2 && equals(tokens).len() == 1;
    tokens[0].tok.name().filter(|_| square && alone).map(|name| (sign, name.clone()))
}

/// Whether other statements speak of a name, or of a family that it is a member of, and none defines it.
fn used_elsewhere(statements: &[super::layout::StatementTokens], own: usize, name: &Name) -> bool {
    let base = |n: &Name| super::split_index(n).map_or_else(|| n.clone(), |(base, _)| base);
    let others = || statements.iter().enumerate().filter(move |(i, _)| *i != own).map(|(_, s)| s);
    let speaks = |s: &super::layout::StatementTokens| {
        s.tokens.iter().filter_map(|t| t.tok.name()).any(|n| n == name || base(n) == base(name))
    };
    others().any(speaks) && !others().filter_map(defined).any(|n| n == *name)
}
