//! Expressions: tokens to trees, by levels from the loosest to the tightest.

use super::errors;
use super::heads;
use super::layout::MAX_DEPTH;
use super::scope::ScopeNames;
use super::token::{BarSide, Bracket, Tok, Token};
use super::{AssumedProduct, Ast, BinaryOp, Sign, Syntax, slopes};
use crate::diag::{Error, Note, Span};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// Trees are at most so high: whoever walks one may do so by recursion.
pub(super) const MAX_HEIGHT: usize = if cfg!(target_family = "wasm") { 250 } else { 2048 };

/// A parser over the tokens of one statement, which end with `Tok::End`.
pub(super) struct Parser<'a> {
    pub text: &'a str,
    pub tokens: Vec<Token>,
    pub at: usize,
    pub names: &'a ScopeNames,
    /// A bar without a side closes the open norm.
    pub in_norm: bool,
    /// Where the innermost norm opens.
    pub norm_at: Option<Span>,
    /// A `|` without a side closes the open bars.
    pub in_bars: bool,
    pub depth: usize,
    /// How many norms with a matrix as their index there are within one another.
    pub weighted: usize,
    /// The height of the tree that was made last.
    pub height: usize,
    /// The indices that are bound here.
    pub letters: Vec<crate::expr::Name>,
    pub notes: Vec<Note>,
    /// Capitals that stand in square brackets wherever they stand, once that was asked.
    pub concentrations: OnceCell<BTreeSet<crate::expr::Name>>,
    /// Whether places in brackets are counted from 0, once they were asked for.
    pub first_place: OnceCell<Option<u32>>,
    /// Arrays of which an entry stands by one place, once they were asked for.
    pub of_one_axis: OnceCell<BTreeSet<crate::expr::Name>>,
    /// Whether every Σ of a plain text may be the sign of a sum, once that was asked.
    pub signs_of_sums: OnceCell<bool>,
    /// What is read is what a sum without anything below its sign goes over.
    pub in_bare_sum: bool,
    /// Letters before brackets that were read as factors.
    pub products: Vec<AssumedProduct>,
}

pub(super) type Parsed<T = Ast> = Result<T, Box<Error>>;

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, tokens: Vec<Token>, names: &'a ScopeNames) -> Parser<'a> {
        Parser {
            text,
            tokens,
            at: 0,
            names,
            in_norm: false,
            norm_at: None,
            in_bars: false,
            weighted: 0,
            depth: 0,
            height: 0,
            letters: Vec::new(),
            notes: Vec::new(),
            concentrations: OnceCell::new(),
            first_place: OnceCell::new(),
            of_one_axis: OnceCell::new(),
            signs_of_sums: OnceCell::new(),
            in_bare_sum: false,
            products: Vec::new(),
        }
    }

    /// One expression and nothing after it.
    pub fn whole(&mut self) -> Parsed {
        let expression = self.sum()?;
        if *self.tok() != Tok::End {
            return Err(Box::new(errors::unexpected(self.text, self.token())));
        }
        Ok(expression)
    }

    // ---- the tokens ahead

    pub fn token(&self) -> &Token {
        &self.tokens[self.at]
    }

    pub fn tok(&self) -> &Tok {
        &self.tokens[self.at].tok
    }

    pub fn ahead(&self, by: usize) -> &Tok {
        self.tokens.get(self.at + by).map_or(&Tok::End, |t| &t.tok)
    }

    pub fn before(&self) -> Option<&Token> {
        self.at.checked_sub(1).map(|i| &self.tokens[i])
    }

    /// The end of the token before this one.
    pub fn end(&self) -> usize {
        self.before().map_or(self.token().span.start, |t| t.span.end)
    }

    pub fn eat(&mut self, tok: &Tok) -> bool {
        let found = self.tok() == tok;
        if found {
            self.at += 1;
        }
        found
    }

    pub fn close(&mut self, bracket: Bracket) -> Parsed<()> {
        if self.eat(&Tok::Close(bracket)) {
            return Ok(());
        }
        Err(Box::new(errors::expected_close(self.text, bracket, self.token())))
    }

    pub fn since(&self, start: usize) -> Span {
        Span::new(start, self.end())
    }

    /// Goes one level deeper for as long as `inner` runs.
    pub fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            return Err(Box::new(errors::too_deep(self.token().span, MAX_DEPTH)));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// Reads within brackets, where bars open norms again.
    pub fn bracketed<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let open = (&mut self.in_norm, &mut self.in_bars, &mut self.in_bare_sum);
        let outside = (std::mem::take(open.0), std::mem::take(open.1), std::mem::take(open.2));
        let result = self.deeper(inner);
        (self.in_norm, self.in_bars, self.in_bare_sum) = outside;
        result
    }

    /// A node over trees whose highest is `below` high.
    pub fn node(&mut self, kind: Syntax, start: usize, below: usize) -> Parsed {
        self.height = below + 1;
        if self.height > MAX_HEIGHT {
            return Err(Box::new(errors::too_deep(self.since(start), MAX_HEIGHT)));
        }
        Ok(Ast::new(kind, self.since(start)))
    }

    pub fn leaf(&mut self, kind: Syntax, start: usize) -> Ast {
        self.height = 1;
        Ast::new(kind, self.since(start))
    }

    // ---- level 1

    pub fn sum(&mut self) -> Parsed {
        let start = self.token().span.start;
        let first = self.elementwise()?;
        if self.sign().is_none() {
            return Ok(first);
        }
        let mut terms = vec![(Sign::Plus, first)];
        let mut below = self.height;
        while let Some(sign) = self.sign() {
            self.at += 1;
            terms.push((sign, self.elementwise()?));
            below = below.max(self.height);
        }
        self.node(Syntax::Sum(terms), start, below)
    }

    pub fn sign(&self) -> Option<Sign> {
        match self.tok() {
            Tok::Plus => Some(Sign::Plus),
            Tok::Minus => Some(Sign::Minus),
            _ => None,
        }
    }

    // ---- level 2

    pub fn elementwise(&mut self) -> Parsed {
        let start = self.token().span.start;
        let mut left = self.product()?;
        if *self.tok() == Tok::Colon {
            return self.double_dot(left, start);
        }
        while let Some((op, matlab)) = self.elementwise_operator() {
            self.at += 1;
            let (right_start, below) = (self.at, self.height);
            let right = self.product()?;
            if matlab {
                self.warn_of_grouping(right_start);
            }
            left = self.binary(op, left, right, start, below)?;
        }
        Ok(left)
    }

    /// `A : B`, the sum of the products of the entries.
    fn double_dot(&mut self, left: Ast, start: usize) -> Parsed {
        let function_span = self.token().span;
        let below = self.height;
        self.at += 1;
        let right = self.product()?;
        let below = below.max(self.height);
        let kind =
            Syntax::Call { function: crate::expr::Name::new("dot"), function_span, primes: 0, args: vec![left, right] };
        self.node(kind, start, below)
    }

    fn elementwise_operator(&self) -> Option<(BinaryOp, bool)> {
        match self.tok() {
            Tok::Had { matlab } => Some((BinaryOp::Had, *matlab)),
            Tok::HadDiv { matlab } => Some((BinaryOp::HadDiv, *matlab)),
            _ => None,
        }
    }

    /// MATLAB and matrixcalculus.org read `A .* B * x` from the left.
    fn warn_of_grouping(&mut self, right: usize) {
        let mut depth = 0usize;
        let starred = self.tokens[right..self.at].iter().any(|t| {
            match t.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && t.tok == Tok::Times
        });
        if starred {
            let written = &self.text[self.tokens[right].span.start..self.end()];
            self.notes.push(Note::warning(format!(
                "products bind tighter than .* and ./ here: the right operand is ({written}); MATLAB and \
                 matrixcalculus.org group from the left"
            )));
        }
    }

    /// Over the right operand just made and a left one `below` high.
    fn binary(&mut self, op: BinaryOp, left: Ast, right: Ast, start: usize, below: usize) -> Parsed {
        let below = below.max(self.height);
        self.node(Syntax::Binary(op, Box::new(left), Box::new(right)), start, below)
    }

    // ---- level 3

    fn product(&mut self) -> Parsed {
        let start = self.token().span.start;
        let mut left = self.negation()?;
        loop {
            let below = self.height;
            if self.ends_bare_sum() {
                return Ok(left);
            } else if self.eat(&Tok::Solve) {
                let inverse = self.node(Syntax::Inverse(Box::new(left)), start, below)?;
                let below = self.height;
                let right = self.negation()?;
                left = self.binary(BinaryOp::Mul, inverse, right, start, below)?;
            } else if let Some(op) = self.product_operator() {
                let slash = *self.tok() == Tok::Slash;
                self.at += 1;
                let right = self.negation()?;
                let right = match slash {
                    true if self.names.latex => self.denominator(&left, right)?,
                    true => self.plain_denominator(&left, right)?,
                    false => right,
                };
                left = self.binary(op, left, right, start, below)?;
            } else if self.starts_operand() {
                self.refuse_adjacent_numbers()?;
                let right = self.postfix()?;
                left = self.binary(BinaryOp::Mul, left, right, start, below)?;
            } else {
                return Ok(left);
            }
        }
    }

    /// In LaTeX `/` divides by the run of factors after it: `(y - μ)^2 / 2σ^2`. A number with a space after it ends the
    /// run: `λ/2 ‖w‖²`.
    fn denominator(&mut self, left: &Ast, first: Ast) -> Parsed {
        let number = matches!(first.kind, Syntax::Number(_));
        if !self.starts_operand() || (number && self.token().spaced) || !self.is_near() {
            return Ok(first);
        }
        if number && (matches!(left.kind, Syntax::Number(_)) || !matches!(self.tok(), Tok::Name(_))) {
            let (a, b) = (self.written(left), self.written(&first));
            return Err(Box::new(
                Error::new(crate::diag::Kind::Syntax, format!("{a}/{b} before a factor can be read in two ways"))
                    .at(self.token().span, "divided by this, or multiplied with it?")
                    .help(format!(
                        r"write \frac{{{a}}}{{{b}}} for the factor, or the whole denominator in \frac{{…}}{{…}}"
                    )),
            ));
        }
        self.run_below(first, &|parser| parser.starts_operand() && parser.is_near())
    }

    /// In plain text one factor is the denominator. `a / x^T x` can only mean that its product is, and is read so; `a / ‖u‖ ‖v‖`
    /// is asked back.
    fn plain_denominator(&mut self, left: &Ast, first: Ast) -> Parsed {
        if matches!(first.kind, Syntax::Number(_))
            && matches!(self.tok(), Tok::Name(_))
            && !self.token().spaced
            && !self.names.numpy
        {
            return self.near_denominator(left, first);
        }
        let juxtaposed = !matches!(self.tok(), Tok::Open(_)) && self.starts_operand();
        if !juxtaposed || self.names.numpy {
            return Ok(first);
        }
        let norm = matches!(first.kind, Syntax::Norm(..)) && matches!(self.tok(), Tok::Bar(_));
        if norm {
            let written = self.written(&first);
            return Err(Box::new(
                Error::new(
                    crate::diag::Kind::Syntax,
                    format!("/ {written} before another norm can be read in two ways"),
                )
                .at(self.token().span, "divided by this too, or multiplied with it?")
                .help("put the whole denominator in brackets, or write the other factor first"),
            ));
        }
        if !matches!(first.kind, Syntax::Transpose(_)) {
            return Ok(first);
        }
        self.run_below(first, &Self::starts_operand)
    }

    /// A factor and those after it, as long as the run goes on, as one denominator; it is said.
    fn run_below(&mut self, first: Ast, goes_on: &dyn Fn(&Self) -> bool) -> Parsed {
        let start = first.span.start;
        let mut product = first;
        while goes_on(self) {
            self.refuse_adjacent_numbers()?;
            let below = self.height;
            let right = self.postfix()?;
            product = self.binary(BinaryOp::Mul, product, right, start, below)?;
        }
        let written = self.written(&product).to_string();
        self.notes.push(Note::warning(format!("the denominator after / is read as {written}")));
        Ok(product)
    }

    /// `p²/2m`, `(1/2m)`: letters that run into the number stand below the line with it, where something other than a number is
    /// above it, or a bracket holds nothing else. Before a sum or a norm `1/2m` is asked back; elsewhere the letters are
    /// factors, `1/2mv²`.
    fn near_denominator(&mut self, left: &Ast, first: Ast) -> Parsed {
        let start = self.at;
        let joined = self.tokens[start..].iter().take_while(|t| !t.spaced && is_of_run(&t.tok)).count();
        let (opening, after) = (self.tokens.get(start.wrapping_sub(4)), &self.tokens[start + joined]);
        let alone = opening.is_some_and(|t| t.tok == Tok::Open(Bracket::Paren));
        if alone && after.tok == Tok::Close(Bracket::Paren) {
            return self.run_below(first, &|parser| parser.at < start + joined);
        }
        let sum = match &after.tok {
            Tok::Gather(_) | Tok::Bar(_) => true,
            Tok::Name(name) => matches!(name.as_str(), "sum" | "norm"),
            Tok::Times => matches!(&self.tokens[start + joined + 1].tok, Tok::Name(n) if n.as_str() == "sum"),
            _ => false,
        };
        if !sum || !after.spaced {
            let is_number = matches!(&left.kind, Syntax::Number(_))
                || matches!(&left.kind, Syntax::Neg(of) if matches!(of.kind, Syntax::Number(_)));
            return if is_number { Ok(first) } else { self.run_below(first, &|parser| parser.at < start + joined) };
        }
        let run = self.tokens[start].span.to(self.tokens[start + joined - 1].span);
        let (number, letters) = (self.written(&first), self.text.get(run.start..run.end).unwrap_or_default());
        Err(Box::new(
            Error::new(crate::diag::Kind::Syntax, format!("/ {number}{letters} before a sum can be read in two ways"))
                .at(first.span.to(run), "divided by all of it, or by the number alone?")
                .help(format!("write ({number} {letters}) for the denominator, or {number} * {letters}")),
        ))
    }

    fn written(&self, tree: &Ast) -> &str {
        self.text.get(tree.span.start..tree.span.end).unwrap_or_default()
    }

    /// A bracket or a function after a space is rather a factor of the whole.
    fn is_near(&self) -> bool {
        !self.token().spaced || matches!(self.tok(), Tok::Name(_) | Tok::Bar(_))
    }

    fn product_operator(&self) -> Option<BinaryOp> {
        match self.tok() {
            Tok::Times => Some(self.times()),
            Tok::Cross => Some(BinaryOp::Cross),
            Tok::Slash if self.names.numpy => Some(BinaryOp::HadDiv),
            Tok::Slash => Some(BinaryOp::Div),
            Tok::Kron => Some(BinaryOp::Kron),
            _ => None,
        }
    }

    /// Which product the sign writes.
    fn times(&self) -> BinaryOp {
        match errors::spelling(self.text, self.token()) {
            "%*%" => BinaryOp::Mul,
            "@" | "." => BinaryOp::At,
            "*" if self.names.numpy => BinaryOp::Had,
            "*" | "∗" | "\\ast" => BinaryOp::Star,
            _ => BinaryOp::Dot,
        }
    }

    pub fn starts_operand(&self) -> bool {
        match self.tok() {
            Tok::Number(_)
            | Tok::Name(_)
            | Tok::Function(_)
            | Tok::Frac
            | Tok::Sqrt
            | Tok::Radical
            | Tok::Open(_)
            | Tok::Gather(_) => true,
            Tok::Bar(BarSide::Either) => !self.in_norm && !self.closes_and_opens(),
            Tok::Pipe(BarSide::Either) => !self.in_bars,
            Tok::Optimum(_) => heads::is_function_of_two(&self.tokens[self.at + 1..]),
            Tok::Bar(BarSide::Left) | Tok::Pipe(BarSide::Left) => true,
            Tok::Ellipsis => self.names.rules,
            Tok::Partial => true,
            Tok::Nabla => slopes::starts(&self.tokens, self.at),
            _ => false,
        }
    }

    /// `10 000` is a number with a space, never a product.
    fn refuse_adjacent_numbers(&self) -> Parsed<()> {
        let number = |t: &Token| matches!(t.tok, Tok::Number(_));
        match self.before() {
            Some(before) if number(before) && number(self.token()) => {
                let span = before.span.to(self.token().span);
                let (a, b) = (errors::found(self.text, before), errors::found(self.text, self.token()));
                Err(Box::new(
                    Error::new(crate::diag::Kind::Syntax, format!("the numbers {a} and {b} stand side by side"))
                        .at(span, "no operator between two numbers")
                        .help("write a product of numbers with *, a number without spaces, columns with commas"),
                ))
            }
            Some(_) | None => Ok(()),
        }
    }

    // ---- level 4

    fn negation(&mut self) -> Parsed {
        if *self.tok() != Tok::Minus {
            return self.postfix();
        }
        let start = self.token().span.start;
        self.at += 1;
        let fraction = *self.tok() == Tok::Frac;
        let operand = self.deeper(Self::negation)?;
        let below = self.height;
        if fraction && matches!(operand.kind, Syntax::Binary(BinaryOp::Div, ..)) {
            let negative = negated(operand, start);
            return self.node(negative.kind, start, below);
        }
        self.node(Syntax::Neg(Box::new(operand)), start, below)
    }
}

/// What a run of letters with powers is made of.
fn is_of_run(tok: &Tok) -> bool {
    matches!(tok, Tok::Name(_) | Tok::Superscript(_) | Tok::Caret | Tok::Number(_))
}

/// The minus before a `\frac` stands before its numerator's first factor, as `-a x / b` is read.
fn negated(tree: Ast, start: usize) -> Ast {
    let span = Span::new(start, tree.span.end);
    let kind = match tree.kind {
        Syntax::Binary(op @ (BinaryOp::Mul | BinaryOp::Div | BinaryOp::Kron), a, b) => {
            Syntax::Binary(op, Box::new(negated(*a, start)), b)
        }
        kind => Syntax::Neg(Box::new(Ast::new(kind, tree.span))),
    };
    Ast::new(kind, span)
}
