//! Why a rule holds, in a sentence whose terms are written between braces: `{A}` and `{f'(A)}` are terms of the rule's
//! letters, `{A_ij}` is an entry of one.

use super::Rule;
use super::book::{letters, side};
use crate::expr::{Expr, Indexed, Name, Op, Place, Shape, variable};
use crate::fuel;

/// A sentence about a rule, with what its braces hold, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    text: &'static str,
    terms: Vec<Braced>,
}

/// A piece of a reason.
#[derive(Clone, Debug, PartialEq)]
pub enum Spoken {
    /// Words.
    Words(&'static str),
    /// A term.
    Term(Expr),
}

/// What stands between braces.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Braced {
    /// The term, without them.
    term: Expr,
    /// Of an entry, its indices.
    at: Option<&'static str>,
}

/// Letters that stand for indices in reasons.
const INDICES: &str = "ijk";

impl Reason {
    /// The reason of a rule, in the rule's own letters.
    pub fn of(rule: &Rule) -> Reason {
        Reason { text: rule.why, terms: braced(rule, rule.why) }
    }

    /// The reason where one letter alone moves, in the rule's own letters.
    pub fn alone(rule: &Rule) -> Reason {
        Reason { text: rule.alone, terms: braced(rule, rule.alone) }
    }

    /// The terms between its braces, without their indices.
    pub fn terms(&self) -> impl Iterator<Item = &Expr> {
        self.terms.iter().map(|b| &b.term)
    }

    /// The same reason of other terms.
    pub fn map(&self, f: &dyn Fn(&Expr) -> Expr) -> Reason {
        let terms = self.terms.iter().map(|b| Braced { term: f(&b.term), at: b.at }).collect();
        Reason { text: self.text, terms }
    }

    /// The same reason of other terms; `None` where there is none for one of them.
    pub fn try_map(&self, f: &dyn Fn(&Expr) -> Option<Expr>) -> Option<Reason> {
        let braced = |b: &Braced| Some(Braced { term: f(&b.term)?, at: b.at });
        Some(Reason { text: self.text, terms: self.terms.iter().map(braced).collect::<Option<_>>()? })
    }

    /// Its words and terms, in order.
    pub fn spoken(&self) -> impl Iterator<Item = Spoken> {
        let mut terms = self.terms.iter();
        // outside and inside of braces by turns
        self.text.split(['{', '}']).enumerate().filter_map(move |(i, piece)| match i % 2 {
            0 => Some(Spoken::Words(piece)),
            _ => terms.next().map(|b| Spoken::Term(b.shown())),
        })
    }
}

impl Braced {
    /// What the sentence says; of a variable that moves, not its differential.
    fn shown(&self) -> Expr {
        match (self.at, self.term.op()) {
            (Some(at), _) => entry(&self.term, at),
            (None, Op::Differential) => self.term.args()[0].clone(),
            (None, _) => self.term.clone(),
        }
    }
}

/// The terms between the braces of a sentence about a rule.
///
/// # Panics
/// When one is not written in the rule's letters; the tests of the book read every reason.
fn braced(rule: &Rule, text: &'static str) -> Vec<Braced> {
    let known = if rule.given.is_empty() { Default::default() } else { letters(rule.given) };
    let read =
        |piece: &'static str| match piece.split_once('_').filter(|(_, at)| at.chars().all(|c| INDICES.contains(c))) {
            Some((letter, at)) => Braced { term: side(rule, letter, &known, None), at: Some(at) },
            None => Braced { term: side(rule, piece, &known, None), at: None },
        };
    // it is the book's own text: no question pays for it, as for the sides of rules
    fuel::unlimited(|| text.split(['{', '}']).skip(1).step_by(2).map(read).collect())
}

/// Entry `ij` of a term: of a column entry i, of a transposed matrix entry `ji` of the matrix, of a differential that of
/// what moves.
fn entry(e: &Expr, at: &str) -> Expr {
    let (row, col) = at.split_at(1.min(at.len()));
    match e.op() {
        _ if e.is_scalar() => e.clone(),
        Op::Differential => entry(&e.args()[0], at),
        Op::Transpose => entry(&e.args()[0], &format!("{col}{row}")),
        _ => {
            let shown = if e.shape().cols.is_one() {
                row
            } else if e.shape().is_row() {
                col
            } else {
                at
            };
            let at = shown.chars().map(|c| Place::at(&Name::new(&c.to_string()))).collect();
            variable(Indexed::Entry { of: e.clone(), at }.symbol(), &Shape::scalar())
        }
    }
}
