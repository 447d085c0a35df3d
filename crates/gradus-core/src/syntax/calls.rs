//! Names and calls: variables, functions with their arguments.

mod latex;

use super::expression::{Parsed, Parser};
use super::functions::{self, Signature};
use super::scope::{Role, transposed_call};
use super::token::{BarSide, Bracket, Tok, Token};
use super::{AssumedProduct, Ast, BinaryOp, Syntax, errors, losses, names, program_text};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Builtin, Gathering, Name};

/// Words of sentences around formulas.
const WORDS: &[&str] = &[
    "minimize",
    "minimise",
    "maximize",
    "maximise",
    "min",
    "argmin",
    "argmax",
    "where",
    "subject",
    "derive",
    "of",
    "the",
    "with",
    "respect",
    "is",
    "are",
    "what",
    "find",
    "compute",
    "let",
    "Gradient",
    "Derivative",
    "Find",
    "Compute",
    "Let",
    "What",
    "The",
];

impl Parser<'_> {
    pub fn name(&mut self, name: &Name, start: usize) -> Parsed {
        self.program_call(name)?;
        let choice = matches!(name.as_str(), "where" | "ifelse" | "If") && !self.names.known.contains(name);
        if choice && *self.ahead(1) == Tok::Open(Bracket::Paren) {
            return self.choice(start);
        }
        if let Some(by) = self.gathers(name) {
            return self.gathered_call(by, start);
        }
        if self.sums_members(name)? {
            return self.gathered(Gathering::Sum, start);
        }
        if let Some(letter) = self.index_in_call(name) {
            return self.sum_in_bracket(letter, start);
        }
        if let Some(letters) = self.stacks(name) {
            return self.stack_call(letters, start);
        }
        if name.as_str() == "E" && !self.names.known.contains(name) && self.is_expectation() {
            return self.gathered(Gathering::Expectation, start);
        }
        self.refuse_density(name, start)?;
        if let Some(moment) = self.moment(name) {
            return self.moment_call(moment, name, start);
        }
        if *self.ahead(1) == Tok::Under && matches!(name.as_str(), "𝟏" | "δ") {
            self.at += 2;
            return self.condition_below(start);
        }
        if name.as_str() == "𝟏" || name.as_str() == "I" && self.is_indicator() {
            self.at += 1;
            if let Some(tree) = self.iverson(start) {
                return Ok(tree);
            }
            self.at -= 1;
        }
        if matches!(name.as_str(), "𝟏" | "I") && self.is_indicator() {
            return self.indicator(start);
        }
        if *self.ahead(1) == Tok::Open(Bracket::Paren)
            && let Some((slope, function)) = self.names.slope(name)
        {
            return self.slope_call(slope, function, start);
        }
        let primes = self.primes_from(1);
        let called = *self.ahead(1 + primes) == Tok::Open(Bracket::Paren);
        if called && primes == 0 {
            self.refuse_parameters(name, start)?;
        }
        let foreign = called && primes == 0 && matches!(self.names.role(name), Role::Unknown | Role::Factor);
        if foreign && losses::is_loss(name.as_str()) {
            return self.loss_call(name, start);
        }
        if foreign && name.as_str() == "diff" && self.arguments_ahead() == 1 {
            return self.call(name.clone(), None, 0);
        }
        if foreign && name.as_str() == "einsum" {
            return self.einsum(name, start);
        }
        if foreign && program_text::is_operator(name.as_str()) {
            return self.operator_call(name, start);
        }
        let own = || program_text::spelling(name.as_str()).or_else(|| program_text::in_capitals(name.as_str()));
        if foreign && let Some(own) = own() {
            let own = Name::new(own);
            if program_text::is_operator(own.as_str()) {
                return self.operator_call(&own, start);
            }
            return self.call(own.clone(), functions::signature(own.as_str()), 0);
        }
        // `p log₂ p`
        if let Some(base) = program_text::base_of_logarithm(name).filter(|_| self.token_after_is_near_operand())
            && !self.names.known.contains(name)
        {
            self.at += 1;
            return self.log_to(base.to_owned(), start);
        }
        match self.names.role(name) {
            Role::Variable => self.variable(name, start),
            Role::BuiltIn(signature) if called => self.call(Name::new(signature.name), Some(signature), primes),
            Role::Function | Role::Unknown | Role::Calculus if called => self.unknown_call(name, primes),
            // `exp[…]`, `Tr[…]`
            Role::BuiltIn(_) if self.names.latex && self.opens_square() => self.latex_function(name, start),
            Role::BuiltIn(signature) => self.bare_built_in(name, signature, start),
            Role::Function => Err(Box::new(self.function_alone(name))),
            Role::Factor => self.factor(name, start),
            Role::Unknown | Role::Calculus => self.variable(name, start),
        }
    }

    /// A variable; `I_n`, `𝟏_n` and `K_{n,m}` that nobody declares are the identity, the ones and the commutation of
    /// that size.
    pub fn variable(&mut self, name: &Name, start: usize) -> Parsed {
        self.refuse_false_name(name)?;
        self.at += 1;
        let span = self.since(start);
        let constructor = match names::split(name) {
            // an identity of size 1 is a number: the first of several invariants or currents
            ("I", Some(sizes)) if !self.names.variables.contains(&Name::new("I_1")) => Some(("eye", sizes, 1..=1)),
            ("𝟏", Some(sizes)) => Some(("ones", sizes, 1..=2)),
            ("K", Some(sizes)) if self.names.is_commutation(name) => Some(("K", sizes, 2..=2)),
            _ => None,
        };
        let Some((function, sizes, counts)) = constructor.filter(|(_, sizes, _)| {
            !self.names.known.contains(name) && !self.letters.iter().any(|l| sizes.contains(l.as_str()))
        }) else {
            return Ok(self.leaf(Syntax::Name(name.clone()), start));
        };
        let args: Option<Vec<Ast>> = sizes.split(['×', ',']).map(|s| subscript_size(s, span)).collect();
        match args {
            Some(args) if counts.contains(&args.len()) => {
                let kind = Syntax::Call { function: Name::new(function), function_span: span, primes: 0, args };
                self.node(kind, start, SIZE_LETTERS)
            }
            Some(_) | None => Ok(self.leaf(Syntax::Name(name.clone()), start)),
        }
    }

    /// A letter that is a factor, also before a bracket: `A (x + y)`.
    fn factor(&mut self, name: &Name, start: usize) -> Parsed {
        if *self.ahead(1) == Tok::Open(Bracket::Paren) {
            self.refuse_bold_call(name)?;
            let span = Span::new(start, self.end_of_bracket(self.at + 1));
            self.products.push(AssumedProduct { name: name.clone(), span, holds_norm: self.norm_in_bracket() });
        } else if let Some(open) = transposed_call(&self.tokens[self.at + 1..]) {
            let span = Span::new(start, self.end_of_bracket(self.at + open));
            self.products.push(AssumedProduct { name: name.clone(), span, holds_norm: false });
        }
        self.variable(name, start)
    }

    /// Whether the bracket behind this token holds a norm, perhaps to a power or over something, and nothing beside it.
    fn norm_in_bracket(&self) -> bool {
        let Some(close) = self.closing(self.at + 1) else { return false };
        let inside = &self.tokens[self.at + 2..close];
        let bar = |t: &Token| matches!(t.tok, Tok::Bar(_));
        let Some(end) = inside.iter().skip(1).position(bar).filter(|_| inside.first().is_some_and(bar)) else {
            return false;
        };
        let joined = inside[end + 2..].iter().all(|t| {
            let exponent = matches!(t.tok, Tok::Caret | Tok::Superscript(_) | Tok::Subscript(_) | Tok::Number(_));
            exponent || matches!(t.tok, Tok::Open(_) | Tok::Close(_) | Tok::Slash | Tok::Name(_))
        });
        joined && !self.is_power_behind(close)
    }

    /// Whether a power follows the bracket that closes there.
    fn is_power_behind(&self, close: usize) -> bool {
        matches!(self.tokens.get(close + 1).map(|t| &t.tok), Some(Tok::Caret | Tok::Superscript(_)))
    }

    /// The letters that run into the name at this place, with it: LaTeX reads `CE(x)` as C E(x).
    fn joined_letters(&self) -> Option<Name> {
        let mut first = self.at;
        while first > 0 && self.tokens[first - 1].tok.name().is_some() && !self.tokens[first].spaced {
            first -= 1;
        }
        let word = &self.text[self.tokens[first].span.start..self.token().span.end];
        (first < self.at && word.chars().all(char::is_alphabetic)).then(|| Name::new(word))
    }

    /// Where the bracket that opens at a token closes.
    pub fn end_of_bracket(&self, open: usize) -> usize {
        let mut depth = 0usize;
        let closing = self.tokens[open..].iter().find(|token| {
            match token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        closing.map_or(self.tokens[open].span.end, |token| token.span.end)
    }

    /// `\operatorname{rank} A`, `rank A`: a word marked as a function, or known elsewhere as one, before what would be its
    /// argument.
    fn refuse_bare_function(&self, name: &Name) -> Parsed<()> {
        let span = self.token().span;
        let is_marked = self.text[span.start..span.end].starts_with(r"\operatorname");
        let is_operator = program_text::is_operator(name.as_str());
        let is_known = names::split(name).0.chars().count() > 2
            && (is_operator || functions::missing(name.as_str()).is_some())
            || name.as_str().strip_prefix("log_").is_some_and(|base| base.parse::<u32>().is_ok());
        let argument = matches!(
            self.ahead(1),
            Tok::Name(_) | Tok::Number(_) | Tok::Function(_) | Tok::Frac | Tok::Sqrt | Tok::Radical
        );
        if !argument || !(is_marked || is_known) {
            return Ok(());
        }
        let error = if is_known && !is_operator && functions::missing(name.as_str()).is_some() {
            functions::unavailable(name, span)
        } else {
            let declared = if is_operator { String::new() } else { format!(", and declare `{name}: elementwise`") };
            Error::new(Kind::Name, format!("{name} stands before another name as a function does"))
                .at(span, "its argument has no brackets")
                .help(format!("write {name}(…){declared}"))
        };
        Err(Box::new(error))
    }

    /// Words and derivative signs that nobody means as variables: `minimize f`, `d/dx`.
    fn refuse_false_name(&self, name: &Name) -> Parsed<()> {
        let span = self.token().span;
        if self.names.known.contains(name) || self.names.bound.contains(name) {
            return Ok(());
        }
        if WORDS.contains(&name.as_str()) {
            return Err(Box::new(errors::word(name, span)));
        }
        if matches!(name.as_str(), "grad" | "gradient" | "hessian" | "jacobian")
            && matches!(self.ahead(1), Tok::Name(_))
        {
            return Err(Box::new(errors::derivative(span)));
        }
        self.refuse_bare_function(name)?;
        let change = |n: &Name| names::split(n).0.starts_with('d') && names::split(n).0.chars().count() == 2;
        if change(name)
            && let (Tok::Slash, Tok::Name(by)) = (self.ahead(1), self.ahead(2))
            && change(by)
            && !self.names.known.contains(by)
        {
            return Err(Box::new(errors::derivative(span)));
        }
        let operator = match (self.ahead(1), self.ahead(2)) {
            (Tok::Slash, Tok::Name(x)) => x.as_str().starts_with('d') && x.as_str().chars().count() == 2,
            (Tok::Close(Bracket::Brace), Tok::Open(Bracket::Brace)) => self.ahead(3).is_name("d"),
            _ => false,
        };
        if operator && name.as_str() == "d" { Err(Box::new(errors::derivative(span))) } else { Ok(()) }
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
        if matches!(self.ahead(1), Tok::Pipe(BarSide::Either | BarSide::Left)) {
            return self.latex_function(name, start); // log|A|: the bars are its parentheses
        }
        if signature.least == 1 && self.token_after_is_near_operand() {
            return self.latex_function(name, start);
        }
        Err(Box::new(self.missing_parentheses(name, start)))
    }

    fn opens_square(&self) -> bool {
        let next = &self.tokens[self.at + 1];
        next.tok == Tok::Open(Bracket::Square) && !next.spaced
    }

    /// `log det X`, `tr A`: a name, a number or one function more follows.
    fn token_after_is_near_operand(&self) -> bool {
        let function = |tok: &Tok| tok.name().is_some_and(|n| functions::is_reserved(n.as_str()));
        let operand = matches!(self.ahead(1), Tok::Name(_) | Tok::Number(_) | Tok::Gather(_));
        self.tokens[self.at + 1].spaced && operand && !(function(self.ahead(1)) && function(self.ahead(2)))
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
        let own = Builtin::from_spelling(name.as_str()).is_some();
        let advice = if declared || own { None } else { functions::missing(name.as_str()) };
        if let Some(advice) = advice {
            let written = &self.text[self.token().span.start..self.token().span.end];
            return Err(Box::new(functions::refused(written, self.token().span, advice)));
        }
        if let Some(joined) = self.joined_letters().filter(|_| !declared && self.names.of_several.contains(name)) {
            return Err(Box::new(errors::unknown_function(&joined, self.token().span)));
        }
        let arguments = self.arguments_ahead();
        if !declared && !own && primes == 0 && arguments > 1 {
            let written = &self.text[self.token().span.start..self.token().span.end];
            return Err(Box::new(errors::of_several(name, written, self.token().span, arguments)));
        }
        let word = names::split(name).0.chars().nth(1).is_some();
        if !declared && word && !own {
            return Err(Box::new(errors::unknown_function(name, self.token().span)));
        }
        self.call(name.clone(), None, primes)
    }

    /// How many arguments stand in the bracket behind this token.
    fn arguments_ahead(&self) -> usize {
        let Some(close) = self.closing(self.at + 1) else { return 1 };
        let mut depth = 0usize;
        let commas = self.tokens[self.at + 1..close].iter().filter(|token| {
            match token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 1 && token.tok == Tok::Comma
        });
        commas.count() + 1
    }

    pub fn call(&mut self, function: Name, signature: Option<Signature>, primes: usize) -> Parsed {
        let function_span = self.token().span;
        self.at += 1 + primes;
        let (mut args, below) = self.arguments(&function)?;
        self.power_entries(function.as_str(), &mut args);
        if let Some(tree) = self.call_of_programs(&function, &args, function_span.start, below)? {
            return Ok(tree);
        }
        if let ("exp", [exponent]) = (function.as_str(), &args[..]) {
            self.refuse_imaginary(exponent)?;
        }
        self.check_arity(&function, function_span, signature, primes, &args)?;
        let kind = Syntax::Call { function, function_span, primes: primes as u32, args };
        self.node(kind, function_span.start, below)
    }

    /// The arguments of a derivative.
    pub fn slope_arguments(&mut self, function: &Name) -> Parsed<(Vec<Ast>, usize)> {
        self.arguments(function)
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
    pub fn list(&mut self) -> Parsed<(Vec<Ast>, usize)> {
        let mut list = vec![self.argument()?];
        let mut below = self.height;
        while self.eat(&Tok::Comma) {
            list.push(self.argument()?);
            below = below.max(self.height);
        }
        Ok((list, below))
    }

    /// An expression, or a setting as programs name it.
    fn argument(&mut self) -> Parsed {
        match self.axis().or_else(|| self.setting()) {
            Some(setting) => Ok(setting),
            None => {
                self.refuse_setting()?;
                self.sum()
            }
        }
    }

    pub fn check_arity(
        &self,
        function: &Name,
        span: Span,
        signature: Option<Signature>,
        primes: usize,
        args: &[Ast],
    ) -> Parsed<()> {
        let given = args.iter().filter(|a| !matches!(a.kind, Syntax::Keyword(..))).count();
        let known = signature.filter(|_| primes == 0).map_or(&[][..], |s| s.settings);
        for argument in args {
            match argument.kind {
                Syntax::Keyword(setting, _) if !known.contains(&setting) => {
                    return Err(Box::new(errors::no_setting(function, setting, argument.span)));
                }
                _ => {}
            }
        }
        let (least, most) = match signature {
            Some(signature) if primes == 0 => (signature.least, signature.most),
            Some(_) => (1, 1),
            None if self.names.role(function) == Role::Calculus => (1, 2),
            None => match self.names.parameters.get(function) {
                Some(parameters) => (parameters.len(), parameters.len()),
                None => (1, 1),
            },
        };
        if (least..=most).contains(&given) {
            return Ok(());
        }
        if given == 1 && primes == 0 && signature.is_some_and(|s| matches!(s.name, "max" | "min")) {
            return Err(Box::new(errors::largest(function.as_str(), span)));
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
            None => match self.names.parameters.get(function) {
                Some(parameters) => format!("it is defined as {function}({})", errors::listed(parameters)),
                None => {
                    format!(
                        "an abstract function is elementwise and takes one; if {function} is a variable, declare it"
                    )
                }
            },
        };
        Err(Box::new(
            Error::new(Kind::Name, format!("{function} takes {takes}, {given} given"))
                .at(span, "wrong number of arguments")
                .help(help),
        ))
    }
}

/// So many letters of a subscript may be a product of sizes: `I_{mn}`.
pub const SIZE_LETTERS: usize = 6;

/// A size in the subscript of `I_n`, `I_{2n}` or `𝟏_{n×m}`: a number, or a product of names of one letter each.
fn subscript_size(text: &str, span: Span) -> Option<Ast> {
    let letters = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &text[..text.len() - letters.len()];
    if number.starts_with('0') {
        return None; // `I_0` is a name: nothing has the size 0
    }
    let number = Some(number).filter(|n| !n.is_empty()).map(|n| Ast::new(Syntax::Number(n.to_string()), span));
    let letter = |c: char| c.is_lowercase().then(|| Ast::new(Syntax::Name(Name::new(&c.to_string())), span));
    if letters.len() > SIZE_LETTERS {
        return None;
    }
    let letters: Option<Vec<Ast>> = letters.chars().map(letter).collect();
    let product = |a, b| Ast::new(Syntax::Binary(BinaryOp::Mul, Box::new(a), Box::new(b)), span);
    number.into_iter().chain(letters?).reduce(product)
}
