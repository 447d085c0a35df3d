//! Operands: numbers, names, calls, norms, brackets.

use super::expression::{Parsed, Parser};
use super::functions::{self, Signature};
use super::scope::Role;
use super::token::{Bracket, Side, Tok};
use super::{Ast, BinaryOp, NormKind, Syntax, errors, names};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Name, Rational};

impl Parser<'_> {
    pub fn operand(&mut self) -> Parsed {
        let start = self.token().span.start;
        match self.tok().clone() {
            Tok::Number(text) => self.number(&text, start),
            Tok::Name(name) => self.name(&name, start),
            Tok::Function(name) => self.latex_function(&name, start),
            Tok::Frac => self.fraction(start),
            Tok::Sqrt => self.root(start),
            Tok::Open(Bracket::Square) => self.matrix(Bracket::Square),
            Tok::Open(Bracket::Matrix) => self.matrix(Bracket::Matrix),
            Tok::Open(Bracket::Angle) => self.inner_product(start),
            Tok::Open(bracket @ (Bracket::Paren | Bracket::Brace)) => self.group(bracket, start),
            Tok::Bar(Side::Either | Side::Left) => self.norm(start),
            Tok::Ellipsis if self.names.rules => {
                self.at += 1;
                Ok(self.leaf(Syntax::Name(Name::new("…")), start))
            }
            Tok::Partial => self.partial(start),
            _ => Err(Box::new(errors::expected_operand(self.text, self.before(), self.token()))),
        }
    }

    fn number(&mut self, text: &str, start: usize) -> Parsed {
        self.at += 1;
        let span = self.since(start);
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

    // ---- names and calls

    fn name(&mut self, name: &Name, start: usize) -> Parsed {
        let primes = self.primes_from(1);
        let called = *self.ahead(1 + primes) == Tok::Open(Bracket::Paren);
        match self.names.role(name) {
            Role::Variable => self.variable(name, start),
            Role::BuiltIn(signature) if called => self.call(Name::new(signature.name), Some(signature), primes),
            Role::Function | Role::Unknown | Role::Calculus if called => self.unknown_call(name, primes),
            Role::BuiltIn(signature) => self.bare_built_in(name, signature, start),
            Role::Function => Err(Box::new(self.function_alone(name))),
            Role::Unknown | Role::Calculus => self.variable(name, start),
        }
    }

    /// A variable; `I_n` and `𝟏_n` that nobody declares are the identity and the ones of that size.
    fn variable(&mut self, name: &Name, start: usize) -> Parsed {
        self.at += 1;
        let span = self.since(start);
        let constructor = match names::split(name) {
            ("I", Some(sizes)) => Some(("eye", sizes)),
            ("𝟏", Some(sizes)) => Some(("ones", sizes)),
            _ => None,
        };
        let Some((function, sizes)) = constructor.filter(|_| !self.names.known.contains(name)) else {
            return Ok(self.leaf(Syntax::Name(name.clone()), start));
        };
        let args: Option<Vec<Ast>> = sizes.split(['×', ',']).map(|s| subscript_size(s, span)).collect();
        match args {
            Some(args) if args.len() <= 1 + usize::from(function == "ones") => {
                let kind = Syntax::Call { function: Name::new(function), function_span: span, primes: 0, args };
                self.node(kind, start, 1)
            }
            Some(_) | None => Ok(self.leaf(Syntax::Name(name.clone()), start)),
        }
    }

    /// A built-in without parentheses: `eye`, `sin^2(x)`, or an error.
    fn bare_built_in(&mut self, name: &Name, signature: Signature, start: usize) -> Parsed {
        if signature.name == "eye" {
            self.at += 1;
            return Ok(self.leaf(Syntax::Name(Name::new("I")), start));
        }
        if !functions::is_reserved(name.as_str()) {
            return self.variable(name, start);
        }
        if let Some(power) = self.function_power()? {
            self.at += 1;
            return self.powered_call(signature, power, start);
        }
        Err(Box::new(self.missing_parentheses(name, start)))
    }

    fn function_alone(&self, name: &Name) -> Error {
        Error::new(Kind::Name, format!("{name} is a function and needs an argument here"))
            .at(self.token().span, "a function used as a variable")
            .help(format!("write {name}(…), or give the variable another name"))
    }

    /// What follows a function that has no parentheses, up to the next operator.
    fn missing_parentheses(&self, name: &Name, start: usize) -> Error {
        let mut end = self.token().span.end;
        let mut depth = 0usize;
        for token in &self.tokens[self.at + 1..] {
            match token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth > 0 => depth -= 1,
                Tok::Name(_) | Tok::Number(_) | Tok::Caret | Tok::Superscript(_) | Tok::Prime => {}
                _ if depth > 0 => {}
                _ => break,
            }
            end = token.span.end;
        }
        let arguments = &self.text[self.token().span.end..end];
        errors::needs_parentheses(name.as_str(), Span::new(start, end), arguments)
    }

    /// A call of a function that is not built in: abstract, defined, or of the calculus.
    fn unknown_call(&mut self, name: &Name, primes: usize) -> Parsed {
        let declared = self.names.role(name) != Role::Unknown;
        if let Some(advice) = functions::missing(name.as_str()).filter(|_| !declared) {
            let written = &self.text[self.token().span.start..self.token().span.end];
            return Err(Box::new(
                Error::new(Kind::Unsupported, format!("the function {written} is not in the language"))
                    .at(self.token().span, "unsupported function")
                    .help(advice),
            ));
        }
        self.call(name.clone(), None, primes)
    }

    fn call(&mut self, function: Name, signature: Option<Signature>, primes: usize) -> Parsed {
        let function_span = self.token().span;
        self.at += 1 + primes;
        let (args, below) = self.arguments(&function)?;
        self.check_arity(&function, function_span, signature, primes, args.len())?;
        let kind = Syntax::Call { function, function_span, primes: primes as u32, args };
        self.node(kind, function_span.start, below)
    }

    /// The arguments in parentheses, and the greatest of their heights.
    fn arguments(&mut self, function: &Name) -> Parsed<(Vec<Ast>, usize)> {
        self.at += 1;
        if *self.tok() == Tok::Close(Bracket::Paren) {
            return Err(Box::new(
                Error::new(Kind::Syntax, format!("{function}() has no argument"))
                    .at(self.token().span, "an argument is missing")
                    .help(format!("write {function}(x)")),
            ));
        }
        let arguments = self.bracketed(Self::list)?;
        self.close(Bracket::Paren)?;
        Ok(arguments)
    }

    /// Expressions separated by commas, and the greatest of their heights.
    fn list(&mut self) -> Parsed<(Vec<Ast>, usize)> {
        let mut list = vec![self.sum()?];
        let mut below = self.height;
        while self.eat(&Tok::Comma) {
            list.push(self.sum()?);
            below = below.max(self.height);
        }
        Ok((list, below))
    }

    fn check_arity(
        &self,
        function: &Name,
        span: Span,
        signature: Option<Signature>,
        primes: usize,
        given: usize,
    ) -> Parsed<()> {
        let (least, most) = match signature {
            Some(signature) if primes == 0 => (signature.least, signature.most),
            Some(_) => (1, 1),
            None if self.names.role(function) == Role::Calculus => (1, 2),
            None => (1, 1),
        };
        if (least..=most).contains(&given) {
            return Ok(());
        }
        let count = |n: usize| if n == 1 { "1 argument".to_string() } else { format!("{n} arguments") };
        let takes = match most - least {
            0 => count(least),
            1 => format!("{least} or {}", count(most)),
            _ => format!("{least} to {}", count(most)),
        };
        let help = match signature {
            Some(signature) if !signature.usage.is_empty() => format!("write {}", signature.usage),
            Some(signature) => format!("write {}(x)", signature.name),
            None => {
                format!("an abstract function is elementwise and takes one; if {function} is a variable, declare it")
            }
        };
        Err(Box::new(
            Error::new(Kind::Name, format!("{function} takes {takes}, {given} given"))
                .at(span, "wrong number of arguments")
                .help(help),
        ))
    }

    // ---- LaTeX functions

    /// `\log x`, `\log\det X`, `\tanh(z)`, `\sin^2 x`.
    fn latex_function(&mut self, name: &Name, start: usize) -> Parsed {
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
        self.refuse_index(name)?;
        let function_span = self.since(start);
        let argument = self.deeper(|parser| parser.bare_argument(name, start))?;
        self.check_arity(name, function_span, Some(signature), 0, 1)?;
        let below = self.height;
        let function = Name::new(signature.name);
        self.node(Syntax::Call { function, function_span, primes: 0, args: vec![argument] }, start, below)
    }

    /// `\log_2`.
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
        let applies = matches!(self.before().map(|t| &t.tok), Some(Tok::Close(Bracket::Paren)));
        let function_follows = matches!(self.tok(), Tok::Function(_));
        if self.starts_operand() && !braced && !function_follows && !applies {
            let whole = &self.text[first..self.token().span.end];
            let whole: String = whole.replace(self.text_of(&argument), &self.text_of(&argument).replace(' ', ""));
            return Err(Box::new(errors::needs_parentheses(name.as_str(), self.since(start), &whole)));
        }
        Ok(argument)
    }

    fn text_of(&self, tree: &Ast) -> &str {
        &self.text[tree.span.start..tree.span.end]
    }

    /// The exponent of `\sin^2 x`, when there is one.
    fn function_power(&self) -> Parsed<Option<(Ast, usize)>> {
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

    fn powered_call(&mut self, signature: Signature, power: (Ast, usize), start: usize) -> Parsed {
        let function_span = self.since(start);
        let (exponent, length) = power;
        self.at += length;
        let name = Name::new(signature.name);
        let args = match self.tok() {
            Tok::Open(Bracket::Paren) => self.arguments(&name)?.0,
            _ => vec![self.deeper(|parser| parser.bare_argument(&name, start))?],
        };
        self.check_arity(&name, function_span, Some(signature), 0, args.len())?;
        let below = self.height;
        let call = self.node(Syntax::Call { function: name, function_span, primes: 0, args }, start, below)?;
        let below = self.height;
        self.node(Syntax::Power(Box::new(call), Box::new(exponent)), start, below)
    }

    // ---- fractions and roots

    fn fraction(&mut self, start: usize) -> Parsed {
        self.at += 1;
        if let Some(name) = self.latex_partial() {
            return Ok(self.leaf(Syntax::Name(name), start));
        }
        let top = self.macro_argument("frac")?;
        let below = self.height;
        let bottom = self.macro_argument("frac")?;
        let below = below.max(self.height);
        self.node(Syntax::Binary(BinaryOp::Div, Box::new(top), Box::new(bottom)), start, below)
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

    // ---- the symbols ∂z/∂x, which only gradus introduces

    fn partial(&mut self, start: usize) -> Parsed {
        let names = match (self.ahead(1), self.ahead(2), self.ahead(3), self.ahead(4)) {
            (Tok::Name(z), Tok::Slash, Tok::Partial, Tok::Name(x)) => Some(Name::new(&format!("∂{z}/∂{x}"))),
            _ => None,
        };
        let name = names.filter(|n| self.names.known.contains(n));
        let Some(name) = name else {
            return Err(Box::new(errors::expected_operand(self.text, self.before(), self.token())));
        };
        self.at += 5;
        Ok(self.leaf(Syntax::Name(name), start))
    }

    /// `{\partial z}{\partial x}` after `\frac`.
    fn latex_partial(&mut self) -> Option<Name> {
        let symbol = |offset: usize| match (self.ahead(offset), self.ahead(offset + 1), self.ahead(offset + 2)) {
            (Tok::Open(Bracket::Brace), Tok::Partial, Tok::Name(name))
                if *self.ahead(offset + 3) == Tok::Close(Bracket::Brace) =>
            {
                Some(name.clone())
            }
            _ => None,
        };
        let name = Name::new(&format!("∂{}/∂{}", symbol(0)?, symbol(4)?));
        self.names.known.contains(&name).then(|| {
            self.at += 8;
            name
        })
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
        Ok(inner)
    }

    fn inner_product(&mut self, start: usize) -> Parsed {
        let function_span = self.token().span;
        self.at += 1;
        let (args, below) = self.bracketed(Self::list)?;
        self.close(Bracket::Angle)?;
        let name = Name::new("dot");
        self.check_arity(&name, function_span, functions::signature("dot"), 0, args.len())?;
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
            return Ok(only);
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

    // ---- norms

    fn norm(&mut self, start: usize) -> Parsed {
        let bar = self.token().span;
        let sided = *self.tok() == Tok::Bar(Side::Left);
        self.at += 1;
        let in_norm = std::mem::replace(&mut self.in_norm, !sided);
        let inner = self.deeper(Self::sum);
        self.in_norm = in_norm;
        let inner = inner?;
        let below = self.height;
        let closes = match self.tok() {
            Tok::Bar(Side::Right) => true,
            Tok::Bar(Side::Either) => !sided,
            _ => false,
        };
        if !closes {
            let message =
                format!("expected the closing bar of the norm, found {}", errors::found(self.text, self.token()));
            return Err(Box::new(
                Error::new(Kind::Syntax, message)
                    .at(self.token().span, "expected ‖")
                    .at(bar, "the norm opens here")
                    .help("close the norm with the bar it opened with"),
            ));
        }
        self.at += 1;
        let kind = self.norm_kind()?;
        self.node(Syntax::Norm(kind, Box::new(inner)), start, below)
    }

    fn norm_kind(&mut self) -> Parsed<NormKind> {
        let Tok::Subscript(index) = self.tok().clone() else { return Ok(NormKind::Two) };
        let span = self.token().span;
        self.at += 1;
        let plain = index.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'/' || b == b'.');
        match index.as_str() {
            "2" => Ok(NormKind::Two),
            "1" => Ok(NormKind::One),
            "F" | "Fro" | "fro" => Ok(NormKind::Frobenius),
            "∞" | "inf" | "infty" => Ok(NormKind::Infinity),
            _ if plain => Ok(NormKind::P(index)),
            _ => Err(Box::new(
                Error::new(Kind::Unsupported, format!("the norm with the index {index} is not in the language"))
                    .at(span, "unsupported norm")
                    .help("norms have the indices 1, 2, F, ∞ or a number p"),
            )),
        }
    }
}

/// A size in the subscript of `I_n` or `𝟏_{n×m}`: a number, or a name of one letter.
fn subscript_size(text: &str, span: Span) -> Option<Ast> {
    let kind = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        Syntax::Number(text.to_string())
    } else {
        let mut chars = text.chars();
        chars.next().filter(|c| c.is_lowercase() && chars.next().is_none())?;
        Syntax::Name(Name::new(text))
    };
    Some(Ast::new(kind, span))
}
