//! Functions as LaTeX writes them: `\log_2 x`, `\sin^2 x`, arguments without parentheses.

use super::super::expression::{Parsed, Parser};
use super::super::functions::{self, Signature};
use super::super::token::{Bracket, Tok};
use super::super::{Ast, BinaryOp, Syntax, errors};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;

impl Parser<'_> {
    /// `\log x`, `\log\det X`, `\tanh(z)`, `\sin^2 x`.
    pub fn latex_function(&mut self, name: &Name, start: usize) -> Parsed {
        if name.as_str() == "lg" {
            self.at += 1;
            return self.log_to("10".to_string(), start);
        }
        let Some(signature) = functions::signature(name.as_str()) else {
            return self.variable(name, start);
        };
        let primes = self.primes_from(1);
        if *self.ahead(1 + primes) == Tok::Open(Bracket::Paren) {
            return self.call(Name::new(signature.name), Some(signature), primes);
        }
        if let Some(power) = self.function_power()? {
            self.at += 1;
            return self.powered_call(signature, power, start);
        }
        self.at += 1;
        if signature.name == "eye" {
            return Ok(self.leaf(Syntax::Name(Name::new("I")), start));
        }
        if let Some(base) = self.log_base(name) {
            self.at += 1;
            return self.log_to(base, start);
        }
        self.refuse_index(name)?;
        if signature.name == "log" {
            self.refuse_gamma(start)?;
        }
        let function_span = self.since(start);
        let argument = self.deeper(|parser| parser.bare_argument(name, start))?;
        let args = vec![argument];
        self.check_arity(name, function_span, Some(signature), 0, &args)?;
        let below = self.height;
        let function = Name::new(signature.name);
        self.node(Syntax::Call { function, function_span, primes: 0, args }, start, below)
    }

    /// `\log\Gamma(α)` where nothing is called Γ.
    fn refuse_gamma(&self, start: usize) -> Parsed<()> {
        let gamma = Name::new("Γ");
        let known = self.names.known.contains(&gamma) || self.names.variables.contains(&gamma);
        if !self.tok().is_name("Γ") || *self.ahead(1) != Tok::Open(Bracket::Paren) || known {
            return Ok(());
        }
        let (open, close) = (self.tokens[self.at + 1].span.start, self.end_of_bracket(self.at + 1));
        let function = if self.names.latex { r"\operatorname{lgamma}" } else { "lgamma" };
        let help = format!("write it out: `{function}{}`", &self.text[open..close]);
        Err(Box::new(
            Error::new(Kind::Unsupported, "the function Γ is not in the language, its logarithm is")
                .at(Span::new(start, close), "log Γ is one function here")
                .help(help),
        ))
    }

    /// The base of `\log_2`, `\lg_{10}`.
    fn log_base(&self, name: &Name) -> Option<String> {
        match self.tok() {
            Tok::Subscript(base) if name.as_str() == "log" && matches!(base.as_str(), "2" | "10") => Some(base.clone()),
            _ => None,
        }
    }

    /// log_b x = log x / log b.
    pub(super) fn log_to(&mut self, base: String, start: usize) -> Parsed {
        let function_span = self.since(start);
        let log = Name::new("log");
        let args = match self.tok() {
            Tok::Open(Bracket::Paren) => self.arguments(&log)?.0,
            _ => vec![self.deeper(|parser| parser.bare_argument(&log, start))?],
        };
        let below = self.height;
        let span = self.since(start);
        let call = |args| {
            let kind = Syntax::Call { function: log.clone(), function_span, primes: 0, args };
            Box::new(Ast::new(kind, span))
        };
        let below_line = call(vec![Ast::new(Syntax::Number(base), span)]);
        self.node(Syntax::Binary(BinaryOp::Div, call(args), below_line), start, below + 2)
    }

    /// `\log_p`.
    fn refuse_index(&self, name: &Name) -> Parsed<()> {
        match self.tok() {
            Tok::Subscript(index) => Err(Box::new(
                Error::new(Kind::Unsupported, format!(r"\{name} with the index {index} is not in the language"))
                    .at(self.token().span, "an index of a function")
                    .help("write log(x) / log(2) for other bases, softmax(X, rows) for rows"),
            )),
            _ => Ok(()),
        }
    }

    /// One operand, with no further factor after it: `\sin x y` could mean two things.
    fn bare_argument(&mut self, name: &Name, start: usize) -> Parsed {
        let first = self.token().span.start;
        let braced = *self.tok() == Tok::Open(Bracket::Brace);
        let argument = self.postfix()?;
        let argument = self.with_constant(argument, first)?;
        let argument = self.with_column(argument, first)?;
        let argument = self.with_sum(argument, first)?;
        let argument = self.with_bracket(argument, first)?;
        let applies = matches!(self.before().map(|t| &t.tok), Some(Tok::Close(Bracket::Paren)));
        let function_follows = match self.tok() {
            Tok::Function(_) => true,
            Tok::Name(name) => functions::is_reserved(name.as_str()),
            _ => false,
        };
        if self.starts_operand() && !braced && !function_follows && !applies {
            let called = *self.tok() == Tok::Open(Bracket::Paren) && !self.token().spaced;
            if called {
                let end = self.end_of_bracket(self.at);
                let help = format!("write {name}({})", &self.text[first..end]);
                return Err(Box::new(
                    Error::new(Kind::Syntax, format!("{name} needs parentheses around its argument"))
                        .at(Span::new(start, end), "of the call, or of the factor before the bracket?")
                        .help(help),
                ));
            }
            let end = self.token().span.end;
            let whole = &self.text[first..end];
            let whole: String = whole.replace(self.text_of(&argument), &self.text_of(&argument).replace(' ', ""));
            return Err(Box::new(errors::needs_parentheses(name.as_str(), Span::new(start, end), &whole)));
        }
        Ok(argument)
    }

    /// `\log 2\pi` is log(2π): a number before π is its factor.
    fn with_constant(&mut self, argument: Ast, start: usize) -> Parsed {
        if !matches!(argument.kind, Syntax::Number(_)) || !self.tok().is_name("π") {
            return Ok(argument);
        }
        let below = self.height;
        let constant = self.postfix()?;
        let below = below.max(self.height);
        self.node(Syntax::Binary(BinaryOp::Mul, Box::new(argument), Box::new(constant)), start, below)
    }

    /// `\log \frac1n \sum_i e` is the logarithm of the mean: a fraction is the factor of the sum after it.
    fn with_sum(&mut self, argument: Ast, start: usize) -> Parsed {
        let fraction = matches!(argument.kind, Syntax::Binary(BinaryOp::Div, ..));
        if !fraction || !matches!(self.tok(), Tok::Gather(_)) {
            return Ok(argument);
        }
        let below = self.height;
        let sum = self.postfix()?;
        let below = below.max(self.height);
        self.node(Syntax::Binary(BinaryOp::Mul, Box::new(argument), Box::new(sum)), start, below)
    }

    /// `\log x^\top A y` is log(xᵀ A y): a row takes the product it begins.
    fn with_column(&mut self, mut argument: Ast, start: usize) -> Parsed {
        let row = matches!(argument.kind, Syntax::Transpose(_));
        while row && self.starts_operand() {
            let below = self.height;
            let factor = self.postfix()?;
            let below = below.max(self.height);
            argument = self.node(Syntax::Binary(BinaryOp::Mul, Box::new(argument), Box::new(factor)), start, below)?;
        }
        Ok(argument)
    }

    /// `\log D(x)` is log(D(x)), whatever D is: nobody writes a bracket around a single factor, unless a power follows.
    fn with_bracket(&mut self, argument: Ast, start: usize) -> Parsed {
        let name = matches!(argument.kind, Syntax::Name(_));
        let bracket = *self.tok() == Tok::Open(Bracket::Paren) && !self.token().spaced;
        let Some(close) = self.closing(self.at).filter(|_| name && bracket) else { return Ok(argument) };
        let mut depth = 0usize;
        let several = self.tokens[self.at..close].iter().any(|token| {
            match token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) => depth -= 1,
                _ => {}
            }
            depth == 1 && matches!(token.tok, Tok::Plus | Tok::Minus | Tok::Pipe(_) | Tok::Comma)
        });
        if several || self.is_power_behind(close) {
            return Ok(argument);
        }
        let below = self.height;
        let factor = self.postfix()?;
        let below = below.max(self.height);
        self.node(Syntax::Binary(BinaryOp::Mul, Box::new(argument), Box::new(factor)), start, below)
    }

    fn text_of(&self, tree: &Ast) -> &str {
        &self.text[tree.span.start..tree.span.end]
    }

    /// The exponent of `\sin^2 x`, when there is one.
    pub fn function_power(&self) -> Parsed<Option<(Ast, usize)>> {
        if *self.ahead(1) != Tok::Caret {
            return Ok(None);
        }
        let braced = usize::from(*self.ahead(2) == Tok::Open(Bracket::Brace));
        match self.ahead(2 + braced) {
            Tok::Number(n) if braced == 0 || *self.ahead(4) == Tok::Close(Bracket::Brace) => {
                let span = self.tokens[self.at + 2 + braced].span;
                Ok(Some((Ast::new(Syntax::Number(n.clone()), span), 2 + 2 * braced)))
            }
            Tok::Minus => Err(Box::new(
                Error::new(Kind::Syntax, "a negative power of a function can be read in two ways")
                    .at(self.tokens[self.at + 1].span, "inverse function, or reciprocal?")
                    .help("write asin(x) for the inverse function, 1/sin(x) for the reciprocal"),
            )),
            _ => Ok(None),
        }
    }

    pub fn powered_call(&mut self, signature: Signature, power: (Ast, usize), start: usize) -> Parsed {
        let function_span = self.since(start);
        let (exponent, length) = power;
        self.at += length;
        let name = Name::new(signature.name);
        let args = match self.tok() {
            Tok::Open(Bracket::Paren) => self.arguments(&name)?.0,
            _ => vec![self.deeper(|parser| parser.bare_argument(&name, start))?],
        };
        self.check_arity(&name, function_span, Some(signature), 0, &args)?;
        let below = self.height;
        let call = self.node(Syntax::Call { function: name, function_span, primes: 0, args }, start, below)?;
        let below = self.height;
        self.node(Syntax::Power(Box::new(call), Box::new(exponent)), start, below)
    }
}
