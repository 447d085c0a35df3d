//! Sums over indices, members and entries, as each notation writes them.

use super::mathml::{self, MathMl};
use super::names::{lowered, parts, single};
use super::notation::{Notation, Printer};
use super::precedence::Level;
use super::reading::{Setting, is_negated};
use super::typeset::{Doc, Typesetter, text};
use crate::expr::{Comparator, Gathering, Name};
use crate::syntax::{Ast, BinaryOp, Bound, Syntax, WrittenCondition};

fn relation(relation: Comparator, notation: Notation) -> &'static str {
    match (relation, notation) {
        (Comparator::Equal, _) => "=",
        (Comparator::Less, Notation::MathMl) => "&lt;",
        (Comparator::Less, _) => "<",
        (Comparator::Different, Notation::Ascii) => "!=",
        (Comparator::Different, Notation::Latex) => "\\ne",
        (Comparator::Different, Notation::Unicode | Notation::Typst | Notation::MathMl) => "≠",
        (Comparator::AtMost, Notation::Ascii) => "<=",
        (Comparator::AtMost, Notation::Latex) => "\\le",
        (Comparator::AtMost, Notation::Unicode | Notation::Typst | Notation::MathMl) => "≤",
    }
}

/// The sign of an order read from right to left.
fn reversed(order: Comparator, notation: Notation) -> &'static str {
    match (order, notation) {
        (Comparator::Less, Notation::MathMl) => "&gt;",
        (Comparator::Less, _) => ">",
        (Comparator::AtMost, Notation::Ascii) => ">=",
        (Comparator::AtMost, Notation::Latex) => "\\ge",
        (Comparator::AtMost, Notation::Unicode | Notation::Typst | Notation::MathMl) => "≥",
        (Comparator::Equal | Comparator::Different, _) => relation(order, notation),
    }
}

/// The word for it where there is no sign.
fn word(by: Gathering) -> &'static str {
    match by {
        Gathering::Sum => "sum",
        Gathering::Product => "prod",
        Gathering::Maximum => "max",
        Gathering::Minimum => "min",
        Gathering::Mean => "mean",
        Gathering::Expectation => "E",
    }
}

fn sign(by: Gathering, notation: Notation) -> &'static str {
    match (notation, by) {
        (Notation::Unicode, Gathering::Sum) => "Σ",
        (Notation::Unicode, Gathering::Product) => "Π",
        (Notation::Latex, Gathering::Sum) => "\\sum",
        (Notation::Latex, Gathering::Product) => "\\prod",
        (Notation::Latex, Gathering::Maximum) => "\\max",
        (Notation::Latex, Gathering::Minimum) => "\\min",
        (Notation::Latex, Gathering::Mean) => "\\operatorname*{mean}",
        (Notation::Latex, Gathering::Expectation) => "\\mathbb{E}",
        (Notation::Typst, Gathering::Product) => "product",
        (Notation::Typst, Gathering::Mean) => "op(\"mean\", limits: #true)",
        (Notation::Typst, Gathering::Expectation) => "EE",
        (Notation::MathMl, Gathering::Sum) => "<mo>∑</mo>",
        (Notation::MathMl, Gathering::Product) => "<mo>∏</mo>",
        (Notation::MathMl, Gathering::Maximum) => "<mi>max</mi>",
        (Notation::MathMl, Gathering::Minimum) => "<mi>min</mi>",
        (Notation::MathMl, Gathering::Mean) => "<mi>mean</mi>",
        (Notation::MathMl, Gathering::Expectation) => "<mi>𝔼</mi>",
        _ => word(by),
    }
}

/// Indices with their conditions, as they stand below one sign.
#[derive(Clone, Copy)]
struct Beneath<'a> {
    over: &'a [Bound],
    when: &'a [WrittenCondition],
}

impl<'a> Beneath<'a> {
    /// A sign for each index where their ranges are written: `Σ_{i=1}^n Σ_{j=1}^m`.
    fn signs(self) -> Vec<Beneath<'a>> {
        let ranges = self.over.iter().any(|b| b.range.is_some());
        match self.when.is_empty() && ranges {
            true => self.over.chunks(1).map(|over| Beneath { over, when: &[] }).collect(),
            false => vec![self],
        }
    }

    /// The one range that stands below and above the sign.
    fn range(self) -> Option<(&'a Bound, &'a Ast, &'a Ast)> {
        match (self.over, self.when, self.over.first().and_then(|b| b.range.as_ref())) {
            ([bound], [], Some((first, last))) => Some((bound, first, last)),
            _ => None,
        }
    }

    fn binds(self, side: &Ast) -> bool {
        let mut bound = false;
        side.names(&mut |n| bound |= self.over.iter().any(|b| b.letter == *n));
        bound
    }

    /// Whether a condition shows that the letter is bound: `j ≠ i`, `j < i` and `j > i` of a sum over j, `i < j` of one over
    /// both, but not `i - j ≥ 1`.
    fn shown(self, letter: &Name) -> bool {
        let lone = |side: &Ast| {
            let mut names = 0;
            side.names(&mut |_| names += 1);
            names <= 1
        };
        self.when.iter().filter(|c| c.sides().into_iter().all(lone)).any(|c| {
            let mut met = false;
            c.sides().into_iter().for_each(|side| side.names(&mut |n| met |= n == letter));
            met && c.sides().into_iter().any(|side| self.binds(side))
        })
    }

    /// Whether a condition is written from its right to its left: `j > i` of a sum over j.
    fn turns(self, c: &WrittenCondition) -> bool {
        matches!(c.relation, Comparator::Less | Comparator::AtMost) && !self.binds(&c.left) && self.binds(&c.right)
    }

    /// The indices that have to be written beside the conditions.
    fn written(self) -> impl Iterator<Item = &'a Bound> {
        self.over.iter().filter(move |b| b.range.is_some() || !self.shown(&b.letter))
    }
}

/// Places below the line, without the space that a sum has on it.
fn places(printer: Printer, at: &[Ast]) -> String {
    let place = |a: &Ast| printer.line(a).replace(" + ", "+").replace(" - ", "-");
    let written: Vec<String> = at.iter().map(place).collect();
    let between = match (at.iter().all(is_letter), printer.notation) {
        (true, Notation::Latex) if written.iter().all(|w| single(w).is_some()) => "",
        (true, Notation::Latex | Notation::Typst) => " ",
        (true, _) => "",
        (false, Notation::Typst) => ", ",
        (false, _) => ",",
    };
    written.join(between)
}

/// Letters stand side by side: `A_ij`, but `A_{i+1,j}`.
fn is_letter(place: &Ast) -> bool {
    matches!(&place.kind, Syntax::Name(n) if single(n.as_str()).is_some())
}

/// What stands below a letter, in a notation of lines.
fn subscript(below: &str, notation: Notation) -> String {
    match (notation, lowered(below)) {
        (Notation::Typst, _) => format!("_({below})"),
        (Notation::Unicode, Some(lowered)) => lowered,
        (Notation::Ascii | Notation::Unicode, _) if below.chars().all(char::is_alphabetic) => format!("_{below}"),
        (Notation::Latex, _) if single(below).is_some() => format!("_{below}"),
        _ => format!("_{{{below}}}"),
    }
}

/// A name that has a subscript already: `(h_1)_i`.
fn is_subscripted(base: &Ast) -> bool {
    matches!(&base.kind, Syntax::Name(n) if parts(n.as_str()).subscript.is_some())
}

impl Setting {
    /// A body that what stands around it would tear apart: `Σᵢ (aᵢ + bᵢ)`.
    fn body_needs_parens(self, body: &Ast) -> bool {
        let quotient = matches!(body.kind, Syntax::Binary(BinaryOp::Div, ..)) && !self.fractions;
        quotient || self.level(body) < Level::Product || is_negated(body)
    }
}

impl Typesetter<'_> {
    pub(super) fn entry(&self, base: &Ast, at: &[Ast]) -> Doc {
        let base = if is_subscripted(base) { self.parens(base) } else { self.at_least(Level::Atom, base) };
        base.append(text(subscript(&places(self.printer, at), self.printer.notation)))
    }

    pub(super) fn comparison(&self, c: &WrittenCondition) -> String {
        let sides = c.sides().map(|side| self.printer.line(side));
        sides.join(&format!(" {} ", relation(c.relation, self.printer.notation)))
    }

    /// A condition below a sign, what is bound on the left.
    fn confined(&self, below: Beneath, c: &WrittenCondition) -> String {
        if !below.turns(c) {
            return self.comparison(c);
        }
        let [left, right] = c.sides().map(|side| self.printer.line(side));
        format!("{right} {} {left}", reversed(c.relation, self.printer.notation))
    }

    pub(super) fn gathered(&self, by: Gathering, over: &[Bound], when: &[WrittenCondition], body: &Ast) -> Doc {
        let below = Beneath { over, when };
        match (by, self.printer.notation) {
            (Gathering::Expectation, _) => text(sign(by, self.printer.notation)).append(self.square(body)),
            (_, Notation::Ascii) => self.called(by, below, body),
            _ => {
                let signs: Vec<String> = below.signs().into_iter().map(|b| self.signed(by, b)).collect();
                let body = self.parens_if(self.reading.body_needs_parens(body), body);
                text(signs.join(" ")).append(" ").append(body)
            }
        }
    }

    fn square(&self, body: &Ast) -> Doc {
        let (open, close) = if self.is_latex() { ("\\left[", "\\right]") } else { ("[", "]") };
        text(open).append(self.doc(body)).append(close)
    }

    /// `sum(i = 1..n, e)`, `sum(j != i, e)`.
    fn called(&self, by: Gathering, below: Beneath, body: &Ast) -> Doc {
        let index = |b: &Bound| match &b.range {
            Some((first, last)) => {
                let range = [first, last].map(|a| self.printer.line(a)).join("..");
                text(format!("{} = {range}", self.printer.word(b.letter.as_str())))
            }
            None => text(self.printer.word(b.letter.as_str())),
        };
        let conditions = below.when.iter().map(|c| text(self.confined(below, c)));
        let parts = below.written().map(index).chain(conditions).chain([self.doc(body)]);
        text(word(by)).append("(").append(Doc::intersperse(parts, text(", "))).append(")")
    }

    /// The sign with what stands below and above it.
    fn signed(&self, by: Gathering, below: Beneath) -> String {
        let notation = self.printer.notation;
        let sign = sign(by, notation);
        if let Some((bound, first, last)) = below.range() {
            let letter = self.printer.word(bound.letter.as_str());
            let (first, last) = (self.place(first), self.place(last));
            let last = if single(&last).is_some() { last } else { self.spanned(&last) };
            return format!("{sign}_{}^{last}", self.spanned(&format!("{letter}={first}")));
        }
        let written = below.written().map(|b| self.unconfined(b));
        let conditions =
            below.when.iter().map(|c| self.confined(below, c).replace(' ', if self.is_latex() { " " } else { "" }));
        let parts: Vec<String> = written.chain(conditions).collect();
        let separator = if self.is_latex() || self.is_typst() { ", " } else { "," };
        format!("{sign}{}", subscript(&parts.join(separator), notation))
    }

    fn place(&self, a: &Ast) -> String {
        places(self.printer, std::slice::from_ref(a))
    }

    fn spanned(&self, a: &str) -> String {
        if self.is_typst() { format!("({a})") } else { format!("{{{a}}}") }
    }

    /// An index beside others: `i`, `1 ≤ i ≤ n`.
    fn unconfined(&self, b: &Bound) -> String {
        let letter = self.printer.word(b.letter.as_str());
        let sign = self.spell("<=", "≤", " \\le ", "≤");
        match &b.range {
            Some((first, last)) => format!("{}{sign}{letter}{sign}{}", self.place(first), self.place(last)),
            None => letter,
        }
    }
}

impl MathMl<'_> {
    pub(super) fn entry(&self, base: &Ast, at: &[Ast]) -> String {
        let places: Vec<String> = at.iter().map(|a| self.of(a)).collect();
        let between = if at.iter().all(is_letter) { "" } else { "<mo>,</mo>" };
        let base = mathml::group(&self.held(is_subscripted(base), base));
        format!("<msub>{base}<mrow>{}</mrow></msub>", places.join(between))
    }

    fn held(&self, needed: bool, ast: &Ast) -> String {
        if needed { mathml::fenced("(", &self.of(ast), ")") } else { self.base(ast) }
    }

    pub(super) fn comparison(&self, c: &WrittenCondition) -> String {
        let sign = relation(c.relation, Notation::MathMl);
        format!("{}<mo>{sign}</mo>{}", self.of(&c.left), self.of(&c.right))
    }

    fn confined(&self, below: Beneath, c: &WrittenCondition) -> String {
        if !below.turns(c) {
            return self.comparison(c);
        }
        format!("{}<mo>{}</mo>{}", self.of(&c.right), reversed(c.relation, Notation::MathMl), self.of(&c.left))
    }

    pub(super) fn gathered(&self, by: Gathering, over: &[Bound], when: &[WrittenCondition], body: &Ast) -> String {
        if by == Gathering::Expectation {
            let brackets = mathml::fenced("[", &self.of(body), "]");
            return mathml::group(&format!("{}{brackets}", sign(by, Notation::MathMl)));
        }
        let signs: String = Beneath { over, when }.signs().into_iter().map(|b| self.signed(by, b)).collect();
        let body = self.parens_if(self.reading.body_needs_parens(body), body);
        mathml::group(&format!("{signs}{body}"))
    }

    fn signed(&self, by: Gathering, below: Beneath) -> String {
        let sign = sign(by, Notation::MathMl);
        if let Some((bound, first, last)) = below.range() {
            let first = format!("{}<mo>=</mo>{}", self.printer.word(bound.letter.as_str()), self.of(first));
            return format!("<munderover>{sign}<mrow>{first}</mrow><mrow>{}</mrow></munderover>", self.of(last));
        }
        let written = below.written().map(|b| {
            let letter = self.printer.word(b.letter.as_str());
            let range = b.range.as_ref().map(|(a, z)| (self.of(a), self.of(z)));
            range.map_or(letter.clone(), |(a, z)| format!("{a}<mo>≤</mo>{letter}<mo>≤</mo>{z}"))
        });
        let parts: Vec<String> = written.chain(below.when.iter().map(|c| self.confined(below, c))).collect();
        format!("<munder>{sign}<mrow>{}</mrow></munder>", parts.join("<mo>,</mo>"))
    }
}
