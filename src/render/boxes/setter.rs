//! Syntax trees in boxes, with the parentheses the grammar needs and those a reader wants.

use super::reading::{
    Between, Setting, is_coefficient, is_negated, is_number, is_small, is_tall, shows_norm, strip_minus,
};
use super::{Boxes, Brackets, Growth, Mark, Raise, Seam, Spelling, Symbols};
use crate::expr::{Name, PROGRAM_SECOND_AXIS, Slope};
use crate::render::precedence::{Level, level};
use crate::render::tree;
use crate::syntax::{Ast, BinaryOp, Ends, NormKind, Sign, Syntax};

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

/// `n log(2 π)`: the name of a function keeps its distance from what is multiplied with it.
fn starts_with_word(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Call { function, .. } => {
            let name = function.as_str();
            name.chars().count() > 1 && !matches!(name, "sqrt" | "eye" | "ones")
        }
        Syntax::Binary(_, a, _) | Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Power(a, _) => {
            starts_with_word(a)
        }
        Syntax::Number(_)
        | Syntax::Name(_)
        | Syntax::Partial(_)
        | Syntax::Keyword(..)
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

/// How far a formula may be opened so that it can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opening {
    /// It stays whole.
    Closed,
    /// At its seams.
    Seams,
    /// Also within what is set as one group and wider than this, in letters: tall brackets, numerators.
    Groups(usize),
}

/// Sets formulas in a notation.
#[derive(Clone, Copy)]
pub struct Setter<'a> {
    pub(super) notation: &'static dyn Spelling,
    pub(super) symbols: &'a dyn Symbols,
    pub(super) reading: Setting,
    /// The calculus of derivation steps, with differentials and inner products.
    calculus: bool,
    opening: Opening,
}

impl<'a> Setter<'a> {
    /// For formulas that are broken at their seams, if at all.
    pub fn new(notation: &'static dyn Spelling, symbols: &'a dyn Symbols, calculus: bool) -> Setter<'a> {
        Setter { notation, symbols, reading: notation.setting(), calculus, opening: Opening::Seams }
    }

    /// In lines at most about so many letters wide where that can be. Where the seams are too few, wide numerators and wide
    /// insides of tall brackets are opened.
    pub fn lines(self, ast: &Ast, width: usize) -> Vec<String> {
        let measure = |text: &str| self.notation.width(text);
        let line = |(depth, texts): (usize, Vec<String>)| self.notation.line(depth, &texts.join(self.notation.gap()));
        let broken = |opening: Opening| -> Vec<String> {
            let boxes = Setter { opening, ..self }.set(ast);
            boxes.lines(width, measure).into_iter().map(line).collect()
        };
        let mut lines = broken(Opening::Seams);
        if lines.iter().any(|l| measure(l) > width) {
            lines = broken(Opening::Groups(width / 2));
        }
        if lines.len() == 1 { vec![self.flat(ast)] } else { lines }
    }

    /// On one line, whole.
    pub fn flat(&self, ast: &Ast) -> String {
        Setter { opening: Opening::Closed, ..*self }.set(ast).flat(self.notation.gap())
    }

    /// Whether what is set as one group would be too wide for a line.
    fn is_wide(&self, boxes: &Boxes) -> bool {
        match self.opening {
            Opening::Closed | Opening::Seams => false,
            Opening::Groups(limit) => self.notation.width(&boxes.flat(self.notation.gap())) > limit,
        }
    }

    /// With a place to break behind it, where there may be one.
    fn seam(&self, boxes: Boxes, seam: Seam) -> Boxes {
        match self.opening {
            Opening::Closed => boxes.then(self.notation.gap()),
            Opening::Seams | Opening::Groups(_) => boxes.seam(seam),
        }
    }

    pub fn set(&self, ast: &Ast) -> Boxes {
        match &ast.kind {
            Syntax::Number(n) => self.notation.number(n).into(),
            Syntax::Name(n) => self.symbols.word(n.as_str()).into(),
            Syntax::Partial(partial) => self.symbols.partial_symbol(partial).into(),
            Syntax::Keyword(setting, n) => self.symbols.word(&format!("{setting}={n}")).into(),
            Syntax::Call { function, primes, args, .. } => self.call(function.as_str(), *primes, args),
            Syntax::Slope { slope, function, args, .. } => self.slope(*slope, function.as_str(), args),
            Syntax::Sum(terms) => self.sum(terms),
            Syntax::Neg(a) => self.notation.group(Boxes::from(self.notation.minus()).then(self.factor(a))),
            Syntax::Binary(BinaryOp::Div, a, b) if self.reading.fractions => self.fraction(a, b),
            Syntax::Binary(op, a, b) => self.binary(*op, a, b),
            Syntax::Transpose(a) => match &a.kind {
                Syntax::Inverse(x) => self.raised(x, &Raise::InverseTranspose),
                _ => self.raised(a, &Raise::Transpose),
            },
            Syntax::Inverse(a) => self.raised(a, &Raise::Inverse),
            Syntax::Power(a, p) => self.raised(a, &Raise::Power(p)),
            Syntax::ElementPower(a, p) => self.raised(a, &Raise::Entrywise(p)),
            Syntax::Norm(kind, a) => self.norm(kind, a),
            Syntax::Bars(a) => self.fenced(Brackets::Bars, is_tall(a), self.parens_if(shows_norm(a), a)),
            Syntax::Matrix(rows) => self.matrix(rows),
            Syntax::Slice { base, rows, cols } => self.slice(base, rows, cols.as_ref()),
            Syntax::Entry { base, at } => self.entry(base, at),
            Syntax::Gathered { by, over, when, body } => self.gathered(*by, over, when, body),
            Syntax::Iverson(comparison) => {
                self.fenced(Brackets::Iverson, false, self.comparison(comparison, false).into())
            }
        }
    }

    // ---- parentheses

    pub(super) fn parens(&self, ast: &Ast) -> Boxes {
        self.fenced(Brackets::Round, is_tall(ast), self.set(ast))
    }

    /// Brackets that grow with what is tall; what is too wide for a line can be broken within them.
    pub(super) fn fenced(&self, kind: Brackets, tall: bool, body: Boxes) -> Boxes {
        let grows = self.notation.grows(kind, tall, &body);
        let growth = match grows && self.is_wide(&body) {
            true => Growth::Opened,
            false if grows => Growth::Grown,
            false => Growth::Plain,
        };
        let body = if growth == Growth::Grown { body.flat(self.notation.gap()).into() } else { body };
        let (open, close) = self.notation.brackets(kind, growth);
        self.notation.group(Boxes::fenced(open, body, close))
    }

    pub(super) fn parens_if(&self, needed: bool, ast: &Ast) -> Boxes {
        if needed { self.parens(ast) } else { self.set(ast) }
    }

    pub(super) fn at_least(&self, least: Level, ast: &Ast) -> Boxes {
        self.parens_if(self.reading.level(ast) < least, ast)
    }

    // ---- sums

    fn sum(&self, terms: &[(Sign, Ast)]) -> Boxes {
        let mut boxes = Boxes::default();
        for (i, (sign, term)) in terms.iter().enumerate() {
            if i > 0 {
                boxes = self.seam(boxes, Seam::Term);
            }
            boxes = boxes.then(self.notation.before_term(i == 0, *sign)).then(self.term(i == 0, term));
        }
        self.notation.group(Boxes::sum(boxes))
    }

    /// A minus in front of a term is bare only in the first one.
    fn term(&self, first: bool, term: &Ast) -> Boxes {
        let sum = level(&term.kind) == Level::Sum;
        self.parens_if(sum || (!first && is_negated(term)), term)
    }

    // ---- products and quotients

    fn binary(&self, op: BinaryOp, a: &Ast, b: &Ast) -> Boxes {
        if let Some(word) = self.notation.called(op) {
            return Boxes::from(word).then("(").then(self.set(a)).then(", ").then(self.set(b)).then(")");
        }
        let left = self.parens_if(self.reading.left_needs_parens(op, a), &self.reading.closed(a));
        let right = if op == BinaryOp::Mul { self.factor(b) } else { self.at_least(Level::Postfix, b) };
        self.notation.group(match op {
            BinaryOp::Div if is_coefficient(a) && is_small(b) => left.then("/").then(right),
            BinaryOp::Div => left.then(" / ").then(right),
            _ => {
                let mark = self.mark(op, a, b);
                let written = matches!(mark, Mark::Hadamard | Mark::HadamardQuotient | Mark::Kronecker);
                let seam = if written { Seam::Operator } else { Seam::Factor };
                self.seam(left, seam).then(self.notation.operator(mark)).then(right)
            }
        })
    }

    /// What stands last in a product: a sum behind its sign needs no brackets there.
    fn factor(&self, ast: &Ast) -> Boxes {
        let bare = self.reading.is_open(ast) && !ast.grouped;
        if bare { self.set(ast) } else { self.at_least(Level::Postfix, ast) }
    }

    /// What stands between the operands.
    fn mark(&self, op: BinaryOp, a: &Ast, b: &Ast) -> Mark {
        match op {
            BinaryOp::Cross => Mark::Times,
            BinaryOp::Had => Mark::Hadamard,
            BinaryOp::HadDiv => Mark::HadamardQuotient,
            BinaryOp::Kron => Mark::Kronecker,
            // as in integrals
            BinaryOp::Mul if self.is_beside_differential(a, b) => Mark::Thin,
            BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot | BinaryOp::Star | BinaryOp::Div => {
                match self.reading.between(a, b) {
                    Between::Dot => Mark::Dot,
                    Between::Ambiguous => Mark::Ambiguous,
                    Between::Space if op == BinaryOp::Mul && starts_with_word(b) => Mark::BeforeWord,
                    Between::Space => Mark::Space,
                }
            }
        }
    }

    /// Whether dX stands at the seam of two factors.
    fn is_beside_differential(&self, a: &Ast, b: &Ast) -> bool {
        self.calculus && (is_differential(last_factor(a)) || is_differential(first_factor(b)))
    }

    fn fraction(&self, a: &Ast, b: &Ast) -> Boxes {
        let (negative, top) = match strip_minus(a) {
            Some(positive) => (true, positive),
            None => (false, a.clone()),
        };
        let below = self.flat(b);
        if self.is_wide(&self.set(&top)) {
            // the numerator can be broken when it stands beside
            let one = self.notation.fraction(negative, &self.notation.number("1"), &below, false);
            let before = Boxes::from(one).then(self.notation.gap()).then(self.notation.operator(Mark::Space));
            return before.then(self.at_least(Level::Postfix, &top));
        }
        let small = is_number(&top) && is_number(b);
        self.notation.fraction(negative, &self.flat(&top), &below, small).into()
    }

    // ---- postfix

    fn raised(&self, base: &Ast, raise: &Raise) -> Boxes {
        self.notation.raised(self.at_least(Level::Atom, base), self.notation.exponent(raise, self))
    }

    // ---- brackets

    fn call(&self, function: &str, primes: u32, args: &[Ast]) -> Boxes {
        if let Some(constructor) = self.notation.constructor(function, args, self) {
            return constructor.into();
        }
        match (function, args) {
            ("sqrt", [a]) if self.reading.fractions && primes == 0 => self.notation.root(&self.flat(a)).into(),
            ("d", [a]) if self.calculus => self.differential(a),
            ("ip", [a, b]) if self.calculus => self.inner(a, b),
            _ => {
                let head = Boxes::from(self.notation.primed(self.notation.function(function), primes));
                self.notation.group(head.then(self.notation.application()).then(self.arguments(args)))
            }
        }
    }

    /// `∇f(x)`, `J_c(x)`, `∇²f(x)`, `∇²(wᵀ c)(x)`; in ASCII `grad_f(x)`, `hess_f(x)`, `hess_c(w, x)`.
    fn slope(&self, slope: Slope, function: &str, args: &[Ast]) -> Boxes {
        let head = Boxes::from(self.notation.slope(slope, function, self.symbols));
        let (head, args) = match (slope, args) {
            (Slope::Weighted, [weights, points @ ..]) if !self.notation.weights_are_arguments() => {
                let row = tree::transposed(weights);
                let of = self.at_least(Level::Postfix, &row).then(self.notation.gap());
                let of = of.then(self.notation.operator(Mark::Space)).then(self.notation.function(function));
                (head.then(self.fenced(Brackets::Round, is_tall(&row), of)), points)
            }
            (Slope::Weighted | Slope::Jacobian | Slope::Gradient | Slope::Hessian, args) => (head, args),
        };
        self.notation.group(head.then(self.notation.application()).then(self.arguments(args)))
    }

    fn arguments(&self, args: &[Ast]) -> Boxes {
        self.fenced(Brackets::Round, args.iter().any(is_tall), self.list(args))
    }

    /// What is typeset stays whole behind a comma.
    fn after_separator(&self, boxes: Boxes) -> Boxes {
        if self.reading.fractions { boxes.then(self.notation.gap()) } else { self.seam(boxes, Seam::Factor) }
    }

    /// One after the other, with commas between them.
    fn list(&self, args: &[Ast]) -> Boxes {
        let mut boxes = Boxes::default();
        for (i, arg) in args.iter().enumerate() {
            if i > 0 {
                boxes = self.after_separator(boxes.then(self.notation.comma()));
            }
            boxes = boxes.then(match &arg.kind {
                Syntax::Name(axis) if axis.as_str() == PROGRAM_SECOND_AXIS => {
                    self.set(&Ast::new(Syntax::Name(Name::new("rows")), arg.span))
                }
                _ => self.set(arg),
            });
        }
        boxes
    }

    fn differential(&self, a: &Ast) -> Boxes {
        let of = if let Syntax::Entry { base, .. } = &a.kind { &base.kind } else { &a.kind };
        let bare = matches!(of, Syntax::Name(_) | Syntax::Partial(_)) && self.notation.has_bare_differentials();
        let of = if bare { self.set(a) } else { self.arguments(std::slice::from_ref(a)) };
        self.notation.group(Boxes::from(self.notation.differential()).then(of))
    }

    fn inner(&self, a: &Ast, b: &Ast) -> Boxes {
        let left = self.seam(self.set(a).then(self.notation.comma()), Seam::Term);
        self.fenced(Brackets::Angle, is_tall(a) || is_tall(b), Boxes::sum(left.then(self.set(b))))
    }

    /// A call in ASCII (`norm2(x)`), bars elsewhere. A bar closes the open norm: inner norms stand in parentheses.
    fn norm(&self, kind: &NormKind, a: &Ast) -> Boxes {
        if let Some(function) = self.notation.norm_call(kind) {
            return Boxes::from(function).then(self.arguments(std::slice::from_ref(a)));
        }
        let body = self.parens_if(shows_norm(a) && !self.notation.closes_norms(), a);
        self.notation.indexed_norm(self.fenced(Brackets::Norm, is_tall(a), body), kind)
    }

    fn matrix(&self, rows: &[Vec<Ast>]) -> Boxes {
        if let ([row], true) = (rows, self.notation.brackets_one_entry())
            && let [entry] = row.as_slice()
        {
            return self.fenced(Brackets::Square, is_tall(entry), self.set(entry));
        }
        if self.reading.fractions {
            let rows: Vec<Vec<String>> = rows.iter().map(|r| r.iter().map(|a| self.flat(a)).collect()).collect();
            return self.notation.matrix(&rows).into();
        }
        let mut boxes = Boxes::default();
        for (i, row) in rows.iter().enumerate() {
            boxes = if i > 0 { self.after_separator(boxes.then(";")) } else { boxes }.then(self.list(row));
        }
        Boxes::fenced("[", boxes, "]")
    }

    fn slice(&self, base: &Ast, rows: &Ends, cols: Option<&Ends>) -> Boxes {
        let range = |(first, last): &Ends| format!("{}{}{}", self.flat(first), self.notation.dots(), self.flat(last));
        let cols = cols.map(|c| format!("{}{}{}", self.notation.comma(), self.notation.gap(), range(c)));
        let within = Boxes::from(range(rows) + cols.as_deref().unwrap_or_default());
        let base = self.notation.group(self.at_least(Level::Atom, base));
        base.then(self.fenced(Brackets::Iverson, false, within))
    }
}
