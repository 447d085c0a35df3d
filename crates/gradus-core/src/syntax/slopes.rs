//! Derivatives of functions of arrays within expressions: `∇f(x)`, `J_c(x)`, `∇²f(x)`, `∇²(wᵀ c)(x)`; in plain letters
//! `grad_f(x)`, `hess_f(x)`, `hess_c(w, x)`.

use super::expression::{Parsed, Parser};
use super::scope::ScopeNames;
use super::token::{self, Bracket, Tok, Token};
use super::{Ast, Syntax, errors};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Name, Slope};

/// The names of derivatives that hold the name of their function.
const PREFIXES: &[(&str, Slope)] = &[("J_", Slope::Jacobian), ("grad_", Slope::Gradient), ("hess_", Slope::Hessian)];

/// The derivative and the function in `J_c`.
pub(super) fn named_slope(name: &Name) -> Option<(Slope, Name)> {
    let of = |(prefix, slope): &(&str, Slope)| {
        let function = name.as_str().strip_prefix(prefix).filter(|rest| !rest.is_empty())?;
        Some((*slope, super::names::canonical_text(function)))
    };
    PREFIXES.iter().find_map(of)
}

/// The function a derivative at this place of a text is of: `∇f(`, `∇²f(`, `J_c(`.
pub(super) fn differentiated(tokens: &[Token], i: usize) -> Option<Name> {
    let called = |at: usize| tokens.get(at + 1).is_some_and(|t| t.tok == Tok::Open(Bracket::Paren));
    match &tokens[i].tok {
        Tok::Nabla => {
            let length = Marks::of(&tokens[i + 1..]).length;
            let function = tokens.get(i + 1 + length)?.tok.name()?;
            called(i + 1 + length).then(|| function.clone())
        }
        Tok::Name(name) if called(i) => named_slope(name).map(|(_, function)| function),
        _ => None,
    }
}

/// Whether ∇ stands before a called function, or a bracket before a bracket: `∇f(x)`, `∇²(wᵀ c)(x)`.
pub(super) fn starts(tokens: &[Token], i: usize) -> bool {
    let marks = Marks::of(&tokens[i + 1..]);
    let bracket = tokens.get(i + 1 + marks.length).is_some_and(|t| t.tok == Tok::Open(Bracket::Paren));
    differentiated(tokens, i).is_some() || marks.order.is_some() && bracket
}

/// What stands between ∇ and the function: an order, and what is differentiated by.
#[derive(Default)]
struct Marks {
    order: Option<String>,
    by: Option<String>,
    length: usize,
}

impl Marks {
    fn of(tokens: &[Token]) -> Marks {
        let mut marks = Marks::default();
        let tok = |at: usize| tokens.get(at).map(|t| &t.tok);
        loop {
            let at = marks.length;
            match (tok(at), tok(at + 1), tok(at + 2)) {
                (Some(Tok::Subscript(by)), ..) if marks.by.is_none() => {
                    marks.by = Some(by.clone());
                    marks.length += 1;
                }
                (Some(Tok::Superscript(order)), ..) if marks.order.is_none() => {
                    marks.order = Some(order.clone());
                    marks.length += 1;
                }
                (Some(Tok::Caret), Some(Tok::Number(order)), _) if marks.order.is_none() => {
                    marks.order = Some(order.clone());
                    marks.length += 2;
                }
                (Some(Tok::Caret), Some(Tok::Open(Bracket::Brace)), Some(Tok::Number(order)))
                    if marks.order.is_none() =>
                {
                    marks.order = Some(order.clone());
                    marks.length += 4;
                }
                _ => return marks,
            }
        }
    }
}

impl ScopeNames {
    /// The derivative a name before a bracket stands for: nobody declares the name, and its function is one.
    pub fn slope(&self, name: &Name) -> Option<(Slope, Name)> {
        let own = self.known.contains(name) || self.bound.contains(name);
        named_slope(name).filter(|(_, f)| !own && (self.functions.contains(f) || self.differentiated.contains(f)))
    }
}

impl Parser<'_> {
    /// `∇f(x)`, `∇²f(x)`, `∇_x f(x)`, `∇²(wᵀ c)(x)`.
    pub fn nabla(&mut self, start: usize) -> Parsed {
        let marks = Marks::of(&self.tokens[self.at + 1..]);
        let slope = match marks.order.as_deref() {
            None => Slope::Gradient,
            Some("2") => Slope::Hessian,
            Some(_) => return Err(Box::new(self.no_third_derivative())),
        };
        let weighted = *self.ahead(1 + marks.length) == Tok::Open(Bracket::Paren);
        let Some(function) = self.ahead(1 + marks.length).name().cloned() else {
            if slope == Slope::Hessian && weighted {
                self.at += 1 + marks.length;
                return self.weighted_sum(start);
            }
            return Err(Box::new(errors::expected_operand(self.text, self.before(), self.token())));
        };
        if *self.ahead(2 + marks.length) != Tok::Open(Bracket::Paren) {
            return Err(Box::new(errors::expected_operand(self.text, self.before(), self.token())));
        }
        self.at += 1 + marks.length;
        let tree = self.slope_call(slope, function, start)?;
        self.check_variable(&tree, marks.by.as_deref())?;
        Ok(tree)
    }

    /// The name and the bracket after it.
    pub fn slope_call(&mut self, slope: Slope, function: Name, start: usize) -> Parsed {
        self.at += 1;
        let function_span = self.since(start);
        let (args, below) = self.slope_arguments(&function)?;
        let slope = if slope == Slope::Hessian && args.len() == 2 { Slope::Weighted } else { slope };
        if args.len() != slope.arity() {
            return Err(Box::new(
                Error::new(Kind::Name, format!("a derivative of {function} takes 1 argument, {} given", args.len()))
                    .at(function_span, "wrong number of arguments"),
            ));
        }
        self.node(Syntax::Slope { slope, function, function_span, args }, start, below)
    }

    /// `(wᵀ c)(x)` after ∇²: the weights are what stands before c, transposed.
    fn weighted_sum(&mut self, start: usize) -> Parsed {
        let close = self.closing(self.at);
        let function = close.and_then(|close| self.tokens[close - 1].tok.name().cloned());
        let (Some(close), Some(function)) = (close, function.filter(|f| self.names.functions.contains(f))) else {
            return Err(Box::new(
                Error::new(Kind::Syntax, "∇² stands before a function here: ∇²f(x), or ∇²(w^T c)(x) for c: R^n -> R^m")
                    .at(self.token().span, "no function at the end of this bracket"),
            ));
        };
        // the bracket is read up to the function
        self.tokens[close - 1].tok = Tok::Close(Bracket::Paren);
        self.at += 1;
        let row = self.bracketed(Self::sum)?;
        let below = self.height;
        self.close(Bracket::Paren)?;
        self.tokens[close - 1].tok = Tok::Name(function.clone());
        self.at = close + 1;
        if *self.tok() != Tok::Open(Bracket::Paren) {
            return Err(Box::new(errors::expected_operand(self.text, self.before(), self.token())));
        }
        let function_span = self.since(start);
        let (mut args, points) = self.slope_arguments(&function)?;
        let span = row.span;
        let weights = match row.kind {
            Syntax::Transpose(weights) => *weights,
            kind => Ast::new(Syntax::Transpose(Box::new(Ast::new(kind, span))), span),
        };
        args.insert(0, weights);
        self.node(Syntax::Slope { slope: Slope::Weighted, function, function_span, args }, start, below.max(points) + 1)
    }

    /// Where the bracket that opens at a token closes.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        token::closing(&self.tokens, open)
    }

    /// `∇_x f(x)` is ∇f(x); by anything but the lone argument it is a derivative of a composition.
    fn check_variable(&self, tree: &Ast, by: Option<&str>) -> Parsed<()> {
        let (Some(by), Syntax::Slope { args, function, function_span, .. }) = (by, &tree.kind) else { return Ok(()) };
        let argument = args.last().map(|a| &a.kind);
        let mut by = by.to_owned();
        // ∇²_{xx}
        if let Some(Syntax::Name(x)) = argument
            && by == x.as_str().repeat(2)
        {
            by = x.to_string();
        }
        match argument {
            Some(Syntax::Name(x)) if *x == super::names::canonical_text(&by) => Ok(()),
            _ => Err(Box::new(
                Error::new(
                    Kind::Unsupported,
                    format!("a derivative of {function} by {by} within a formula is not in the language"),
                )
                .at(*function_span, "only by the function's own argument")
                .help(format!(
                    "write ∇{function}(…) for the gradient at the argument; the chain rule is derived, not written"
                )),
            )),
        }
    }

    fn no_third_derivative(&self) -> Error {
        Error::new(Kind::Unsupported, "derivatives of functions go up to ∇²f(x)")
            .at(Span::new(self.token().span.start, self.tokens[self.at + 1].span.end), "of a higher order")
    }
}
