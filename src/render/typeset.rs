//! Syntax trees as pretty documents, with the parentheses the grammar needs and those a reader wants.

use super::breaks::{self, BEFORE_FACTOR, BEFORE_TERM, unbroken};
use super::markup::typst_function;
use super::names::{latex_function, size_subscript, superscript, unicode_function};
use super::notation::{Notation, Printer, columns};
use super::precedence::{Level, level};
use super::reading::{
    Between, Setting, is_coefficient, is_negated, is_number, is_ratio, is_small, is_tall, shows_norm, size_factors,
    strip_minus,
};
use super::tree;
use crate::expr::Slope;
use crate::syntax::{Ast, BinaryOp, Ends, NormKind, Sign, Syntax};
use pretty::RcDoc;

pub(super) type Doc = RcDoc<'static, ()>;

pub(super) fn text(s: impl Into<String>) -> Doc {
    RcDoc::text(s.into())
}

/// dX, in the calculus of derivation steps; transposed too.
fn is_differential(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Call { function, primes: 0, .. } => function.as_str() == "d",
        Syntax::Transpose(a) => is_differential(a),
        _ => false,
    }
}

fn first_factor(e: &Ast) -> &Ast {
    if let Syntax::Binary(BinaryOp::Mul, a, _) = &e.kind { first_factor(a) } else { e }
}

fn last_factor(e: &Ast) -> &Ast {
    if let Syntax::Binary(BinaryOp::Mul, _, b) = &e.kind { last_factor(b) } else { e }
}

/// Writes the notations that are lines of text. (MathML is a tree: `mathml` writes it.)
pub(super) struct Typesetter<'a> {
    pub(super) printer: Printer<'a>,
    pub(super) reading: Setting,
    /// What is wider, in letters, is not set as one group: it can be broken then.
    group: usize,
}

impl<'a> Typesetter<'a> {
    pub fn new(printer: Printer<'a>) -> Typesetter<'a> {
        let fractions = match printer.notation {
            Notation::Ascii | Notation::Unicode => false,
            Notation::Latex | Notation::Typst | Notation::MathMl => true,
        };
        Typesetter {
            printer,
            reading: Setting { fractions, calls: printer.notation == Notation::Ascii },
            group: usize::MAX,
        }
    }

    pub fn print(&self, ast: &Ast, width: usize) -> String {
        filled(&unbroken(&flat(&self.doc(ast), width)), width)
    }

    /// In lines at most about so many letters wide where that can be. Where the places to break are too few, wide
    /// numerators and wide insides of tall brackets are opened.
    pub fn lines(self, ast: &Ast, width: usize) -> Vec<String> {
        let broken = |setter: &Typesetter| breaks::lines(&flat(&setter.doc(ast), usize::MAX), width);
        let lines = broken(&self);
        if lines.iter().all(|l| breaks::width(l) <= width) {
            return lines;
        }
        broken(&Typesetter { group: width / 2, ..self })
    }

    /// Whether what is set as one group would be too wide for a line.
    fn is_wide(&self, doc: &Doc) -> bool {
        self.group < usize::MAX && breaks::width(&flat(doc, usize::MAX)) > self.group
    }

    pub(super) fn pick(&self, ascii: &'static str, unicode: &'static str, latex: &'static str) -> &'static str {
        match self.printer.notation {
            Notation::Ascii => ascii,
            Notation::Unicode => unicode,
            Notation::Latex => latex,
            // Typst reads the signs themselves
            Notation::Typst | Notation::MathMl => unicode,
        }
    }

    /// The spelling of each notation, Typst's where it differs from Unicode's.
    pub(super) fn spell(
        &self,
        ascii: &'static str,
        unicode: &'static str,
        latex: &'static str,
        typst: &'static str,
    ) -> &'static str {
        if self.is_typst() { typst } else { self.pick(ascii, unicode, latex) }
    }

    pub(super) fn is_latex(&self) -> bool {
        self.printer.notation == Notation::Latex
    }

    pub(super) fn is_typst(&self) -> bool {
        self.printer.notation == Notation::Typst
    }

    /// Within a group that is set as one, no place to break is left.
    fn whole(&self, doc: Doc) -> Doc {
        if self.reading.fractions { text(unbroken(&flat(&doc, usize::MAX))) } else { doc }
    }

    /// Where a line may end: before a term of a sum, or before a factor.
    fn gap(&self, mark: char) -> Doc {
        match (self.reading.fractions, mark) {
            (true, _) => text(mark.to_string()),
            (false, BEFORE_TERM) => RcDoc::line(),
            (false, _) => text(" "),
        }
    }

    pub(super) fn doc(&self, ast: &Ast) -> Doc {
        match &ast.kind {
            Syntax::Number(n) => text(self.number(n)),
            Syntax::Name(n) => text(self.name(n.as_str())),
            Syntax::Partial(partial) => text(self.printer.symbol_of(partial)),
            Syntax::Call { function, primes, args, .. } => self.call(function.as_str(), *primes, args),
            Syntax::Slope { slope, function, args, .. } => self.slope(*slope, function.as_str(), args),
            Syntax::Sum(terms) => self.sum(terms),
            Syntax::Neg(a) => text("-").append(self.factor(a)),
            Syntax::Binary(BinaryOp::Div, a, b) if self.reading.fractions => self.fraction(a, b),
            Syntax::Binary(op, a, b) => self.binary(*op, a, b),
            Syntax::Transpose(a) => self.transpose(a),
            Syntax::Inverse(a) => self.at_least(Level::Atom, a).append(text(self.spell("^-1", "⁻¹", "^{-1}", "^(-1)"))),
            Syntax::Power(a, p) => self.at_least(Level::Atom, a).append(self.exponent("^", p)),
            Syntax::ElementPower(a, p) => self.at_least(Level::Atom, a).append(self.exponent(".^", p)),
            Syntax::Norm(kind, a) => self.norm(kind, a),
            Syntax::Bars(a) => self.bars(a),
            Syntax::Matrix(rows) => self.matrix(rows),
            Syntax::Slice { base, rows, cols } => self.slice(base, rows, cols.as_ref()),
            Syntax::Entry { base, at } => self.entry(base, at),
            Syntax::Gathered { by, over, when, body } => self.gathered(*by, over, when, body),
            Syntax::Iverson(comparison) => text(format!("[{}]", self.comparison(comparison))),
        }
    }

    // ---- leaves

    fn number(&self, n: &str) -> String {
        n.to_string()
    }

    fn name(&self, n: &str) -> String {
        self.printer.word(n)
    }

    fn function(&self, n: &str) -> String {
        match self.printer.notation {
            Notation::Ascii => self.printer.word(n),
            Notation::Unicode => unicode_function(n),
            Notation::Latex => latex_function(n),
            Notation::Typst | Notation::MathMl => typst_function(n),
        }
    }

    // ---- parentheses

    pub(super) fn parens(&self, ast: &Ast) -> Doc {
        self.brackets(is_tall(ast), self.doc(ast))
    }

    /// Parentheses that grow with what is tall; what is too wide for a line can be broken within them.
    pub(super) fn brackets(&self, tall: bool, doc: Doc) -> Doc {
        if !(self.is_latex() && tall) {
            return text("(").append(doc.nest(2)).append(text(")"));
        }
        match self.is_wide(&doc) {
            true => text("\\bigl(").append(doc).append("\\bigr)"),
            false => text("\\left(").append(self.whole(doc)).append("\\right)"),
        }
    }

    pub(super) fn parens_if(&self, needed: bool, ast: &Ast) -> Doc {
        if needed { self.parens(ast) } else { self.doc(ast) }
    }

    pub(super) fn at_least(&self, least: Level, ast: &Ast) -> Doc {
        self.parens_if(self.reading.level(ast) < least, ast)
    }

    // ---- sums

    fn sum(&self, terms: &[(Sign, Ast)]) -> Doc {
        let mut doc = RcDoc::nil();
        for (i, (sign, term)) in terms.iter().enumerate() {
            let piece = text(self.sign(i == 0, *sign)).append(self.term(i == 0, term));
            doc = doc.append(if i == 0 { piece } else { self.gap(BEFORE_TERM).append(piece).nest(2) });
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
        if op == BinaryOp::Kron && self.printer.typed {
            return text("kron(").append(self.doc(a)).append(", ").append(self.doc(b)).append(")");
        }
        let left = self.parens_if(self.reading.left_needs_parens(op, a), &self.reading.closed(a));
        let right = if op == BinaryOp::Mul { self.factor(b) } else { self.at_least(Level::Postfix, b) };
        let sign = self.operator(op, a, b);
        match sign.strip_prefix(' ') {
            Some(sign) if op != BinaryOp::Div => left.append(self.gap(BEFORE_FACTOR)).append(text(sign)).append(right),
            Some(_) | None => left.append(text(sign)).append(right),
        }
    }

    /// What stands last in a product: a sum behind its sign needs no brackets there.
    fn factor(&self, ast: &Ast) -> Doc {
        let bare = self.reading.is_open(ast) && !ast.grouped;
        if bare { self.doc(ast) } else { self.at_least(Level::Postfix, ast) }
    }

    fn operator(&self, op: BinaryOp, a: &Ast, b: &Ast) -> &'static str {
        match op {
            BinaryOp::Cross => self.pick(" × ", " × ", r" \times "),
            BinaryOp::Mul if self.reading.fractions && self.is_beside_differential(a, b) => {
                self.spell(" ", " ", r" \, ", " thin ")
            }
            BinaryOp::Mul | BinaryOp::Dot | BinaryOp::Star => match self.reading.between(a, b) {
                Between::Dot => self.pick(" * ", " · ", r" \cdot "),
                Between::Ambiguous => self.pick(" * ", " ", " "),
                Between::Space => " ",
            },
            BinaryOp::Div if is_coefficient(a) && is_small(b) => "/",
            BinaryOp::Div => " / ",
            BinaryOp::Kron => self.pick(" ⊗ ", " ⊗ ", r" \otimes "),
            BinaryOp::Had => self.pick(" .* ", " ∘ ", r" \circ "),
            BinaryOp::HadDiv => self.pick(" ./ ", " ⊘ ", r" \oslash "),
        }
    }

    /// Whether dX stands at the seam of two factors: it is set off, as in integrals.
    fn is_beside_differential(&self, a: &Ast, b: &Ast) -> bool {
        self.printer.calculus && (is_differential(last_factor(a)) || is_differential(first_factor(b)))
    }

    fn fraction(&self, a: &Ast, b: &Ast) -> Doc {
        let (sign, top) = match strip_minus(a) {
            Some(positive) => ("-", positive),
            None => ("", a.clone()),
        };
        let (open, between, close) = match (self.is_typst(), is_number(&top) && is_number(b)) {
            (true, _) => ("frac(", ", ", ")"),
            (false, true) => ("\\tfrac{", "}{", "}"),
            (false, false) => ("\\frac{", "}{", "}"),
        };
        let fraction = |top: Doc| {
            let (top, below) = (self.whole(top), self.whole(self.doc(b)));
            text(format!("{sign}{open}")).append(top).append(between).append(below).append(close)
        };
        let set = self.doc(&top);
        match self.is_wide(&set) {
            // the numerator can be broken when it stands beside
            true => fraction(text("1")).append(" ").append(self.at_least(Level::Postfix, &top)),
            false => fraction(set),
        }
    }

    // ---- postfix

    fn transpose(&self, a: &Ast) -> Doc {
        match &a.kind {
            Syntax::Inverse(x) => {
                self.at_least(Level::Atom, x).append(text(self.spell("^-T", "⁻ᵀ", r"^{-\top}", "^(-⊤)")))
            }
            _ => self.at_least(Level::Atom, a).append(text(self.spell("^T", "ᵀ", r"^\top", "^⊤"))),
        }
    }

    fn exponent(&self, caret: &'static str, p: &Ast) -> Doc {
        if self.reading.fractions {
            let circle = if caret == ".^" { self.spell("", "", "\\circ ", "∘ ") } else { "" };
            let (open, close) = if self.is_typst() { ("(", ")") } else { ("{", "}") };
            let plain = Typesetter::new(Printer { notation: Notation::Ascii, ..self.printer });
            let ratio = is_ratio(p) && self.is_latex();
            let inner = self.whole(if ratio { plain.doc(p) } else { self.doc(p) });
            return text(format!("^{open}{circle}")).append(inner).append(close);
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
        if let Some(constructor) = self.constructor(function, args) {
            return text(constructor);
        }
        match (function, args) {
            ("sqrt", [a]) if self.reading.fractions && primes == 0 => {
                let (open, close) = if self.is_typst() { ("sqrt(", ")") } else { ("\\sqrt{", "}") };
                text(open).append(self.whole(self.doc(a))).append(close)
            }
            ("d", [a]) if self.printer.calculus => self.differential(a),
            ("ip", [a, b]) if self.printer.calculus => self.inner(a, b),
            _ => {
                text(format!("{}{}", self.function(function), "'".repeat(primes as usize))).append(self.arguments(args))
            }
        }
    }

    /// `∇f(x)`, `J_c(x)`, `∇²f(x)`, `∇²(wᵀ c)(x)`; in ASCII `grad_f(x)`, `hess_f(x)`, `hess_c(w, x)`.
    fn slope(&self, slope: Slope, function: &str, args: &[Ast]) -> Doc {
        let gap = if self.is_latex() || self.is_typst() { " " } else { "" };
        let (gradient, hessian) = (self.spell("", "∇", "\\nabla", "∇"), self.spell("", "∇²", "\\nabla^2", "∇^2"));
        let named = |prefix: &str| self.name(&format!("{prefix}_{function}"));
        let head = match (slope, self.printer.notation) {
            (Slope::Jacobian, _) => named("J"),
            (Slope::Gradient, Notation::Ascii) => named("grad"),
            (Slope::Hessian | Slope::Weighted, Notation::Ascii) => named("hess"),
            (Slope::Gradient, _) => format!("{gradient}{gap}{}", self.function(function)),
            (Slope::Hessian, _) => format!("{hessian}{gap}{}", self.function(function)),
            (Slope::Weighted, _) => return self.weighted(hessian, function, args),
        };
        text(head).append(self.arguments(args))
    }

    fn weighted(&self, hessian: &'static str, function: &str, args: &[Ast]) -> Doc {
        let row = tree::transposed(&args[0]);
        let of = self.at_least(Level::Postfix, &row).append(text(format!(" {}", self.function(function))));
        text(hessian).append(self.brackets(is_tall(&row), of)).append(self.arguments(&args[1..]))
    }

    /// `I_n` and `𝟏_n`, `𝟏_{n×m}`, in typeset formulas `I_{m n}` and `K_{n,m}` too.
    fn constructor(&self, function: &str, args: &[Ast]) -> Option<String> {
        let (base, separator) = match function {
            "eye" => (self.pick("", "I", "I"), ""),
            "ones" => (self.spell("", "𝟏", r"\mathbf{1}", "bold(1)"), self.spell("", "×", r" \times ", "×")),
            "K" => (self.spell("", "", "K", "K"), ","),
            _ => return None,
        };
        if base.is_empty() {
            return None;
        }
        let sizes: Option<Vec<Vec<&str>>> = args.iter().map(size_factors).collect();
        let sizes = sizes?;
        let joined = sizes.iter().map(|factors| factors.join(" ")).collect::<Vec<_>>().join(separator);
        let is_typeset = self.is_latex() || self.is_typst();
        match &sizes[..] {
            _ if !is_typeset && sizes.iter().any(|factors| factors.len() > 1) => None,
            _ if self.is_typst() => Some(format!("{base}_({joined})")),
            _ => Some(format!("{base}{}", size_subscript(&joined, self.is_latex()))),
        }
    }

    fn arguments(&self, args: &[Ast]) -> Doc {
        self.brackets(args.iter().any(is_tall), self.list(args, ", "))
    }

    fn list(&self, args: &[Ast], separator: &'static str) -> Doc {
        RcDoc::intersperse(args.iter().map(|a| self.doc(a)), text(separator))
    }

    fn differential(&self, a: &Ast) -> Doc {
        let d = self.spell("d", "d", r"\mathrm{d}", "upright(d) ");
        match (&a.kind, self.printer.notation) {
            (Syntax::Name(_) | Syntax::Partial(_), Notation::Unicode | Notation::Latex | Notation::Typst) => {
                text(d).append(self.doc(a))
            }
            _ => text(d).append(self.arguments(std::slice::from_ref(a))),
        }
    }

    fn inner(&self, a: &Ast, b: &Ast) -> Doc {
        let (open, close) = (self.pick("ip(", "⟨", r"\langle "), self.pick(")", "⟩", r" \rangle"));
        let comma = if self.reading.fractions { text(",").append(self.gap(BEFORE_TERM)) } else { text(", ") };
        text(open).append(self.doc(a)).append(comma).append(self.doc(b)).append(close)
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
        let open = self.spell("||", "‖", r"\lVert ", "norm(");
        let close = self.spell("||", "‖", r" \rVert", ")");
        let body = self.parens_if(shows_norm(a) && !self.is_typst(), a);
        text(open).append(body).append(text(close)).append(text(self.norm_index(kind)))
    }

    /// `|A|`; a bar closes the open bars: inner ones stand in parentheses.
    fn bars(&self, a: &Ast) -> Doc {
        let open = self.spell("|", "|", r"\lvert ", "abs(");
        let close = self.spell("|", "|", r" \rvert", ")");
        text(open).append(self.parens_if(shows_norm(a), a)).append(text(close))
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
        // one entry, such as the term behind ∂/∂x, stands between plain brackets
        if let (true, [row]) = (self.is_latex(), rows)
            && let [entry] = row.as_slice()
        {
            return text(r"\left[ ").append(self.doc(entry)).append(text(r" \right]"));
        }
        let (cell, row) = (self.pick(", ", ", ", " & "), self.pick("; ", "; ", r" \\ "));
        let open = self.spell("[", "[", r"\begin{bmatrix} ", "mat(delim: \"[\", ");
        let close = self.spell("]", "]", r" \end{bmatrix}", ")");
        let rows = RcDoc::intersperse(rows.iter().map(|r| self.list(r, cell)), text(row));
        text(open).append(self.whole(rows)).append(text(close))
    }

    fn slice(&self, base: &Ast, rows: &Ends, cols: Option<&Ends>) -> Doc {
        let dots = self.spell("..", "..", "..", " \"..\" ");
        let range = |(first, last): &Ends| self.whole(self.doc(first)).append(dots).append(self.whole(self.doc(last)));
        let mut doc = self.at_least(Level::Atom, base).append("[").append(range(rows));
        if let Some(cols) = cols {
            doc = doc.append(", ").append(range(cols));
        }
        doc.append("]")
    }
}

/// Lines of one depth joined where the width allows: terms follow each other instead of having a line each.
fn filled(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = vec![];
    let mut depth = 0;
    for line in text.split('\n') {
        let bare = line.trim_start();
        let own = line.len() - bare.len();
        let first = lines.len() == 1;
        match lines.last_mut() {
            Some(last) if (own == depth || first) && columns(last) + 1 + columns(bare) <= width => {
                last.push(' ');
                last.push_str(bare);
            }
            Some(_) | None => lines.push(line.to_owned()),
        }
        depth = own;
    }
    lines.join("\n")
}

fn flat(doc: &Doc, width: usize) -> String {
    doc.pretty(width).to_string()
}
