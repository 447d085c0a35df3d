//! Operands: numbers, fractions, brackets; names and calls are in `calls`, norms in `bars`.

use super::expression::{Parsed, Parser};
use super::token::{BarSide, Bracket, Tok};
use super::{Ast, BinaryOp, Syntax, errors, functions, heads, slopes};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Name, Rational};

impl Parser<'_> {
    pub fn operand(&mut self) -> Parsed {
        let start = self.token().span.start;
        match self.tok().clone() {
            Tok::Number(text) => self.number(&text, start),
            Tok::Name(name) => self.name(&name, start),
            Tok::Function(name) => self.latex_function(&name, start),
            Tok::Optimum(optimum) if heads::is_function_of_two(&self.tokens[self.at + 1..]) => {
                let name = Name::new(optimum.what);
                self.call_with_brackets(name, start)
            }
            Tok::Open(Bracket::Cases) => self.cases(start),
            Tok::Gather(by) => self.gathered(by, start),
            Tok::Frac => self.fraction(start),
            Tok::Sqrt => self.root(start),
            Tok::Radical => self.radical(start),
            Tok::Open(Bracket::Square) => match self.iverson(start) {
                Some(tree) => Ok(tree),
                None if self.states() => self.condition_between_brackets(start),
                None => self.matrix(Bracket::Square),
            },
            Tok::Open(Bracket::Matrix) => self.matrix(Bracket::Matrix),
            Tok::Open(Bracket::Angle) => self.inner_product(start),
            Tok::Open(bracket @ (Bracket::Paren | Bracket::Brace)) => self.group(bracket, start),
            Tok::Bar(BarSide::Either | BarSide::Left) => self.norm(start),
            Tok::Pipe(BarSide::Either | BarSide::Left) => self.bars(start),
            Tok::Ellipsis if self.names.rules || self.is_last_place() => {
                self.at += 1;
                Ok(self.leaf(Syntax::Name(Name::new("…")), start))
            }
            Tok::Nabla if slopes::starts(&self.tokens, self.at) => self.nabla(start),
            _ => Err(Box::new(errors::expected_operand(self.text, self.before(), self.token()))),
        }
    }

    fn number(&mut self, text: &str, start: usize) -> Parsed {
        self.at += 1;
        let span = self.since(start);
        if text == "1"
            && let Some(tree) = self.indicator_after_one(start)
        {
            return tree;
        }
        if text == "1" && self.is_transposed() {
            return Ok(self.leaf(Syntax::Name(Name::new("𝟏")), start));
        }
        let finite = text.parse::<f64>().is_ok_and(f64::is_finite) && Rational::parse(text).is_some();
        if !finite {
            let shown: String = text.chars().take(20).collect();
            return Err(Box::new(
                Error::new(Kind::Domain, format!("the number {shown} is out of range"))
                    .at(span, "too large, too small or too long for a floating-point number")
                    .help("numbers go up to about 1.8e308"),
            ));
        }
        Ok(self.leaf(Syntax::Number(text.to_string()), start))
    }

    /// `1^T x`: a transposed 1 is a column of ones.
    fn is_transposed(&self) -> bool {
        match self.tok() {
            Tok::Top | Tok::Prime | Tok::DotPrime => true,
            Tok::Superscript(s) => s == "T",
            Tok::Caret => match self.ahead(1) {
                Tok::Open(Bracket::Brace) => self.ahead(2).is_transpose() && matches!(self.ahead(3), Tok::Close(_)),
                tok => tok.is_transpose(),
            },
            _ => false,
        }
    }

    // ---- fractions and roots

    fn fraction(&mut self, start: usize) -> Parsed {
        self.refuse_slope_fraction()?;
        self.at += 1;
        let top = self.macro_argument("frac")?;
        let below = self.height;
        let bottom = self.macro_argument("frac")?;
        let below = below.max(self.height);
        self.node(Syntax::Binary(BinaryOp::Div, Box::new(top), Box::new(bottom)), start, below)
    }

    /// `\frac{dP}{dy}` within a formula.
    fn refuse_slope_fraction(&self) -> Parsed<()> {
        let d = |tok: &Tok| tok.is_name("d") && !self.names.known.contains(&Name::new("d"));
        let top = self.at + 1;
        if self.tokens[top].tok != Tok::Open(Bracket::Brace)
            || !d(self.ahead(2))
            || matches!(self.ahead(3), Tok::Close(_))
        {
            return Ok(());
        }
        let Some(bottom) = self.closing(top).map(|close| close + 1) else { return Ok(()) };
        match self.tokens.get(bottom..bottom + 4) {
            Some([open, sign, name, close]) if open.tok == Tok::Open(Bracket::Brace) && d(&sign.tok) => {
                let single = name.tok.name().is_some() && matches!(close.tok, Tok::Close(_));
                if single { Err(Box::new(errors::derivative(self.token().span.to(close.span)))) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    /// The argument of a LaTeX command: a group, one digit, or one symbol.
    fn macro_argument(&mut self, command: &str) -> Parsed {
        let start = self.token().span.start;
        match self.tok().clone() {
            Tok::Open(Bracket::Brace) => self.group(Bracket::Brace, start),
            Tok::Number(text) if text.len() > 1 && text.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(self.first_digit(&text))
            }
            Tok::Number(text) => self.number(&text, start),
            Tok::Name(name) => self.variable(&name, start),
            _ => Err(Box::new(
                Error::new(Kind::Syntax, format!(r"\{command} lacks an argument"))
                    .at(self.token().span, format!("found {}", errors::found(self.text, self.token())))
                    .help(if command == "frac" { r"write \frac{a}{b}" } else { r"write \sqrt{x}" }),
            )),
        }
    }

    /// TeX reads `\frac12` digit by digit: takes one, leaves the rest.
    fn first_digit(&mut self, text: &str) -> Ast {
        let token = &mut self.tokens[self.at];
        let span = Span::new(token.span.start, token.span.start + 1);
        token.tok = Tok::Number(text[1..].to_string());
        token.span.start += 1;
        self.height = 1;
        Ast::new(Syntax::Number(text[..1].to_string()), span)
    }

    /// `\sqrt{x}`, `\sqrt[3]{x}`, `\sqrt(x)`.
    fn root(&mut self, start: usize) -> Parsed {
        let function_span = self.token().span;
        let primes = self.primes_from(1);
        if primes > 0 && *self.ahead(1 + primes) == Tok::Open(Bracket::Paren) {
            return self.call(Name::new("sqrt"), functions::signature("sqrt"), primes);
        }
        self.at += 1;
        let degree = if *self.tok() == Tok::Open(Bracket::Square) { Some(self.matrix(Bracket::Square)?) } else { None };
        let below = self.height;
        let argument = match self.tok() {
            Tok::Open(Bracket::Paren) => self.group(Bracket::Paren, self.token().span.start)?,
            _ => self.macro_argument("sqrt")?,
        };
        let Some(degree) = degree else {
            let below = self.height;
            let function = Name::new("sqrt");
            return self.node(Syntax::Call { function, function_span, primes: 0, args: vec![argument] }, start, below);
        };
        let below = below.max(self.height);
        let one = Ast::new(Syntax::Number("1".into()), degree.span);
        let exponent = self.node(Syntax::Binary(BinaryOp::Div, Box::new(one), Box::new(degree)), start, below)?;
        self.node(Syntax::Power(Box::new(argument), Box::new(exponent)), start, below + 1)
    }

    /// `√(x^T x)`, `√d`: of the operand after it; what stands further on is asked back.
    fn radical(&mut self, start: usize) -> Parsed {
        let function_span = self.token().span;
        self.at += 1;
        let (first, bracket) =
            (self.token().span.start, matches!(self.tok(), Tok::Open(_) | Tok::Bar(_) | Tok::Pipe(_)));
        let argument = self.operand()?;
        let below = self.height;
        let near = !self.token().spaced && matches!(argument.kind, Syntax::Number(_)) && self.starts_operand();
        let raised = matches!(
            self.tok(),
            Tok::Caret | Tok::DotCaret | Tok::Power | Tok::Prime | Tok::DotPrime | Tok::Top | Tok::Superscript(_)
        );
        if near || raised && !bracket {
            let all = self.tokens[self.at..].iter().take_while(|t| !t.spaced && t.tok != Tok::End);
            let end = all.last().map_or(self.end(), |t| t.span.end);
            let under = self.text.get(first..end).unwrap_or_default();
            return Err(Box::new(
                Error::new(Kind::Syntax, format!("√{under} does not say how far the root reaches"))
                    .at(self.token().span, "below the root, or not?")
                    .help("put what is below it in brackets: √(…)"),
            ));
        }
        let kind = Syntax::Call { function: Name::new("sqrt"), function_span, primes: 0, args: vec![argument] };
        self.node(kind, start, below)
    }

    // ---- brackets

    fn group(&mut self, bracket: Bracket, start: usize) -> Parsed {
        let variable = self.before().and_then(|t| t.tok.name()).cloned();
        self.at += 1;
        let mut inner = self.bracketed(Self::sum)?;
        if let (Tok::Comma, Some(name)) = (self.tok(), variable) {
            return Err(Box::new(errors::called_variable(&name, self.token().span)));
        }
        self.close(bracket)?;
        inner.span = self.since(start);
        self.positive_part(inner, start)
    }

    /// `⟨a | b⟩`, `⟨a | M | b⟩`: the bars stand where commas do.
    fn separate_by_bars(&mut self) {
        let mut depth = 0usize;
        let mut bars = Vec::new();
        for at in self.at..self.tokens.len() {
            match self.tokens[at].tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth == 1 => break,
                Tok::Close(_) => depth -= 1,
                Tok::Comma if depth == 1 => return,
                Tok::Pipe(BarSide::Either) if depth == 1 => bars.push(at),
                _ => {}
            }
        }
        let separate = |pair: &[usize]| pair[0] + 1 < pair[1];
        if (1..=2).contains(&bars.len()) && bars.windows(2).all(separate) {
            bars.into_iter().for_each(|at| self.tokens[at].tok = Tok::Comma);
        }
    }

    fn inner_product(&mut self, start: usize) -> Parsed {
        let function_span = self.token().span;
        self.separate_by_bars();
        self.at += 1;
        let (mut args, below) = self.bracketed(Self::list)?;
        self.close(Bracket::Angle)?;
        if let [_, _, last] = &args[..] {
            // `⟨ψ| H |ψ⟩`
            let span = args[1].span.to(last.span);
            let product = |a, b| Ast::new(Syntax::Binary(BinaryOp::Mul, Box::new(a), Box::new(b)), span);
            let applied = args.pop().zip(args.pop()).map(|(state, operator)| product(operator, state));
            args.extend(applied);
        }
        if matches!(self.tok(), Tok::Subscript(index) if matches!(index.as_str(), "F" | "2" | "HS")) {
            self.at += 1;
        }
        let name = Name::new("dot");
        self.check_arity(&name, function_span, functions::signature("dot"), 0, &args)?;
        self.node(Syntax::Call { function: name, function_span, primes: 0, args }, start, below)
    }

    /// `[a, b; c, d]`, a LaTeX matrix; brackets around one expression only group.
    fn matrix(&mut self, bracket: Bracket) -> Parsed {
        let start = self.token().span.start;
        self.at += 1;
        let (mut rows, below) = self.bracketed(|parser| parser.rows(bracket))?;
        self.close(bracket)?;
        let span = self.since(start);
        if rows.len() == 1 && rows[0].len() == 1 {
            let mut only = rows.remove(0).remove(0);
            only.span = span;
            self.height = below;
            return self.positive_part(only, start);
        }
        if let Some(row) = rows.iter().find(|row| row.len() != rows[0].len()) {
            let message = format!("the rows of a matrix differ in length: {} and {}", rows[0].len(), row.len());
            let place = row.first().map_or(span, |entry| entry.span);
            return Err(Box::new(
                Error::new(Kind::Syntax, message)
                    .at(place, "this row")
                    .help("give every row the same number of entries, [a, b; c, d]"),
            ));
        }
        self.node(Syntax::Matrix(rows), start, below)
    }

    fn rows(&mut self, bracket: Bracket) -> Parsed<(Vec<Vec<Ast>>, usize)> {
        let mut rows = Vec::new();
        let mut below = 0;
        loop {
            let (row, height) = self.list()?;
            rows.push(row);
            below = below.max(height);
            if !self.eat(&Tok::Semicolon) || *self.tok() == Tok::Close(bracket) {
                return Ok((rows, below));
            }
        }
    }
}
