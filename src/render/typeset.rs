//! Syntax trees as pretty documents, with the parentheses the grammar needs and those a reader wants.

use super::names::{
    ascii_name, latex_function, latex_name, size_subscript, superscript, unicode_function, unicode_name,
};
use super::notation::{Notation, Printer};
use super::precedence::{Level, level};
use crate::syntax::{Ast, BinaryOp, NormKind, Sign, Syntax};
use pretty::RcDoc;

type Doc = RcDoc<'static, ()>;

fn text(s: impl Into<String>) -> Doc {
    RcDoc::text(s.into())
}

pub(super) struct Typesetter {
    printer: Printer,
}

impl Typesetter {
    pub fn new(printer: Printer) -> Typesetter {
        Typesetter { printer }
    }

    pub fn print(&self, ast: &Ast, width: usize) -> String {
        flat(&self.doc(ast), width)
    }

    /// The terms of a sum one by one, each with its sign.
    pub fn terms(&self, terms: &[(Sign, Ast)]) -> Vec<String> {
        terms
            .iter()
            .enumerate()
            .map(|(i, (sign, term))| {
                let body = self.term(i == 0, term);
                let sign = self.sign(i == 0, *sign);
                flat(&text(sign).append(body), usize::MAX)
            })
            .collect()
    }

    fn pick(&self, ascii: &'static str, unicode: &'static str, latex: &'static str) -> &'static str {
        match self.printer.notation {
            Notation::Ascii => ascii,
            Notation::Unicode => unicode,
            Notation::Latex => latex,
        }
    }

    fn is_latex(&self) -> bool {
        self.printer.notation == Notation::Latex
    }

    fn doc(&self, ast: &Ast) -> Doc {
        match &ast.kind {
            Syntax::Number(n) => text(self.number(n)),
            Syntax::Name(n) => text(self.name(n.as_str())),
            Syntax::Call { function, primes, args, .. } => self.call(function.as_str(), *primes, args),
            Syntax::Sum(terms) => self.sum(terms),
            Syntax::Neg(a) => text("-").append(self.at_least(Level::Postfix, a)),
            Syntax::Binary(BinaryOp::Div, a, b) if self.is_latex() => self.fraction(a, b),
            Syntax::Binary(op, a, b) => self.binary(*op, a, b),
            Syntax::Transpose(a) => self.transpose(a),
            Syntax::Inverse(a) => self.at_least(Level::Atom, a).append(text(self.pick("^-1", "⁻¹", "^{-1}"))),
            Syntax::Power(a, p) => self.at_least(Level::Atom, a).append(self.exponent("^", p)),
            Syntax::ElementPower(a, p) => self.at_least(Level::Atom, a).append(self.exponent(".^", p)),
            Syntax::Norm(kind, a) => self.norm(kind, a),
            Syntax::Matrix(rows) => self.matrix(rows),
            Syntax::Slice { base, rows, cols } => self.slice(base, rows, cols.as_ref()),
        }
    }

    // ---- leaves

    fn number(&self, n: &str) -> String {
        n.to_string()
    }

    fn name(&self, n: &str) -> String {
        match self.printer.notation {
            Notation::Ascii => ascii_name(n),
            Notation::Unicode => unicode_name(n),
            Notation::Latex => latex_name(n),
        }
    }

    fn function(&self, n: &str) -> String {
        match self.printer.notation {
            Notation::Ascii => ascii_name(n),
            Notation::Unicode => unicode_function(n),
            Notation::Latex => latex_function(n),
        }
    }

    // ---- parentheses

    fn parens(&self, ast: &Ast) -> Doc {
        let (open, close) = if self.is_latex() && is_tall(ast) { ("\\left(", "\\right)") } else { ("(", ")") };
        text(open).append(self.doc(ast).nest(2)).append(text(close))
    }

    fn parens_if(&self, needed: bool, ast: &Ast) -> Doc {
        if needed { self.parens(ast) } else { self.doc(ast) }
    }

    fn at_least(&self, least: Level, ast: &Ast) -> Doc {
        self.parens_if(self.level(ast) < least, ast)
    }

    /// A LaTeX fraction holds together by itself.
    fn level(&self, ast: &Ast) -> Level {
        match &ast.kind {
            Syntax::Binary(BinaryOp::Div, a, _) if self.is_latex() => {
                if is_negated(a) {
                    Level::Negation
                } else {
                    Level::Postfix
                }
            }
            kind => level(kind),
        }
    }

    // ---- sums

    fn sum(&self, terms: &[(Sign, Ast)]) -> Doc {
        let mut doc = RcDoc::nil();
        for (i, (sign, term)) in terms.iter().enumerate() {
            let piece = text(self.sign(i == 0, *sign)).append(self.term(i == 0, term));
            doc = doc.append(if i == 0 { piece } else { RcDoc::line().append(piece).nest(2) });
        }
        doc.group()
    }

    fn sign(&self, first: bool, sign: Sign) -> &'static str {
        match (first, sign) {
            (true, Sign::Plus) => "",
            (true, Sign::Minus) => "-",
            (false, Sign::Plus) => "+ ",
            (false, Sign::Minus) => "- ",
        }
    }

    /// A minus in front of a term is bare only in the first one.
    fn term(&self, first: bool, term: &Ast) -> Doc {
        let sum = level(&term.kind) == Level::Sum;
        self.parens_if(sum || (!first && is_negated(term)), term)
    }

    // ---- products and quotients

    fn binary(&self, op: BinaryOp, a: &Ast, b: &Ast) -> Doc {
        let left = self.parens_if(self.left_needs_parens(op, a), a);
        let right = self.at_least(Level::Postfix, b);
        left.append(text(self.operator(op, a, b))).append(right)
    }

    /// What the grammar needs, and products under ∘ and ⊗ as authors set them: `(Vᵀ u) ∘ f'(z)`, but `2 x ∘ y`.
    fn left_needs_parens(&self, op: BinaryOp, a: &Ast) -> bool {
        let chained = match &a.kind {
            Syntax::Binary(inner, ..) => *inner == op,
            _ => false,
        };
        match op {
            BinaryOp::Had | BinaryOp::HadDiv => match self.level(a) {
                Level::Sum => true,
                Level::Elementwise | Level::Negation | Level::Postfix | Level::Atom => false,
                Level::Product => !is_scaled(a),
            },
            BinaryOp::Mul => self.level(a) < Level::Product || self.is_loose_factor(a),
            BinaryOp::Div => self.level(a) < Level::Product || is_kron(a),
            BinaryOp::Kron => {
                self.level(a) < Level::Product || (self.level(a) == Level::Product && !chained && !is_scaled(a))
            }
        }
    }

    /// Left factors that the grammar takes bare but a reader would misread: `(A ⊗ B) x`, `(x / t) yᵀ`.
    fn is_loose_factor(&self, a: &Ast) -> bool {
        match &a.kind {
            Syntax::Binary(BinaryOp::Kron, ..) => true,
            Syntax::Binary(BinaryOp::Div, top, _) => !self.is_latex() && !is_coefficient(top),
            _ => false,
        }
    }

    fn operator(&self, op: BinaryOp, a: &Ast, b: &Ast) -> &'static str {
        match op {
            BinaryOp::Mul if starts_anew(b) => self.pick(" * ", " · ", r" \cdot "),
            BinaryOp::Mul if looks_like_a_call(a, b) => self.pick(" * ", " ", " "),
            BinaryOp::Mul => " ",
            BinaryOp::Div if is_coefficient(a) && is_small(b) => "/",
            BinaryOp::Div => " / ",
            BinaryOp::Kron => self.pick(" ⊗ ", " ⊗ ", r" \otimes "),
            BinaryOp::Had => self.pick(" .* ", " ∘ ", r" \circ "),
            BinaryOp::HadDiv => self.pick(" ./ ", " ⊘ ", r" \oslash "),
        }
    }

    fn fraction(&self, a: &Ast, b: &Ast) -> Doc {
        let (sign, top) = match strip_minus(a) {
            Some(positive) => ("-", positive),
            None => ("", a.clone()),
        };
        text(format!("{sign}\\frac{{")).append(self.doc(&top)).append("}{").append(self.doc(b)).append("}")
    }

    // ---- postfix

    fn transpose(&self, a: &Ast) -> Doc {
        match &a.kind {
            Syntax::Inverse(x) => self.at_least(Level::Atom, x).append(text(self.pick("^-T", "⁻ᵀ", r"^{-\top}"))),
            _ => self.at_least(Level::Atom, a).append(text(self.pick("^T", "ᵀ", r"^\top"))),
        }
    }

    fn exponent(&self, caret: &'static str, p: &Ast) -> Doc {
        if self.is_latex() {
            let circle = if caret == ".^" { "\\circ " } else { "" };
            let plain = Typesetter::new(Printer { notation: Notation::Ascii, ..self.printer });
            let inner = if is_ratio(p) { plain.doc(p) } else { self.doc(p) };
            return text(format!("^{{{circle}")).append(inner).append("}");
        }
        match &p.kind {
            Syntax::Number(n) => match superscript(n) {
                Some(lifted) if caret == "^" && self.printer.notation == Notation::Unicode => text(lifted),
                _ => text(format!("{caret}{n}")),
            },
            Syntax::Name(n) if n.as_str() != "T" => text(format!("{caret}{}", self.name(n.as_str()))),
            _ => text(caret).append(self.parens(p)),
        }
    }

    // ---- brackets

    fn call(&self, function: &str, primes: u32, args: &[Ast]) -> Doc {
        if let Some(text) = self.constructor(function, args) {
            return self::text(text);
        }
        match (function, args) {
            ("sqrt", [a]) if self.is_latex() && primes == 0 => text("\\sqrt{").append(self.doc(a)).append("}"),
            ("d", [a]) if self.printer.calculus => self.differential(a),
            ("ip", [a, b]) if self.printer.calculus => self.inner(a, b),
            _ => {
                text(format!("{}{}", self.function(function), "'".repeat(primes as usize))).append(self.arguments(args))
            }
        }
    }

    /// `I_n` and `𝟏_n`, `𝟏_{n×m}` of names and numbers.
    fn constructor(&self, function: &str, args: &[Ast]) -> Option<String> {
        let base = match function {
            "eye" => self.pick("", "I", "I"),
            "ones" => self.pick("", "𝟏", r"\mathbf{1}"),
            _ => return None,
        };
        if base.is_empty() {
            return None;
        }
        let sizes: Option<Vec<&str>> = args.iter().map(simple_size).collect();
        Some(format!("{base}{}", size_subscript(&sizes?, self.is_latex())))
    }

    fn arguments(&self, args: &[Ast]) -> Doc {
        let tall = self.is_latex() && args.iter().any(is_tall);
        let (open, close) = if tall { ("\\left(", "\\right)") } else { ("(", ")") };
        text(open).append(self.list(args, ", ").nest(2)).append(text(close))
    }

    fn list(&self, args: &[Ast], separator: &'static str) -> Doc {
        RcDoc::intersperse(args.iter().map(|a| self.doc(a)), text(separator))
    }

    fn differential(&self, a: &Ast) -> Doc {
        let d = self.pick("d", "d", r"\mathrm{d}");
        match (&a.kind, self.printer.notation) {
            (Syntax::Name(_), Notation::Unicode | Notation::Latex) => text(d).append(self.doc(a)),
            _ => text(d).append(self.arguments(std::slice::from_ref(a))),
        }
    }

    fn inner(&self, a: &Ast, b: &Ast) -> Doc {
        let (open, close) = (self.pick("ip(", "⟨", r"\langle "), self.pick(")", "⟩", r" \rangle"));
        text(open).append(self.doc(a)).append(", ").append(self.doc(b)).append(close)
    }

    /// A call in ASCII (`norm2(x)`), bars elsewhere. A bar closes the open norm: inner norms stand in parentheses.
    fn norm(&self, kind: &NormKind, a: &Ast) -> Doc {
        let call = match kind {
            NormKind::Two => Some("norm2"),
            NormKind::Frobenius => Some("normF"),
            NormKind::One => Some("norm1"),
            NormKind::Infinity | NormKind::P(_) => None,
        };
        if let (Some(function), Notation::Ascii) = (call, self.printer.notation) {
            return text(function).append(self.arguments(std::slice::from_ref(a)));
        }
        let (open, close) = (self.pick("||", "‖", r"\lVert "), self.pick("||", "‖", r" \rVert"));
        let body = self.parens_if(shows_norm(a), a);
        text(open).append(body).append(text(close)).append(text(self.norm_index(kind)))
    }

    fn norm_index(&self, kind: &NormKind) -> String {
        match kind {
            NormKind::Two => String::new(),
            NormKind::Frobenius => "_F".to_string(),
            NormKind::One => "_1".to_string(),
            NormKind::Infinity => self.pick("_inf", "_∞", r"_\infty").to_string(),
            NormKind::P(p) if p.chars().count() == 1 => format!("_{p}"),
            NormKind::P(p) => format!("_{{{p}}}"),
        }
    }

    fn matrix(&self, rows: &[Vec<Ast>]) -> Doc {
        let (cell, row) = (self.pick(", ", ", ", " & "), self.pick("; ", "; ", r" \\ "));
        let (open, close) = (self.pick("[", "[", r"\begin{bmatrix} "), self.pick("]", "]", r" \end{bmatrix}"));
        let rows = RcDoc::intersperse(rows.iter().map(|r| self.list(r, cell)), text(row));
        text(open).append(rows).append(text(close))
    }

    fn slice(&self, base: &Ast, rows: &Ends, cols: Option<&Ends>) -> Doc {
        let range = |(first, last): &Ends| self.doc(first).append("..").append(self.doc(last));
        let mut doc = self.at_least(Level::Atom, base).append("[").append(range(rows));
        if let Some(cols) = cols {
            doc = doc.append(", ").append(range(cols));
        }
        doc.append("]")
    }
}

type Ends = (Box<Ast>, Box<Ast>);

fn flat(doc: &Doc, width: usize) -> String {
    doc.pretty(width).to_string()
}

// ---- what trees look like

fn is_number(e: &Ast) -> bool {
    matches!(e.kind, Syntax::Number(_))
}

/// A size that fits into a subscript.
fn simple_size(e: &Ast) -> Option<&str> {
    match &e.kind {
        Syntax::Number(n) => Some(n),
        Syntax::Name(n) if !n.as_str().contains('_') && n.as_str().is_ascii() => Some(n.as_str()),
        _ => None,
    }
}

fn is_kron(e: &Ast) -> bool {
    matches!(e.kind, Syntax::Binary(BinaryOp::Kron, ..))
}

/// A denominator that may stand close: `1/2`, `1/n`.
fn is_small(e: &Ast) -> bool {
    matches!(e.kind, Syntax::Number(_) | Syntax::Name(_))
}

/// A quotient of numbers or names, set in one line within an exponent.
fn is_ratio(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Binary(BinaryOp::Div, a, b) => is_small(a) && is_number(b),
        _ => false,
    }
}

/// A number before one factor: `2 x`, `1/2 x`, `-2 x`.
fn is_scaled(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Binary(BinaryOp::Mul, a, _) => is_coefficient(a),
        Syntax::Binary(BinaryOp::Div, a, b) => is_coefficient(a) && is_number(b),
        _ => false,
    }
}

fn is_coefficient(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Number(_) => true,
        Syntax::Neg(a) => is_coefficient(a),
        Syntax::Binary(BinaryOp::Div, a, b) => is_coefficient(a) && is_small(b),
        _ => false,
    }
}

/// True when the text begins with a minus.
fn is_negated(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Neg(_) => true,
        Syntax::Number(n) => n.starts_with('-'),
        Syntax::Sum(terms) => matches!(terms.first(), Some((Sign::Minus, _))),
        Syntax::Binary(_, a, _) => is_negated(a),
        _ => false,
    }
}

/// The tree without the minus that its leftmost product factor carries.
fn strip_minus(e: &Ast) -> Option<Ast> {
    match &e.kind {
        Syntax::Neg(a) => Some((**a).clone()),
        Syntax::Binary(op @ (BinaryOp::Mul | BinaryOp::Div | BinaryOp::Kron), a, b) => {
            let a = strip_minus(a)?;
            Some(Ast::new(Syntax::Binary(*op, Box::new(a), b.clone()), e.span))
        }
        _ => None,
    }
}

/// `2/n (a + b)`, `n (a + b)^2`: a reader who does not know n for a size would take `n (…)` for a call.
fn looks_like_a_call(a: &Ast, b: &Ast) -> bool {
    let name = |e: &Ast| matches!(e.kind, Syntax::Name(_));
    let sum = |e: &Ast| matches!(e.kind, Syntax::Sum(_));
    let ratio = matches!(&a.kind, Syntax::Binary(BinaryOp::Div, _, below) if name(below));
    ratio && sum(b) || name(a) && matches!(&b.kind, Syntax::Power(base, _) if sum(base))
}

/// A right factor that needs a sign of multiplication before it: a number would run into the factor before it, a
/// bracket would slice it.
fn starts_anew(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Number(_) | Syntax::Matrix(_) => true,
        Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Power(a, _) | Syntax::ElementPower(a, _) => starts_anew(a),
        Syntax::Slice { base, .. } => starts_anew(base),
        Syntax::Name(_)
        | Syntax::Call { .. }
        | Syntax::Sum(_)
        | Syntax::Neg(_)
        | Syntax::Binary(..)
        | Syntax::Norm(..) => false,
    }
}

/// True when a norm's bars stand in the open, outside all brackets.
fn shows_norm(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Norm(..) => true,
        Syntax::Sum(terms) => terms.iter().any(|(_, t)| shows_norm(t)),
        Syntax::Neg(a) | Syntax::Transpose(a) | Syntax::Inverse(a) => shows_norm(a),
        Syntax::Binary(_, a, b) | Syntax::Power(a, b) | Syntax::ElementPower(a, b) => shows_norm(a) || shows_norm(b),
        Syntax::Slice { base, .. } => shows_norm(base),
        Syntax::Number(_) | Syntax::Name(_) | Syntax::Call { .. } | Syntax::Matrix(_) => false,
    }
}

/// True when LaTeX sets the tree higher than a line.
fn is_tall(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Binary(BinaryOp::Div, ..) | Syntax::Matrix(_) => true,
        Syntax::Number(_) | Syntax::Name(_) => false,
        Syntax::Call { args, .. } => args.iter().any(is_tall),
        Syntax::Sum(terms) => terms.iter().any(|(_, t)| is_tall(t)),
        Syntax::Neg(a) | Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Norm(_, a) => is_tall(a),
        Syntax::Power(a, _) | Syntax::ElementPower(a, _) | Syntax::Slice { base: a, .. } => is_tall(a),
        Syntax::Binary(_, a, b) => is_tall(a) || is_tall(b),
    }
}
