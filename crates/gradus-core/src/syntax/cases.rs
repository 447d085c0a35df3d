//! What depends on a condition: cases, indicators, positive parts, minima and maxima of two.

use super::expression::{Parsed, Parser};
use super::token::{Bracket, Connective, Tok, Token};
use super::{Ast, BinaryOp, Sign, Syntax, WrittenCondition, errors, functions, names};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Comparator, Name};

/// Cases are at most so many: each writes the conditions before it.
const MAX_CASES: usize = 8;

/// A condition as read: what is above 0 where it holds, or where it does not; what is 0 there for one of equality.
struct CaseCondition {
    holds: Ast,
    negated: bool,
    equal: bool,
    sides: (Ast, &'static str, Ast),
}

/// A value and where it holds; the last one may hold otherwise.
type Case = (Ast, Option<CaseCondition>);

impl Parser<'_> {
    /// `[z]_+`, `(z)_+` is relu(z).
    pub fn positive_part(&mut self, inner: Ast, start: usize) -> Parsed {
        let Tok::Subscript(index) = self.tok() else { return Ok(inner) };
        if index == "×" {
            return Err(Box::new(
                Error::new(Kind::Unsupported, "the skew-symmetric matrix [a]_× is not in the language")
                    .at(self.token().span, "of a vector")
                    .help("write a × b for its product with b; the exponential of a matrix has no rule"),
            ));
        }
        if index != "+" {
            return Ok(inner);
        }
        let below = self.height;
        self.at += 1;
        let function_span = self.since(start);
        let kind = Syntax::Call { function: Name::new("relu"), function_span, primes: 0, args: vec![inner] };
        self.node(kind, start, below)
    }

    /// The tokens of `+` or `{+}` as an exponent.
    pub fn plus_sign(&self) -> Option<usize> {
        match (self.tok(), self.ahead(1), self.ahead(2)) {
            (Tok::Open(Bracket::Brace), Tok::Plus, Tok::Close(Bracket::Brace)) => Some(3),
            (Tok::Plus, ..) => Some(1),
            _ => None,
        }
    }

    /// `(x - K)^+` of a sum in brackets. Of a matrix it would be the pseudo-inverse.
    ///
    /// # Errors
    /// `Name` where it is not known which.
    pub fn positive_part_above(&mut self, base: Ast, length: usize, start: usize) -> Parsed {
        let sign = self.token().span;
        let inside = self.tokens[..self.at].iter().rposition(|t| t.span.start <= start).unwrap_or(0);
        let is_sum = matches!(base.kind, Syntax::Sum(_)) && !holds_matrices(&self.tokens[inside..self.at]);
        if !is_sum {
            return Err(Box::new(
                Error::new(Kind::Syntax, "^+ is not in the language here: a positive part, or a pseudo-inverse?")
                    .at(sign, "read in both ways")
                    .help("the positive part is max(z, 0); where X has full column rank, its pseudo-inverse is (X^T X)^-1 X^T"),
            ));
        }
        let below = self.height;
        self.at += length;
        let function_span = self.since(start);
        let kind = Syntax::Call { function: Name::new("relu"), function_span, primes: 0, args: vec![base] };
        self.node(kind, start, below)
    }

    /// `\max\{0, z\}`, `\min[a, b]`: brackets of any kind around the arguments.
    pub fn call_with_brackets(&mut self, function: Name, start: usize) -> Parsed {
        let function_span = self.token().span;
        self.at += 1;
        let Tok::Open(bracket) = *self.tok() else { return Err(self.no_cases("expected a bracket")) };
        self.at += 1;
        let (args, below) = self.bracketed(Self::list)?;
        self.close(bracket)?;
        self.check_arity(&function, function_span, functions::signature(function.as_str()), 0, &args)?;
        self.node(Syntax::Call { function, function_span, primes: 0, args }, start, below)
    }

    // ---- cases

    /// `\begin{cases} a & x > 0 \\ b & \text{otherwise} \end{cases}`: Σ of the values, each times its indicator.
    pub fn cases(&mut self, start: usize) -> Parsed {
        self.at += 1;
        let (rows, below) = self.bracketed(Self::case_rows)?;
        self.close(Bracket::Cases)?;
        let span = self.since(start);
        let mut others: Vec<Ast> = Vec::new();
        let mut terms = Vec::new();
        let mut last: Option<(Ast, &'static str, Ast)> = None;
        let count = rows.len();
        for (i, (value, condition)) in rows.into_iter().enumerate() {
            let mut factors = others.clone();
            match condition {
                Some(c) if i + 1 < count => {
                    let (yes, no) = c.indicators(span);
                    factors.push(yes);
                    others.push(no);
                    last = Some(c.sides);
                }
                Some(c) if !last.as_ref().is_some_and(|first| completes(first, &c.sides)) => {
                    return Err(self.no_cases("the last case does not say otherwise"));
                }
                Some(_) => {}
                None if i + 1 < count => return Err(self.no_cases("a case without a condition")),
                None => {}
            }
            factors.push(value);
            let product = |a, b| Ast::new(Syntax::Binary(BinaryOp::Had, Box::new(a), Box::new(b)), span);
            terms.extend(factors.into_iter().reduce(product).map(|term| (Sign::Plus, term)));
        }
        match terms.len() {
            1 => Err(self.no_cases("one case alone")),
            _ => self.node(Syntax::Sum(terms), start, below + count + 3),
        }
    }

    /// `where(x > 0, a, b)`, `ifelse(…)`, `If[…]`: one value where the condition holds, the other elsewhere.
    pub fn choice(&mut self, start: usize) -> Parsed {
        let name_span = self.token().span;
        self.at += 2; // its bracket
        let compares = self.closing(self.at - 1).is_some_and(|close| {
            self.tokens[self.at..close].iter().take_while(|t| t.tok != Tok::Comma).any(is_comparison)
        });
        if !compares {
            let written = self.text.get(name_span.start..name_span.end).unwrap_or_default();
            return Err(Box::new(
                Error::new(Kind::Syntax, format!("the first argument of {written} is a comparison of two values"))
                    .at(self.token().span, "no comparison")
                    .help("write where(x > 0, a, b); of a mask m of zeros and ones, m ∘ a + (1 - m) ∘ b"),
            ));
        }
        let condition = self.bracketed(Self::condition)?;
        let mut below = self.height;
        let mut values = Vec::new();
        while values.len() < 2 {
            if !self.eat(&Tok::Comma) {
                return Err(Box::new(errors::expected_close(self.text, Bracket::Paren, self.token())));
            }
            values.push(self.bracketed(Self::sum)?);
            below = below.max(self.height);
        }
        self.close(Bracket::Paren)?;
        let span = self.since(start);
        let (yes, no) = condition.indicators(span);
        let product = |a, b| Ast::new(Syntax::Binary(BinaryOp::Had, Box::new(a), Box::new(b)), span);
        let terms = [yes, no].into_iter().zip(values).map(|(holds, value)| (Sign::Plus, product(holds, value)));
        self.node(Syntax::Sum(terms.collect()), start, below + 5)
    }

    fn case_rows(&mut self) -> Parsed<(Vec<Case>, usize)> {
        let (mut rows, mut below) = (Vec::new(), 0);
        loop {
            let value = self.sum()?;
            below = below.max(self.height);
            self.eat(&Tok::Comma);
            rows.push((value, self.case_condition()?));
            below = below.max(self.height);
            if rows.len() > MAX_CASES {
                return Err(self.no_cases("too many cases"));
            }
            if !self.eat(&Tok::Semicolon) || *self.tok() == Tok::Close(Bracket::Cases) {
                return Ok((rows, below));
            }
        }
    }

    fn case_condition(&mut self) -> Parsed<Option<CaseCondition>> {
        self.eat(&Tok::Comma);
        let _ = self.eat(&Tok::Word(Connective::If)) || self.eat(&Tok::Word(Connective::For));
        if self.eat(&Tok::Word(Connective::Otherwise)) || matches!(self.tok(), Tok::Semicolon | Tok::Close(_)) {
            return Ok(None);
        }
        let condition = self.condition_by(&["<", ">", "≤", "≥"], "expected <, >, ≤ or ≥")?;
        while matches!(self.tok(), Tok::Comma | Tok::Dot) {
            self.at += 1;
        }
        Ok(Some(condition))
    }

    /// `a > b`, `a = b`.
    fn condition(&mut self) -> Parsed<CaseCondition> {
        self.condition_by(&["<", ">", "≤", "≥", "=", "≠"], "expected <, >, ≤, ≥, = or ≠")
    }

    /// A condition by one of these signs.
    fn condition_by(&mut self, signs: &[&str], expected: &str) -> Parsed<CaseCondition> {
        let left = self.sum()?;
        let sign = match *self.tok() {
            Tok::Relation(sign) => sign,
            Tok::Equals => "=",
            _ => return Err(self.no_cases(expected)),
        };
        if !signs.contains(&sign) {
            return Err(self.no_cases(expected));
        }
        self.at += 1;
        // `==` of programs
        if sign == "=" {
            self.eat(&Tok::Equals);
        }
        let right = self.sum()?;
        Ok(CaseCondition::of(left, sign, right))
    }

    fn no_cases(&self, label: &str) -> Box<Error> {
        Box::new(
            Error::new(
                Kind::Syntax,
                "cases have a value and a condition each, a > b or a \\ge b; the last says otherwise",
            )
            .at(self.token().span, label)
            .help(r"write \begin{cases} a & x > 0 \\ b & \text{otherwise} \end{cases}"),
        )
    }

    // ---- indicators

    /// `𝟏[x > 0]`, `\mathbb{1}\{x > 0\}`: whether the bracket after this name holds a condition.
    pub fn is_indicator(&self) -> bool {
        matches!(self.ahead(1), Tok::Open(Bracket::Paren | Bracket::Square)) && self.holds_relation(self.at + 1)
    }

    /// `[y = k]`: whether the bracket that opens here holds a condition.
    pub fn states(&self) -> bool {
        self.holds_relation(self.at)
    }

    /// Whether a bracket holds a relation that no bracket within it does, and no list of which it is a part.
    fn holds_relation(&self, open: usize) -> bool {
        let mut depth = 0usize;
        for token in &self.tokens[open..] {
            match token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth <= 1 => return false,
                Tok::Close(_) => depth -= 1,
                Tok::Relation(_) | Tok::Equals if depth == 1 => return true,
                Tok::Comma | Tok::Semicolon if depth == 1 => return false,
                _ => {}
            }
        }
        false
    }

    pub fn indicator(&mut self, start: usize) -> Parsed {
        self.at += 1;
        self.condition_between_brackets(start)
    }

    pub fn condition_between_brackets(&mut self, start: usize) -> Parsed {
        let Tok::Open(bracket) = *self.tok() else { return Err(self.no_cases("expected a bracket")) };
        self.at += 1;
        let condition = self.bracketed(Self::condition)?;
        let below = self.height;
        self.close(bracket)?;
        let tree = condition.indicators(self.since(start)).0;
        self.node(tree.kind, start, below + 2)
    }

    /// The same below 𝟏, where the bracket that groups it is open already.
    pub fn indicator_below(&mut self, start: usize) -> Parsed {
        // `𝟏_{\{x > 0\}}`
        let set = match *self.tok() {
            Tok::Open(bracket) if self.states() => Some(bracket),
            _ => None,
        };
        self.at += usize::from(set.is_some());
        let condition = self.bracketed(Self::condition)?;
        let below = self.height;
        if let Some(bracket) = set {
            self.close(bracket)?;
        }
        self.close(Bracket::Brace)?;
        let tree = condition.indicators(self.since(start)).0;
        self.node(tree.kind, start, below + 2)
    }
}

impl CaseCondition {
    fn of(left: Ast, sign: &'static str, right: Ast) -> CaseCondition {
        let difference = |a: &Ast, b: &Ast| {
            let span = left.span.to(right.span);
            let zero = |t: &Ast| matches!(&t.kind, Syntax::Number(n) if n == "0");
            match (zero(a), zero(b)) {
                (_, true) => a.clone(),
                (true, false) => Ast::new(Syntax::Neg(Box::new(b.clone())), span),
                (false, false) => Ast::new(Syntax::Sum(vec![(Sign::Plus, a.clone()), (Sign::Minus, b.clone())]), span),
            }
        };
        let (holds, negated) = match sign {
            ">" | "=" => (difference(&left, &right), false),
            "<" => (difference(&right, &left), false),
            "≥" => (difference(&right, &left), true),
            _ => (difference(&left, &right), true),
        };
        CaseCondition { holds, negated, equal: matches!(sign, "=" | "≠"), sides: (left, sign, right) }
    }

    /// 1 where it holds and 0 elsewhere, and the other way round.
    fn indicators(&self, span: Span) -> (Ast, Ast) {
        let function = Name::new(if self.equal { "iszero" } else { "step" });
        let step = Syntax::Call { function, function_span: span, primes: 0, args: vec![self.holds.clone()] };
        let step = Ast::new(step, span);
        let one = Ast::new(Syntax::Number("1".into()), span);
        let rest = Ast::new(Syntax::Sum(vec![(Sign::Plus, one), (Sign::Minus, step.clone())]), span);
        if self.negated { (rest, step) } else { (step, rest) }
    }
}

/// An identity, or a transposed or inverted capital, says that what stands in a bracket is a matrix.
fn holds_matrices(tokens: &[Token]) -> bool {
    let name = |t: &Token, test: &dyn Fn(&str) -> bool| t.tok.name().is_some_and(|n| test(names::split(n).0));
    let raised = |t: &Token| match &t.tok {
        Tok::Caret | Tok::Prime | Tok::Top => true,
        Tok::Superscript(text) => text.contains('T') || text.starts_with('-'),
        _ => false,
    };
    let capital = |n: &str| n.starts_with(char::is_uppercase);
    tokens.iter().any(|t| name(t, &|n| n == "I")) || tokens.windows(2).any(|w| name(&w[0], &capital) && raised(&w[1]))
}

fn is_comparison(token: &Token) -> bool {
    matches!(token.tok, Tok::Relation(_) | Tok::Equals)
}

/// 1 where a statement about values holds and 0 elsewhere.
pub(crate) fn indicator_of(c: &WrittenCondition, span: Span) -> Ast {
    let sign = match c.relation {
        Comparator::Equal => "=",
        Comparator::Different => "≠",
        Comparator::Less => "<",
        Comparator::AtMost => "≤",
    };
    CaseCondition::of(c.left.clone(), sign, c.right.clone()).indicators(span).0
}

/// One of them holds, and never both: `x > 0` and `x ≤ 0`.
fn completes(a: &(Ast, &'static str, Ast), b: &(Ast, &'static str, Ast)) -> bool {
    let turned = |sign| match sign {
        "<" => ">",
        ">" => "<",
        "≤" => "≥",
        "≥" => "≤",
        equal => equal,
    };
    let opposite = |s, t| {
        matches!(
            (s, t),
            ("=", "≠") | ("≠", "=") | (">", "≤") | ("≤", ">") | ("<", "≥") | ("≥", "<") | ("≥", "≤") | ("≤", "≥")
        )
    };
    (a.0 == b.0 && a.2 == b.2 && opposite(a.1, b.1)) || (a.0 == b.2 && a.2 == b.0 && opposite(a.1, turned(b.1)))
}
