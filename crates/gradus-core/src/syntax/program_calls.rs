//! Calls as programs write them: Julia's dots, `sum(abs2, x)`, Python's generators, norms with their order.

use super::expression::{Parsed, Parser};
use super::lexer::Lexer;
use super::token::{Bracket, Tok, Token, closing, without};
use super::{Ast, BinaryOp, NormKind, Sign, Syntax, comprehensions, errors, functions, losses, names, program_text};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Axis, Elementwise, Name, PROGRAM_LAST_AXIS, PROGRAM_SECOND_AXIS};
use std::collections::BTreeSet;

impl Lexer<'_> {
    /// `log.(x)`: the dot of a function that goes entry by entry anyway.
    pub(super) fn broadcast(&mut self) -> bool {
        let Some(Tok::Name(function)) = self.tokens().last().map(|t| t.tok.clone()) else { return false };
        if self.is_spaced() || !self.rest().starts_with(".(") {
            return false;
        }
        let start = self.pos;
        self.pos += 1;
        let letter = names::split(&function).0.chars().nth(1).is_none();
        let own = program_text::spelling(function.as_str()).unwrap_or(function.as_str());
        if !letter && Elementwise::from_spelling(own).is_none() && !program_text::is_entrywise(&function) {
            let help = "only functions of numbers are written with a dot here: write out what stands in each row";
            self.syntax_error(start, format!("{function}.(…) of several arrays is not in the language"), "a dot", help);
        }
        true
    }

    /// `'fro'`, `"fro"`: the order of a norm. Other texts in quotes are settings of programs.
    pub(super) fn order(&mut self) -> bool {
        let start = self.pos;
        let before = self.tokens().last().map(|t| &t.tok);
        if !matches!(before, Some(Tok::Comma | Tok::Equals | Tok::Open(Bracket::Paren))) {
            return false;
        }
        let Some(quoted) = quoted(self.rest()) else { return false };
        self.pos += quoted.len() + 2;
        if matches!(quoted, "fro" | "F") {
            self.push(Tok::Name(Name::new("fro")), start);
            return true;
        }
        let of_gelu = matches!(self.tokens(), [.., name, _] if name.tok.is_name("approximate"));
        if of_gelu || losses::is_reduction(quoted, self.tokens()) {
            self.push(Tok::Name(Name::new(quoted)), start);
            return true;
        }
        if self.called().is_some_and(|f| f.as_str() == "einsum") {
            self.push(Tok::Subscript(quoted.to_owned()), start);
            return true;
        }
        let span = Span::new(start, self.pos);
        let error = match self.called().filter(|f| functions::missing(f.as_str()).is_some()) {
            Some(function) => functions::unavailable(&function, span),
            None if quoted == "nuc" => Error::new(Kind::Unsupported, "the nuclear norm is not in the language")
                .at(span, "the sum of the singular values")
                .help("singular values have no rule; ‖X‖_F is the root of the sum of their squares"),
            None => Error::new(Kind::Unsupported, format!("the setting '{quoted}' is not in the language"))
                .at(span, "a setting of programs")
                .help("leave it out where the formula does not change by it, or write out what it does"),
        };
        self.bad(error, start);
        true
    }

    /// The function whose bracket is open here.
    fn called(&self) -> Option<Name> {
        let mut depth = 0usize;
        let tokens = self.tokens();
        let open = tokens.iter().rev().take(MAX_LOOK).position(|t| {
            match t.tok {
                Tok::Close(_) => depth += 1,
                Tok::Open(_) if depth == 0 => return true,
                Tok::Open(_) => depth -= 1,
                _ => {}
            }
            false
        })?;
        tokens.get(tokens.len().checked_sub(open + 2)?)?.tok.name().cloned()
    }
}

/// How far back the function is sought whose bracket is open; so many sums of Mathematica are read.
const MAX_LOOK: usize = 64;

/// What stands in quotes, no longer than a setting is.
fn quoted(rest: &str) -> Option<&str> {
    let sign = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let end = rest[1..].bytes().take(MAX_LOOK).position(|b| b == sign as u8)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "_,->.… -".contains(c);
    rest.get(1..=end).filter(|text| !text.is_empty() && text.chars().all(plain))
}

/// `Norm` is norm.
fn lower(name: &Name) -> Option<Name> {
    let own = name.as_str().to_lowercase();
    (functions::signature(name.as_str()).is_none() && functions::signature(&own).is_some()).then(|| Name::new(&own))
}

/// A function of the language in any spelling, Mathematica's too.
pub(super) fn is_function(name: &Name) -> bool {
    let word = name.as_str();
    functions::signature(word).is_some()
        || word == "If"
        || word.chars().count() > 1 && lower(name).is_some()
        || program_text::spelling(word).is_some()
        || program_text::is_operator(word)
}

/// `slogdet(K)[1]` is logdet(K): the second of the two values, the logarithm.
pub(super) fn second_values(tokens: &mut Vec<Token>) {
    let second = [Tok::Open(Bracket::Square), Tok::Number("1".to_owned()), Tok::Close(Bracket::Square)];
    let (mut open, mut left_out) = (Vec::new(), BTreeSet::new());
    for at in 0..tokens.len() {
        match tokens[at].tok {
            Tok::Open(_) => open.push(at),
            Tok::Close(_) => {
                let name = open.pop().and_then(|bracket: usize| bracket.checked_sub(1));
                let after = at + 1..at + 1 + second.len();
                let second = tokens.get(after.clone()).is_some_and(|t| t.iter().map(|t| &t.tok).eq(&second));
                if let Some(name) = name.filter(|name| second && tokens[*name].tok.is_name("slogdet")) {
                    tokens[name].tok = Tok::Name(Name::new("logdet"));
                    left_out.extend(after);
                }
            }
            _ => {}
        }
    }
    without(tokens, &left_out);
}

/// `clamp(x, min=0)` is max(x, 0), `clip(x, a_min=0, a_max=1)` clip(x, 0, 1), as functions and as methods.
pub(super) fn bounds_by_name(tokens: &mut Vec<Token>) {
    let mut left_out = BTreeSet::new();
    for at in (0..tokens.len().saturating_sub(1)).rev() {
        let called = matches!(&tokens[at].tok, Tok::Name(n) | Tok::Method(n) if matches!(n.as_str(), "clamp" | "clip"));
        let close = Some(at + 1).filter(|_| called).and_then(|open| closing(tokens, open));
        let Some(close) = close else { continue };
        let bounds: Vec<(usize, &str)> = (at + 2..close).filter_map(|i| Some((i, bound(tokens, i)?))).collect();
        let word = match bounds[..] {
            [(_, "min"), (_, "max")] => None,
            // the other bound
            [(_, "min")] => Some("max"),
            [(_, "max")] => Some("min"),
            _ => continue,
        };
        if let (Tok::Name(function) | Tok::Method(function), Some(word)) = (&mut tokens[at].tok, word) {
            *function = Name::new(word);
        }
        left_out.extend(bounds.into_iter().flat_map(|(i, _)| [i, i + 1]));
    }
    without(tokens, &left_out);
}

/// `, min=`: which bound an argument says by its name.
fn bound(tokens: &[Token], at: usize) -> Option<&'static str> {
    let begins = matches!(tokens[at - 1].tok, Tok::Comma | Tok::Open(Bracket::Paren));
    let named = tokens.get(at + 1).is_some_and(|t| t.tok == Tok::Equals);
    match tokens[at].tok.name().filter(|_| begins && named)?.as_str() {
        "min" | "a_min" => Some("min"),
        "max" | "a_max" => Some("max"),
        _ => None,
    }
}

/// `Tr[A.X.B]`, `exp[-x^2]`: square brackets around arguments, as Mathematica and physicists write them; then a point
/// between factors is a product.
pub(super) fn square_calls(tokens: &mut Vec<Token>) {
    let is_iterated = |at: &usize| tokens[*at].tok.name().is_some_and(|n| matches!(n.as_str(), "Sum" | "Product"));
    let calls: Vec<usize> = (0..tokens.len()).filter(is_iterated).take(MAX_LOOK).collect();
    calls.into_iter().rev().for_each(|at| iterated(tokens, at));
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut found = Vec::new();
    for i in 0..tokens.len() {
        match tokens[i].tok {
            Tok::Open(bracket) => {
                let before = i.checked_sub(1).and_then(|b| tokens[b].tok.name());
                let called = before.is_some_and(|name| is_function(name) && name.as_str() != "E");
                open.push((i, bracket == Bracket::Square && called && !tokens[i].spaced));
            }
            Tok::Close(Bracket::Square) => found.extend(open.pop().filter(|(_, call)| *call).map(|(at, _)| (at, i))),
            Tok::Close(_) => drop(open.pop()),
            _ => {}
        }
    }
    for (at, close) in &found {
        if let Some(own) = tokens[*at - 1].tok.name().and_then(lower) {
            tokens[*at - 1].tok = Tok::Name(own);
        }
        tokens[*at].tok = Tok::Open(Bracket::Paren);
        tokens[*close].tok = Tok::Close(Bracket::Paren);
    }
    if !found.is_empty() || are_products(tokens) {
        tokens.iter_mut().filter(|t| t.tok == Tok::Dot).for_each(|t| t.tok = Tok::Times);
    }
}

/// `Sum[x[[i]]^2, {i, 1, n}]` is sum(i = 1..n, x_i^2).
fn iterated(tokens: &mut Vec<Token>, at: usize) {
    let own = match tokens[at].tok.name().map(Name::as_str) {
        Some("Sum") => "sum",
        Some("Product") => "prod",
        _ => return,
    };
    let square = tokens.get(at + 1).is_some_and(|t| t.tok == Tok::Open(Bracket::Square));
    let Some(close) = Some(at + 1).filter(|_| square).and_then(|open| closing(tokens, open)) else { return };
    let brace = |t: &Token| t.tok == Tok::Open(Bracket::Brace);
    let Some(open) = tokens[at..close].iter().rposition(brace).map(|open| at + open) else { return };
    let bounds: Vec<&[Token]> = tokens[open + 1..close - 1].split(|t| t.tok == Tok::Comma).collect();
    let sign = |tok: Tok| Token { tok, spaced: false, ..tokens[open].clone() };
    let one = [sign(Tok::Number("1".to_owned()))];
    let (letter, first, last) = match bounds[..] {
        [[letter], last] => (letter, &one[..], last),
        [[letter], first, last] => (letter, first, last),
        _ => return,
    };
    let (Some(index), Tok::Comma) = (letter.tok.name(), &tokens[open - 1].tok) else { return };
    let range = first.iter().cloned().chain([sign(Tok::DotDot)]).chain(last.iter().cloned());
    let clause = [letter.clone(), sign(Tok::Equals)].into_iter().chain(range).chain([sign(Tok::Comma)]);
    let whole: Vec<Token> = clause.chain(comprehensions::with_members(&tokens[at + 2..open - 1], index)).collect();
    tokens[at].tok = Tok::Name(Name::new(own));
    tokens[at + 1].tok = Tok::Open(Bracket::Paren);
    tokens[close].tok = Tok::Close(Bracket::Paren);
    tokens.splice(at + 2..close, whole);
}

/// Whether the points stand between letters and brackets alone, without space: `x.Q.x - c.x`.
fn are_products(tokens: &[Token]) -> bool {
    let letter = |t: &Token| t.tok.name().is_some_and(|n| names::split(n).0.chars().nth(1).is_none());
    let of = |at: usize| {
        let [before, point, after] = &tokens[at - 1..=at + 1] else { return false };
        let near = !point.spaced && !after.spaced;
        near && (letter(before) || matches!(before.tok, Tok::Close(_)))
            && (letter(after) || matches!(after.tok, Tok::Open(_)))
    };
    let mut points = (0..tokens.len()).filter(|at| tokens[*at].tok == Tok::Dot).peekable();
    points.peek().is_some() && points.all(|at| at > 0 && at + 1 < tokens.len() && of(at))
}

impl Parser<'_> {
    /// Brings the call that begins here into the form of the language: `sum(abs2, x)`, `sum(x[i] for i in range(n))`.
    pub fn program_call(&mut self, name: &Name) -> Parsed<()> {
        if *self.ahead(1) == Tok::Open(Bracket::Paren)
            && matches!(name.as_str(), "norm" | "vector_norm" | "matrix_norm")
        {
            self.order_by_name();
        }
        if *self.ahead(1) == Tok::Open(Bracket::Paren) && name.as_str() == "gelu" {
            self.exact_gelu()?;
        }
        if *self.ahead(1) == Tok::Open(Bracket::Paren)
            && matches!(name.as_str(), "sum" | "mean" | "prod" | "max" | "min")
        {
            self.applied_first();
            self.mapped_argument();
            self.generator()?;
        }
        Ok(())
    }

    /// `gelu(x, approximate=False)`, `approximate='none'`: the exact one.
    fn exact_gelu(&mut self) -> Parsed<()> {
        let Some(close) = self.closing(self.at + 1) else { return Ok(()) };
        let named = |w: &[Token]| w[0].tok == Tok::Comma && w[1].tok.is_name("approximate") && w[2].tok == Tok::Equals;
        let Some(at) = self.tokens[self.at + 1..close].windows(4).position(named).map(|at| self.at + 1 + at) else {
            return Ok(());
        };
        if !self.tokens[at + 3].tok.is_name("False") && !self.tokens[at + 3].tok.is_name("none") {
            let advice = functions::missing("jax_gelu").unwrap_or_default();
            return Err(Box::new(functions::refused("gelu, approximated,", self.token().span, advice)));
        }
        self.tokens.drain(at..at + 4);
        Ok(())
    }

    /// `norm(x, p=1)`, `norm(x, ord=2)` are norm(x, 1), norm(x, 2).
    fn order_by_name(&mut self) {
        let Some(close) = self.closing(self.at + 1) else { return };
        let named = |w: &[Token]| {
            w[0].tok == Tok::Comma && (w[1].tok.is_name("p") || w[1].tok.is_name("ord")) && w[2].tok == Tok::Equals
        };
        if let Some(at) = self.tokens[self.at + 1..close].windows(3).position(named) {
            self.tokens.drain(self.at + 2 + at..self.at + 4 + at);
        }
    }

    /// `sum(abs2, x)` is sum(abs2(x)).
    fn applied_first(&mut self) {
        let of_entries = |f: &Name| Elementwise::from_spelling(f.as_str()).is_some() || f.as_str() == "abs_2";
        let Tok::Name(function) = self.ahead(2) else { return };
        if !of_entries(function) || *self.ahead(3) != Tok::Comma || self.names.known.contains(function) {
            return;
        }
        let square = function.as_str() == "abs_2";
        let comma = self.at + 3;
        let Some(close) = self.closing(self.at + 1) else { return };
        self.tokens[comma].tok = Tok::Open(Bracket::Paren);
        if square {
            self.tokens[comma - 1].tok = Tok::Name(Name::new("square"));
        }
        let end = self.tokens[close].clone();
        self.tokens.insert(close, end);
    }

    /// `norm(x, 2)`, `dot(x, A, y)`; `None` where the arguments are those of the language.
    pub fn call_of_programs(
        &mut self,
        function: &Name,
        args: &[Ast],
        start: usize,
        below: usize,
    ) -> Parsed<Option<Ast>> {
        match (function.as_str(), args) {
            // MATLAB and Julia count the dimensions from 1
            ("size", [x, Ast { kind: Syntax::Number(place), .. }]) if matches!(place.as_str(), "1" | "2") => {
                let size = Name::new(if place == "1" { "nrow" } else { "ncol" });
                let function_span = self.since(start);
                let kind = Syntax::Call { function: size, function_span, primes: 0, args: vec![x.clone()] };
                self.node(kind, start, below + 1).map(Some)
            }
            ("norm", [x, order]) => match norm_kind(order) {
                Some(kind) => self.node(Syntax::Norm(kind, Box::new(x.clone())), start, below).map(Some),
                None => self.norms_along(x, order, start, below),
            },
            ("norm", [x, Ast { kind: Syntax::Number(two), .. }, axis]) if two == "2" => {
                self.norms_along(x, axis, start, below)
            }
            ("norm", [x]) => match self.tok() {
                Tok::Subscript(order) => {
                    let kind = match order.as_str() {
                        "1" => NormKind::One,
                        "F" => NormKind::Frobenius,
                        "∞" | "inf" => NormKind::Infinity,
                        n if n.bytes().all(|b| b.is_ascii_digit()) => NormKind::P(n.to_owned()),
                        _ => return Ok(None),
                    };
                    self.at += 1;
                    self.node(Syntax::Norm(kind, Box::new(x.clone())), start, below).map(Some)
                }
                _ => Ok(None),
            },
            ("mean", [x, Ast { kind: Syntax::Name(axis), span, .. }]) if Axis::from_word(axis.as_str()).is_some() => {
                let (x, axis, span) = (x.clone(), axis.clone(), *span);
                self.mean_along(x, &axis, span, start, below).map(Some)
            }
            // MATLAB's second number of var is another setting
            ("sum" | "mean" | "prod" | "var", [x, Ast { kind: Syntax::Number(place), span, .. }])
                if function.as_str() != "var" || self.names.numpy =>
            {
                let (x, place, span) = (x.clone(), place.clone(), *span);
                self.along(function, x, &place, span, start, below).map(Some)
            }
            ("sum" | "mean" | "prod", [x, Ast { kind: Syntax::Neg(last), span, .. }])
                if self.names.numpy && matches!(&last.kind, Syntax::Number(n) if n == "1") =>
            {
                self.along(function, x.clone(), "-1", *span, start, below).map(Some)
            }
            // of matrices one of each pair of columns
            ("cosine_similarity", [a, b, Ast { kind: Syntax::Name(axis), span, .. }]) if axis.as_str() == "cols" => {
                let along = Ast::new(Syntax::Name(axis.clone()), *span);
                self.cosine_along(a, b, &along, start, below).map(Some)
            }
            ("logsumexp", [x, along @ Ast { kind: Syntax::Name(axis), .. }])
                if Axis::from_word(axis.as_str()).is_some() =>
            {
                let span = self.since(start);
                let call = |name: &str, args| {
                    Ast::new(Syntax::Call { function: Name::new(name), function_span: span, primes: 0, args }, span)
                };
                let only = || self.of_one_axis.get_or_init(|| with_one_place(&self.tokens));
                if matches!(&x.kind, Syntax::Name(name) if only().contains(name))
                    && axis.as_str() != PROGRAM_SECOND_AXIS
                {
                    return self.node(call("logsumexp", vec![x.clone()]).kind, start, below).map(Some);
                }
                let sums = call("sum", vec![call("exp", vec![x.clone()]), along.clone()]);
                self.node(call("log", vec![sums]).kind, start, below + 2).map(Some)
            }
            ("diff", [x]) => self.neighbours(x, start, below).map(Some),
            ("dot", [x, a, y]) => {
                let at = |kind| Box::new(Ast::new(kind, self.since(start)));
                let row = at(Syntax::Transpose(Box::new(x.clone())));
                let left = at(Syntax::Binary(BinaryOp::Mul, row, Box::new(a.clone())));
                self.node(Syntax::Binary(BinaryOp::Mul, left, Box::new(y.clone())), start, below + 2).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// `sum(X, 2)`: MATLAB counts the dimensions from 1, NumPy the axes from 0.
    fn along(&mut self, function: &Name, x: Ast, place: &str, span: Span, start: usize, below: usize) -> Parsed {
        let first = if self.names.numpy { "0" } else { "1" };
        let second = if self.names.numpy { "1" } else { "2" };
        let word = match place {
            p if p == first => "cols",
            p if p == second && self.names.numpy => PROGRAM_SECOND_AXIS,
            p if p == second => "rows",
            "-1" if self.names.numpy => PROGRAM_LAST_AXIS,
            _ => {
                return Err(Box::new(
                    Error::new(Kind::Unsupported, format!("arrays with an axis {place} are not in the language"))
                        .at(span, "a matrix has two axes")
                        .help(format!(
                            "write {function}(X, rows) for one of each row, {function}(X, cols) of each column"
                        )),
                ));
            }
        };
        if function.as_str() == "mean" {
            return self.mean_along(x, &Name::new(word), span, start, below);
        }
        let axis = Ast::new(Syntax::Name(Name::new(word)), span);
        let kind = Syntax::Call {
            function: function.clone(),
            function_span: self.since(start),
            primes: 0,
            args: vec![x, axis],
        };
        self.node(kind, start, below)
    }

    /// `mean(X, axis=1)`: the sum of each row, divided by how many entries it has.
    fn mean_along(&mut self, x: Ast, axis: &Name, place: Span, start: usize, below: usize) -> Parsed {
        let span = self.since(start);
        let call = |name: &str, args| {
            Ast::new(Syntax::Call { function: Name::new(name), function_span: span, primes: 0, args }, span)
        };
        let count = call(if axis.as_str() == "cols" { "nrow" } else { "ncol" }, vec![x.clone()]);
        let sums = call("sum", vec![x, Ast::new(Syntax::Name(axis.clone()), place)]);
        self.node(Syntax::Binary(BinaryOp::Div, Box::new(sums), Box::new(count)), start, below + 1)
    }

    /// `norm(X, axis=1)`: the norm of each row.
    fn norms_along(&mut self, x: &Ast, axis: &Ast, start: usize, below: usize) -> Parsed<Option<Ast>> {
        if !matches!(&axis.kind, Syntax::Name(n) if Axis::from_word(n.as_str()).is_some()) {
            return Ok(None);
        }
        let span = self.since(start);
        let number = Ast::new(Syntax::Number("2".into()), span);
        let squares = Ast::new(Syntax::ElementPower(Box::new(x.clone()), Box::new(number)), span);
        let call = |name: &str, args| Syntax::Call { function: Name::new(name), function_span: span, primes: 0, args };
        let sums = Ast::new(call("sum", vec![squares, axis.clone()]), span);
        self.node(call("sqrt", vec![sums]), start, below + 2).map(Some)
    }

    /// `diff(x)` is x[2..n] - x[1..n-1].
    fn neighbours(&mut self, x: &Ast, start: usize, below: usize) -> Parsed {
        let span = self.since(start);
        let at = |kind| Box::new(Ast::new(kind, span));
        let one = || at(Syntax::Number("1".into()));
        let size = || {
            let function = Name::new("nrow");
            at(Syntax::Call { function, function_span: span, primes: 0, args: vec![x.clone()] })
        };
        let part = |rows| Ast::new(Syntax::Slice { base: Box::new(x.clone()), rows, cols: None }, span);
        let last = at(Syntax::Sum(vec![(Sign::Plus, *size()), (Sign::Minus, *one())]));
        let later = part((at(Syntax::Number("2".into())), size()));
        let terms = vec![(Sign::Plus, later), (Sign::Minus, part((one(), last)))];
        self.node(Syntax::Sum(terms), start, below + 3)
    }

    /// `cosine_similarity(a, b, dim=0)`.
    fn cosine_along(&mut self, a: &Ast, b: &Ast, axis: &Ast, start: usize, below: usize) -> Parsed {
        let span = self.since(start);
        let call = |name: &str, args| {
            Ast::new(Syntax::Call { function: Name::new(name), function_span: span, primes: 0, args }, span)
        };
        let entrywise =
            |op, a: &Ast, b: &Ast| Ast::new(Syntax::Binary(op, Box::new(a.clone()), Box::new(b.clone())), span);
        let sum = |a: &Ast, b: &Ast| call("sum", vec![entrywise(BinaryOp::Had, a, b), axis.clone()]);
        let norms = entrywise(BinaryOp::Had, &call("sqrt", vec![sum(a, a)]), &call("sqrt", vec![sum(b, b)]));
        let quotient = Syntax::Binary(BinaryOp::HadDiv, Box::new(sum(a, b)), Box::new(norms));
        self.node(quotient, start, below + 4)
    }

    /// `e^{i ω t}`, `exp(-j x)`: of complex numbers, where nothing binds the letter.
    pub fn refuse_imaginary(&self, exponent: &Ast) -> Parsed<()> {
        match self.imaginary_factor(exponent, false) {
            Some(span) => Err(Box::new(errors::imaginary(span))),
            None => Ok(()),
        }
    }

    /// The factor i of a product that nothing says is a variable: of `-2 π i k n / N`, `i (k x - ω t)`.
    fn imaginary_factor(&self, ast: &Ast, in_product: bool) -> Option<Span> {
        match &ast.kind {
            Syntax::Neg(inner) => self.imaginary_factor(inner, in_product),
            Syntax::Sum(terms) => terms.iter().find_map(|(_, term)| self.imaginary_factor(term, false)),
            Syntax::Binary(BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot, a, b) => {
                self.imaginary_factor(a, true).or_else(|| self.imaginary_factor(b, true))
            }
            Syntax::Binary(BinaryOp::Div, a, _) => self.imaginary_factor(a, true),
            Syntax::Name(n) if in_product => {
                let own = self.names.known.contains(n) || self.letters.contains(n) || self.names.bound.contains(n);
                // `i2π`: the number runs into the letter
                let joined = matches!(n.as_str(), "i_2" | "j_2") && ast.span.end - ast.span.start == 2;
                (!own && (joined || matches!(n.as_str(), "i" | "j"))).then_some(ast.span)
            }
            _ => None,
        }
    }
}

/// The arrays of `z[y]`: names before a bracket with one name or number in it.
fn with_one_place(tokens: &[Token]) -> BTreeSet<Name> {
    let places = tokens
        .windows(4)
        .filter(|w| w[1].tok == Tok::Open(Bracket::Square) && !w[1].spaced && w[3].tok == Tok::Close(Bracket::Square));
    places.filter_map(|w| w[0].tok.name().cloned()).collect()
}

/// `norm(x, 2)`, `norm(x, 1)`, `norm(A, 'fro')`.
fn norm_kind(order: &Ast) -> Option<NormKind> {
    match &order.kind {
        Syntax::Number(n) if n == "1" => Some(NormKind::One),
        Syntax::Number(n) => Some(NormKind::P(n.clone())),
        Syntax::Name(n) if matches!(n.as_str(), "inf" | "Inf") => Some(NormKind::Infinity),
        Syntax::Name(n) if n.as_str() == "fro" => Some(NormKind::Frobenius),
        _ => None,
    }
}
