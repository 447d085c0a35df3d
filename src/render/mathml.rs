//! Syntax trees as MathML Core.

use super::escapes::escaped;
use super::markup::{mathml_function, matrix};
use super::notation::Printer;
use super::precedence::{Level, level};
use super::reading::{Between, Setting, is_negated, is_number, shows_norm, strip_minus};
use super::tree;
use crate::expr::Slope;
use crate::syntax::{Ast, BinaryOp, NormKind, Sign, Syntax};

/// One formula, without `<math>` around it.
pub fn formula(ast: &Ast, printer: Printer) -> String {
    MathMl::new(printer).of(ast)
}

/// The letters between the tags, but for the signs that are not seen.
pub fn width(markup: &str) -> usize {
    let seen = |text: &str| text.chars().filter(|c| !['\u{2061}', '\u{2062}'].contains(c)).count();
    markup.split('<').map(|piece| seen(piece.split_once('>').map_or(piece, |(_, text)| text))).sum()
}

pub(super) fn group(inner: &str) -> String {
    format!("<mrow>{inner}</mrow>")
}

fn operator(sign: &str) -> String {
    format!("<mo>{sign}</mo>")
}

/// Between brackets that belong to it; they grow where there is reason to.
pub(super) fn fenced(open: &str, inner: &str, close: &str) -> String {
    let small = inner.matches("<mstyle displaystyle=\"false\"><mfrac").count();
    let tall = inner.matches("<mfrac").count() > small || ["<mtable", "<msqrt"].iter().any(|tag| inner.contains(tag));
    let stretchy = if tall { "" } else { " stretchy=\"false\"" };
    format!("<mrow><mo{stretchy}>{open}</mo>{inner}<mo{stretchy}>{close}</mo></mrow>")
}

fn superscript(base: &str, exponent: &str) -> String {
    format!("<msup>{base}<mrow>{exponent}</mrow></msup>")
}

// no operator: it would stand apart
const TOP: &str = "<mi>⊤</mi>";
const INVERSE: &str = "<mo>−</mo><mn>1</mn>";

pub(super) struct MathMl<'a> {
    pub printer: Printer<'a>,
    pub reading: Setting,
}

impl<'a> MathMl<'a> {
    pub fn new(printer: Printer<'a>) -> MathMl<'a> {
        MathMl { printer, reading: Setting { fractions: true, calls: false } }
    }

    pub fn of(&self, ast: &Ast) -> String {
        match &ast.kind {
            Syntax::Number(n) => number(n),
            Syntax::Name(n) => self.printer.word(n.as_str()),
            Syntax::Partial(partial) => self.printer.symbol_of(partial),
            Syntax::Call { function, primes, args, .. } => self.call(function.as_str(), *primes, args),
            Syntax::Slope { slope, function, args, .. } => self.slope(*slope, function.as_str(), args),
            Syntax::Sum(terms) => group(&self.terms(terms).concat()),
            Syntax::Neg(a) => group(&format!("<mo form=\"prefix\">−</mo>{}", self.factor(a))),
            Syntax::Binary(BinaryOp::Div, a, b) => self.fraction(a, b),
            Syntax::Binary(op, a, b) => self.binary(*op, a, b),
            Syntax::Transpose(a) => match &a.kind {
                Syntax::Inverse(x) => superscript(&self.base(x), &format!("<mo>−</mo>{TOP}")),
                _ => superscript(&self.base(a), TOP),
            },
            Syntax::Inverse(a) => superscript(&self.base(a), INVERSE),
            Syntax::Power(a, p) => superscript(&self.base(a), &self.of(p)),
            Syntax::ElementPower(a, p) => superscript(&self.base(a), &format!("<mo>∘</mo>{}", self.of(p))),
            Syntax::Norm(kind, a) => self.norm(kind, a),
            Syntax::Bars(a) => fenced("|", &self.parens_if(shows_norm(a), a), "|"),
            Syntax::Matrix(rows) if matches!(rows.as_slice(), [row] if row.len() == 1) => {
                fenced("[", &self.of(&rows[0][0]), "]")
            }
            Syntax::Matrix(rows) => {
                matrix(&rows.iter().map(|r| r.iter().map(|a| self.of(a)).collect()).collect::<Vec<_>>())
            }
            Syntax::Slice { base, rows, cols } => {
                let range =
                    |(first, last): &(Box<Ast>, Box<Ast>)| format!("{}<mo>..</mo>{}", self.of(first), self.of(last));
                let cols = cols.as_ref().map_or_else(String::new, |c| format!("<mo>,</mo>{}", range(c)));
                format!("{}{}", self.base(base), fenced("[", &format!("{}{cols}", range(rows)), "]"))
            }
            Syntax::Entry { base, at } => self.entry(base, at),
            Syntax::Gathered { by, over, when, body } => self.gathered(*by, over, when, body),
            Syntax::Iverson(comparison) => fenced("[", &self.comparison(comparison), "]"),
        }
    }

    pub(super) fn parens_if(&self, needed: bool, ast: &Ast) -> String {
        if needed { fenced("(", &self.of(ast), ")") } else { self.of(ast) }
    }

    fn at_least(&self, least: Level, ast: &Ast) -> String {
        self.parens_if(self.reading.level(ast) < least, ast)
    }

    /// What carries an exponent: one element.
    pub(super) fn base(&self, ast: &Ast) -> String {
        group(&self.at_least(Level::Atom, ast))
    }

    /// The terms of a sum, each with its sign.
    fn terms(&self, terms: &[(Sign, Ast)]) -> Vec<String> {
        let term = |(i, (sign, term)): (usize, &(Sign, Ast))| {
            let sum = level(&term.kind) == Level::Sum;
            let body = self.parens_if(sum || (i > 0 && is_negated(term)), term);
            format!("{}{body}", before_term(i == 0, *sign))
        };
        terms.iter().enumerate().map(term).collect()
    }

    /// What stands last in a product: a sum behind its sign needs no brackets there.
    fn factor(&self, ast: &Ast) -> String {
        let bare = self.reading.is_open(ast) && !ast.grouped;
        if bare { self.of(ast) } else { self.at_least(Level::Postfix, ast) }
    }

    fn binary(&self, op: BinaryOp, a: &Ast, b: &Ast) -> String {
        let left = self.parens_if(self.reading.left_needs_parens(op, a), &self.reading.closed(a));
        let right = if op == BinaryOp::Mul { self.factor(b) } else { self.at_least(Level::Postfix, b) };
        group(&format!("{left}{}{right}", self.sign(op, a, b)))
    }

    /// What stands between the operands.
    pub fn sign(&self, op: BinaryOp, a: &Ast, b: &Ast) -> String {
        if op == BinaryOp::Mul && starts_with_word(b) {
            return "<mo lspace=\"0.17em\">\u{2062}</mo>".to_owned();
        }
        operator(match (op, self.reading.between(a, b)) {
            (BinaryOp::Cross, _) => "×",
            (BinaryOp::Mul | BinaryOp::Dot | BinaryOp::Star, Between::Dot) => "·",
            (BinaryOp::Mul | BinaryOp::Dot | BinaryOp::Star, Between::Space | Between::Ambiguous) => "\u{2062}",
            (BinaryOp::Had, _) => "∘",
            (BinaryOp::HadDiv, _) => "⊘",
            (BinaryOp::Kron, _) => "⊗",
            (BinaryOp::Div, _) => "/",
        })
    }

    fn fraction(&self, a: &Ast, b: &Ast) -> String {
        let whole = |a: &Ast| {
            let fraction = format!("<mfrac>{}{}</mfrac>", group(&self.of(a)), group(&self.of(b)));
            // a ratio of numbers is set small
            let small = is_number(a) && is_number(b);
            if small { format!("<mstyle displaystyle=\"false\">{fraction}</mstyle>") } else { fraction }
        };
        match strip_minus(a) {
            Some(positive) => group(&format!("<mo>−</mo>{}", whole(&positive))),
            None => whole(a),
        }
    }

    /// Iₙ, 𝟏ₙ, Kₘₙ.
    fn constructor(&self, base: &str, sizes: &[Ast], separator: &str) -> String {
        let sizes: Vec<String> = sizes.iter().map(|s| self.of(s)).collect();
        format!("<msub>{base}<mrow>{}</mrow></msub>", sizes.join(separator))
    }

    fn call(&self, function: &str, primes: u32, args: &[Ast]) -> String {
        match (function, args) {
            ("eye", _) => self.constructor("<mi>I</mi>", args, "<mo>×</mo>"),
            ("ones", _) => self.constructor("<mn>𝟏</mn>", args, "<mo>×</mo>"),
            ("K", _) => self.constructor("<mi>K</mi>", args, "<mo>,</mo>"),
            ("sqrt", [a]) if primes == 0 => format!("<msqrt>{}</msqrt>", self.of(a)),
            ("d", [a]) if self.printer.calculus => {
                let inner = if let Syntax::Name(_) | Syntax::Partial(_) = a.kind {
                    self.of(a)
                } else {
                    fenced("(", &self.of(a), ")")
                };
                group(&format!("<mi mathvariant=\"normal\">d</mi>{inner}"))
            }
            ("ip", [a, b]) if self.printer.calculus => {
                fenced("⟨", &format!("{}<mo>,</mo>{}", self.of(a), self.of(b)), "⟩")
            }
            _ => {
                let list: Vec<String> = args.iter().map(|a| self.of(a)).collect();
                group(&format!("{}{}", applied(function, primes), fenced("(", &list.join("<mo>,</mo>"), ")")))
            }
        }
    }

    /// ∇f(x), J_c(x), ∇²f(x), ∇²(wᵀ c)(x).
    fn slope(&self, slope: Slope, function: &str, args: &[Ast]) -> String {
        const NABLA: &str = "<mo>∇</mo>";
        let name = mathml_function(function);
        let head = match (slope, args) {
            (Slope::Gradient, _) => format!("{NABLA}{name}"),
            (Slope::Jacobian, _) => format!("<msub><mi>J</mi>{name}</msub>"),
            (Slope::Weighted, [weights, ..]) => {
                let of =
                    format!("{}<mo>\u{2062}</mo>{name}", self.at_least(Level::Postfix, &tree::transposed(weights)));
                format!("{}{}", superscript(NABLA, "<mn>2</mn>"), fenced("(", &of, ")"))
            }
            (Slope::Hessian | Slope::Weighted, _) => format!("{}{name}", superscript(NABLA, "<mn>2</mn>")),
        };
        let points = args.iter().skip(slope.arity() - 1).map(|a| self.of(a)).collect::<Vec<_>>();
        group(&format!("{head}<mo>\u{2061}</mo>{}", fenced("(", &points.join("<mo>,</mo>"), ")")))
    }

    fn norm(&self, kind: &NormKind, a: &Ast) -> String {
        let whole = fenced("‖", &self.parens_if(shows_norm(a), a), "‖");
        let index = match kind {
            NormKind::Two => return whole,
            NormKind::Frobenius => "<mi>F</mi>".to_owned(),
            NormKind::One => "<mn>1</mn>".to_owned(),
            NormKind::Infinity => "<mi>∞</mi>".to_owned(),
            NormKind::P(p) => format!("<mi>{}</mi>", escaped(p)),
        };
        format!("<msub>{whole}{index}</msub>")
    }
}

/// `n log(2 π)`: the name of a function keeps its distance from what is multiplied with it.
fn starts_with_word(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Call { function, .. } => {
            function.as_str().chars().count() > 1 && function.as_str() != "sqrt" && !is_constructor(function.as_str())
        }
        Syntax::Binary(_, a, _) | Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Power(a, _) => {
            starts_with_word(a)
        }
        Syntax::Number(_)
        | Syntax::Name(_)
        | Syntax::Partial(_)
        | Syntax::Slope { .. }
        | Syntax::Sum(_)
        | Syntax::Neg(_)
        | Syntax::ElementPower(..)
        | Syntax::Norm(..)
        | Syntax::Bars(_)
        | Syntax::Matrix(_)
        | Syntax::Slice { .. }
        | Syntax::Entry { .. }
        | Syntax::Gathered { .. }
        | Syntax::Iverson(_) => false,
    }
}

/// The sign of a term.
pub(super) fn before_term(first: bool, sign: Sign) -> &'static str {
    match (first, sign) {
        (true, Sign::Plus) => "",
        (false, Sign::Plus) => "<mo form=\"infix\">+</mo>",
        (true, Sign::Minus) => "<mo form=\"prefix\">−</mo>",
        (false, Sign::Minus) => "<mo form=\"infix\">−</mo>",
    }
}

/// The name of a function that is called, and the sign of its application.
pub(super) fn applied(function: &str, primes: u32) -> String {
    let name = mathml_function(function);
    let name = if primes == 0 { name } else { superscript(&name, &operator(&"′".repeat(primes as usize))) };
    format!("{name}<mo>\u{2061}</mo>")
}

fn number(n: &str) -> String {
    match n.strip_prefix('-') {
        Some(positive) => format!("<mrow><mo>−</mo><mn>{positive}</mn></mrow>"),
        None => format!("<mn>{n}</mn>"),
    }
}

/// Whether a call is written as a letter with sizes below.
pub(super) fn is_constructor(function: &str) -> bool {
    matches!(function, "eye" | "ones" | "K")
}
