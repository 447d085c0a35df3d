//! Bars: norms with their indices, determinants and absolute values.

use super::expression::{Parsed, Parser};
use super::token::{BarSide, Bracket, Tok};
use super::{Ast, BinaryOp, NormKind, Syntax, errors};
use crate::diag::{Error, Kind, Span};

/// Norms with a matrix as their index nest at most so deep: each writes its argument twice.
const MAX_WEIGHTED: usize = 3;

impl Parser<'_> {
    // ---- one bar

    /// `|A|`.
    pub fn bars(&mut self, start: usize) -> Parsed {
        let bar = self.token().span;
        let sided = *self.tok() == Tok::Pipe(BarSide::Left);
        self.at += 1;
        let in_bars = std::mem::replace(&mut self.in_bars, !sided);
        let in_norm = std::mem::take(&mut self.in_norm);
        let inner = self.deeper(Self::sum);
        (self.in_bars, self.in_norm) = (in_bars, in_norm);
        let norm = self.norm_at.filter(|_| in_norm && !sided);
        let inner = match (inner, norm) {
            // a single bar that opens nothing: it was to close the norm
            (Err(error), Some(norm)) if error.kind == Kind::Syntax => return Err(self.half_closed(norm, bar)),
            (inner, _) => inner?,
        };
        let below = self.height;
        if !sided && self.is_two_bars() {
            // `|A||B|`: the one closes, the other opens
            let token = &mut self.tokens[self.at];
            token.span.start += 1;
            token.tok = Tok::Pipe(BarSide::Either);
            let kind = Syntax::Bars(Box::new(inner));
            let span = Span::new(start, self.token().span.start);
            self.height = below + 1;
            return Ok(Ast::new(kind, span));
        }
        match self.tok() {
            Tok::Pipe(BarSide::Right) => {}
            Tok::Pipe(BarSide::Either) if !sided => {}
            _ => return Err(self.unclosed(bar, "bar", "expected |")),
        }
        self.at += 1;
        self.node(Syntax::Bars(Box::new(inner)), start, below)
    }

    /// `||` within `|…|` closes and opens.
    pub fn closes_and_opens(&self) -> bool {
        self.in_bars && self.is_two_bars()
    }

    fn is_two_bars(&self) -> bool {
        *self.tok() == Tok::Bar(BarSide::Either)
            && matches!(errors::spelling(self.text, self.token()), "||" | "\\vert\\vert")
    }

    fn half_closed(&self, norm: Span, bar: Span) -> Box<Error> {
        Box::new(
            Error::new(Kind::Syntax, "the norm that opens here is not closed: found one bar, '|'")
                .at(bar, "expected the norm's own bar")
                .at(norm, "the norm opens here")
                .help("close the norm with the bar it opened with"),
        )
    }

    fn unclosed(&self, bar: Span, what: &str, label: &str) -> Box<Error> {
        let message =
            format!("expected the closing bar of the {what}, found {}", errors::found(self.text, self.token()));
        let message = message.replace("bar of the bar", "bar");
        Box::new(
            Error::new(Kind::Syntax, message)
                .at(self.token().span, label)
                .at(bar, format!("the {what} opens here"))
                .help(format!("close the {what} with the bar it opened with")),
        )
    }

    // ---- norms

    pub fn norm(&mut self, start: usize) -> Parsed {
        let bar = self.token().span;
        let sided = *self.tok() == Tok::Bar(BarSide::Left);
        self.at += 1;
        let in_norm = std::mem::replace(&mut self.in_norm, !sided);
        let norm_at = self.norm_at.replace(bar);
        let in_bars = std::mem::take(&mut self.in_bars);
        let inner = self.deeper(Self::sum);
        (self.in_norm, self.in_bars, self.norm_at) = (in_norm, in_bars, norm_at);
        let inner = inner?;
        let below = self.height;
        match self.tok() {
            Tok::Bar(BarSide::Right) => {}
            Tok::Bar(BarSide::Either) if !sided => {}
            _ => return Err(self.unclosed(bar, "norm", "expected ‖")),
        }
        self.at += 1;
        self.refuse_joined_index()?;
        self.index_before_power();
        if let Some(weight) = self.weight()? {
            return self.weighted(inner, weight, start, below.max(self.height));
        }
        let kind = self.norm_kind()?;
        self.node(Syntax::Norm(kind, Box::new(inner)), start, below)
    }

    /// `||x||2` lost its underscore on the way.
    fn refuse_joined_index(&self) -> Parsed<()> {
        match self.tok() {
            Tok::Number(index) if !self.token().spaced => Err(Box::new(
                Error::new(Kind::Syntax, format!("the {index} right after the norm can be read in two ways"))
                    .at(self.token().span, "an index, or a factor?")
                    .help(format!("write ||x||_{index} for the index, ||x|| * {index} for the product")),
            )),
            _ => Ok(()),
        }
    }

    /// `‖x‖^2_2` is `‖x‖_2^2`: an index after a power of one token or group is moved before it.
    fn index_before_power(&mut self) {
        let length = match (self.tok(), self.ahead(1)) {
            (Tok::Superscript(_), _) => 1,
            (Tok::Caret, Tok::Open(Bracket::Brace)) if matches!(self.ahead(3), Tok::Close(_)) => 4,
            (Tok::Caret, Tok::Number(_) | Tok::Name(_)) => 2,
            _ => return,
        };
        let index = match self.ahead(length) {
            Tok::Subscript(_) => 1,
            Tok::Under => self.closing(self.at + length + 1).map_or(0, |close| close + 1 - self.at - length),
            _ => 0,
        };
        self.tokens[self.at..self.at + length + index].rotate_right(index);
    }

    fn norm_kind(&mut self) -> Parsed<NormKind> {
        let Tok::Subscript(index) = self.tok().clone() else { return Ok(NormKind::Two) };
        let span = self.token().span;
        self.at += 1;
        let number = index.bytes().all(|b| b.is_ascii_digit() || b == b'/' || b == b'.');
        match index.as_str() {
            "1" | "1,1" => Ok(NormKind::One),
            "F" | "Fro" | "fro" | "HS" | "2,2" => Ok(NormKind::Frobenius),
            "∞" | "inf" | "infty" => Ok(NormKind::Infinity),
            "p" | "q" => Ok(NormKind::P(index)),
            _ if number => Ok(NormKind::P(index)),
            _ => Err(Box::new(
                Error::new(Kind::Unsupported, format!("the norm with the index {index} is not in the language"))
                    .at(span, "unsupported norm")
                    .help(other_norm(&index)),
            )),
        }
    }

    // ---- norms with a matrix

    /// The matrix of `‖x‖_Σ`, `‖x‖_{Σ^{-1}}`.
    fn weight(&mut self) -> Parsed<Option<Ast>> {
        let start = self.token().span.start;
        match self.tok().clone() {
            Tok::Subscript(index) if is_matrix(&index) => {
                self.at += 1;
                Ok(Some(self.leaf(Syntax::Name(super::names::canonical(&index, &[])), start)))
            }
            Tok::Under => {
                self.at += 2;
                let weight = self.bracketed(Self::sum)?;
                self.close(Bracket::Brace)?;
                Ok(Some(weight))
            }
            _ => Ok(None),
        }
    }

    /// ‖x‖_Σ is (xᵀ Σ x)^(1/2).
    fn weighted(&mut self, x: Ast, weight: Ast, start: usize, below: usize) -> Parsed {
        if self.weighted == MAX_WEIGHTED {
            return Err(Box::new(errors::too_deep(self.since(start), MAX_WEIGHTED)));
        }
        self.weighted += 1;
        let span = self.since(start);
        let at = |kind| Box::new(Ast::new(kind, span));
        let product = |a, b| at(Syntax::Binary(BinaryOp::Mul, a, b));
        let transposed = at(Syntax::Transpose(Box::new(x.clone())));
        let form = product(product(transposed, Box::new(weight)), Box::new(x));
        let number = |n: &str| at(Syntax::Number(n.to_string()));
        let half = at(Syntax::Binary(BinaryOp::Div, number("1"), number("2")));
        // the square of this root is the form itself
        if let Some(length) = self.square_ahead() {
            self.at += length;
            let mut form = *form;
            form.span = self.since(start);
            self.height = below + 3;
            return Ok(form);
        }
        self.node(Syntax::Power(form, half), start, below + 3)
    }

    /// The tokens of `^2`.
    fn square_ahead(&self) -> Option<usize> {
        let two = |tok: &Tok| matches!(tok, Tok::Number(n) if n == "2");
        match (self.tok(), self.ahead(1), self.ahead(2), self.ahead(3)) {
            (Tok::Superscript(s), ..) if s == "2" => Some(1),
            (Tok::Caret, n, ..) if two(n) => Some(2),
            (Tok::Caret, Tok::Open(Bracket::Brace), n, Tok::Close(_)) if two(n) => Some(4),
            _ => None,
        }
    }
}

/// The name of a matrix, not of a norm.
fn is_matrix(index: &str) -> bool {
    let base = index.split('_').next().unwrap_or(index);
    let upper = base.chars().next().is_some_and(char::is_uppercase) && base.chars().count() == 1;
    upper && index != "F"
}

fn other_norm(index: &str) -> &'static str {
    match index {
        "*" | "nuc" | "tr" | "S_1" => "the nuclear norm has no rule: norms have the indices 1, 2, F, ∞ or a number p",
        "op" | "2→2" | "spec" => "the spectral norm has no rule: norms have the indices 1, 2, F, ∞ or a number p",
        _ => "norms have the indices 1, 2, F, ∞, a number p, or a matrix",
    }
}
