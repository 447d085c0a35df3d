//! Sums over indices, members and entries in boxes.

use super::reading::{Setting, is_negated};
use super::{Boxes, Brackets, Setter};
use crate::expr::{Comparator, Gathering, Name};
use crate::render::names::{is_subscripted, single};
use crate::render::precedence::Level;
use crate::syntax::{Ast, BinaryOp, Bound, Syntax, WrittenCondition};

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
        self.over.iter().filter(move |b| b.range.is_some() || b.set.is_some() || !self.shown(&b.letter))
    }
}

/// Letters stand side by side: `A_ij`, but `A_{i+1,j}`.
fn is_letter(place: &Ast) -> bool {
    matches!(&place.kind, Syntax::Name(n) if single(n.as_str()).is_some())
}

impl Setting {
    /// A body that what stands around it would tear apart: `Σᵢ (aᵢ + bᵢ)`.
    fn body_needs_parens(self, body: &Ast) -> bool {
        let quotient = matches!(body.kind, Syntax::Binary(BinaryOp::Div, ..)) && !self.fractions;
        quotient || self.level(body) < Level::Product || is_negated(body)
    }
}

impl Setter<'_> {
    pub(super) fn entry(&self, base: &Ast, at: &[Ast]) -> Boxes {
        // a name that has a subscript already: `(h_1)_i`
        let held = matches!(&base.kind, Syntax::Name(n) if is_subscripted(n.as_str()));
        let base = if held { self.parens(base) } else { self.notation.group(self.at_least(Level::Atom, base)) };
        let places: Vec<String> = at.iter().map(|a| self.place(a)).collect();
        self.notation.lowered(base, &self.notation.places(&places, at.iter().all(is_letter)))
    }

    /// A place below the line, without the space that a sum has on it.
    fn place(&self, place: &Ast) -> String {
        self.flat(place).replace(" + ", "+").replace(" - ", "-")
    }

    /// `i < j`; below a sign, where space is dear, it is written tightly.
    pub(super) fn comparison(&self, c: &WrittenCondition, below: bool) -> String {
        let [left, right] = c.sides().map(|side| self.flat(side));
        self.notation.related(&left, self.notation.relation(c.relation), &right, below)
    }

    /// A condition below a sign, what is bound on the left.
    fn confined(&self, below: Beneath, c: &WrittenCondition, tight: bool) -> String {
        if !below.turns(c) {
            return self.comparison(c, tight);
        }
        let [left, right] = c.sides().map(|side| self.flat(side));
        self.notation.related(&right, self.notation.reversed(c.relation), &left, tight)
    }

    pub(super) fn gathered(&self, by: Gathering, over: &[Bound], when: &[WrittenCondition], body: &Ast) -> Boxes {
        let below = Beneath { over, when };
        if by == Gathering::Expectation {
            let body = self.fenced(Brackets::Square, true, self.set(body));
            return self.notation.group(Boxes::from(self.notation.gathering(by)).then(body));
        }
        if self.reading.calls {
            return self.called(by, below, body);
        }
        let signs: Vec<String> = below.signs().into_iter().map(|b| self.signed(by, b)).collect();
        let body = self.parens_if(self.reading.body_needs_parens(body), body);
        let gap = self.notation.gap();
        self.notation.group(Boxes::from(signs.join(gap)).then(gap).then(body))
    }

    /// `sum(i = 1..n, e)`, `sum(j != i, e)`.
    fn called(&self, by: Gathering, below: Beneath, body: &Ast) -> Boxes {
        let letter = |b: &Bound| self.symbols.word(b.letter.as_str());
        let index = |b: &Bound| match &b.range {
            Some((first, last)) => format!("{} = {}..{}", letter(b), self.flat(first), self.flat(last)),
            None => self.in_its_set(b, letter(b)),
        };
        let conditions = below.when.iter().map(|c| self.confined(below, c, false));
        let mut boxes = Boxes::from(format!("{}(", self.notation.gathering(by)));
        for part in below.written().map(index).chain(conditions) {
            boxes = boxes.then(part).then(", ");
        }
        boxes.then(self.set(body)).then(")")
    }

    /// The sign with what stands below and above it.
    fn signed(&self, by: Gathering, below: Beneath) -> String {
        let sign = self.notation.gathering(by);
        if let Some((bound, first, last)) = below.range() {
            let letter = self.symbols.word(bound.letter.as_str());
            return self.notation.ranged(sign, &letter, &self.place(first), &self.place(last));
        }
        let written = below.written().map(|b| self.unconfined(b));
        let parts: Vec<String> = written.chain(below.when.iter().map(|c| self.confined(below, c, true))).collect();
        self.notation.beneath(sign, &parts)
    }

    /// An index beside others: `i`, `1 ≤ i ≤ n`.
    fn unconfined(&self, b: &Bound) -> String {
        let letter = self.symbols.word(b.letter.as_str());
        let at_most = self.notation.relation(Comparator::AtMost);
        match &b.range {
            Some((first, last)) => {
                let from = self.notation.related(&self.place(first), at_most, &letter, true);
                self.notation.related(&from, at_most, &self.place(last), true)
            }
            None => self.in_its_set(b, letter),
        }
    }

    /// `j ∈ S`, `j ∈ N(i)`; the letter where no set is told.
    fn in_its_set(&self, b: &Bound, letter: String) -> String {
        let Some((set, more)) = &b.set else { return letter };
        let more: Vec<String> = more.iter().map(|l| self.symbols.word(l.as_str())).collect();
        let set = self.symbols.word(set.as_str());
        let set = if more.is_empty() { set } else { format!("{set}({})", more.join(",")) };
        self.notation.related(&letter, self.notation.element(), &set, false)
    }
}
