//! Why a rule holds, in a sentence whose terms are written between braces: `{A}` and `{f'(A)}` are terms of the rule's
//! letters, `{A_ij}` is an entry of one, `{A@ij}` where such an entry stands, `{i}` an index.

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
enum Braced {
    /// A term.
    Term(Expr),
    /// An entry of one, at these indices.
    Entry(Expr, &'static str),
    /// Where an entry of one stands: in words, by its indices.
    Whereabouts(Expr, &'static str),
    /// An index.
    Index(&'static str),
}

/// Letters that stand for indices in reasons.
pub const INDICES: &str = "ijk";

impl Reason {
    /// The reason of a rule, in the rule's own letters.
    pub fn of(rule: &Rule) -> Reason {
        Reason { text: rule.why, terms: braced(rule, rule.why) }
    }

    /// The reason where one letter alone moves, in the rule's own letters.
    pub fn alone(rule: &Rule) -> Reason {
        Reason { text: rule.alone, terms: braced(rule, rule.alone) }
    }

    /// The terms it tells of, without their indices.
    pub fn terms(&self) -> impl Iterator<Item = &Expr> {
        self.terms.iter().filter_map(|b| match b {
            Braced::Term(e) | Braced::Entry(e, _) => Some(e),
            Braced::Whereabouts(..) | Braced::Index(_) => None,
        })
    }

    /// The same reason of other terms.
    pub fn map(&self, f: &dyn Fn(&Expr) -> Expr) -> Reason {
        self.try_map(&|e| Some(f(e))).unwrap_or_else(|| self.clone())
    }

    /// The same reason of other terms; `None` where there is none for one of them.
    pub fn try_map(&self, f: &dyn Fn(&Expr) -> Option<Expr>) -> Option<Reason> {
        let terms = self.terms.iter().map(|b| b.try_map(f)).collect::<Option<_>>()?;
        Some(Reason { text: self.text, terms })
    }

    /// Its words and terms, in order.
    pub fn spoken(&self) -> Vec<Spoken> {
        let mut terms = self.terms.iter();
        // outside and inside of braces by turns
        let pieces = self.text.split(['{', '}']).enumerate();
        pieces
            .flat_map(|(i, piece)| match i % 2 {
                0 => vec![Spoken::Words(piece)],
                _ => terms.next().map(Braced::shown).unwrap_or_default(),
            })
            .collect()
    }
}

impl Braced {
    /// The same of another term.
    fn try_map(&self, f: &dyn Fn(&Expr) -> Option<Expr>) -> Option<Braced> {
        Some(match self {
            Braced::Term(e) => Braced::Term(f(e)?),
            Braced::Entry(e, at) => Braced::Entry(f(e)?, at),
            Braced::Whereabouts(e, at) => Braced::Whereabouts(f(e)?, at),
            Braced::Index(at) => Braced::Index(at),
        })
    }

    /// What the sentence says; of a variable that moves, not its differential.
    fn shown(&self) -> Vec<Spoken> {
        match self {
            Braced::Term(e) if *e.op() == Op::Differential => vec![Spoken::Term(e.args()[0].clone())],
            Braced::Term(e) => vec![Spoken::Term(e.clone())],
            Braced::Entry(e, at) => vec![Spoken::Term(entry(e, at))],
            Braced::Whereabouts(e, at) => whereabouts(e.shape(), at),
            Braced::Index(at) => vec![index(at)],
        }
    }
}

/// An index, as a term.
fn index(letter: &str) -> Spoken {
    Spoken::Term(variable(Indexed::Number(Place::at(&Name::new(letter))).symbol(), &Shape::scalar()))
}

/// Where an entry of an array stands: `entry i` of a column, `row i` of a matrix where its row alone is told.
fn whereabouts(shape: &Shape, at: &str) -> Vec<Spoken> {
    let (row, col) = at.split_at(1.min(at.len()));
    let words = Spoken::Words;
    match (shape.rows.is_one(), shape.cols.is_one()) {
        (true, true) => vec![words("the scalar")],
        (false, true) => vec![words("entry "), index(row)],
        (true, false) if col.is_empty() => vec![words("the row")],
        (true, false) => vec![words("entry "), index(col)],
        (false, false) if col.is_empty() => vec![words("row "), index(row)],
        (false, false) => vec![words("entry ("), index(row), words(", "), index(col), words(")")],
    }
}

/// The terms between the braces of a sentence about a rule.
///
/// # Panics
/// When one is not written in the rule's letters; the tests of the book read every reason.
fn braced(rule: &Rule, text: &'static str) -> Vec<Braced> {
    let known = if rule.given.is_empty() { Default::default() } else { letters(rule.given) };
    let term = |letter: &str| side(rule, letter, &known, None);
    let is_index = |at: &str| at.chars().all(|c| INDICES.contains(c));
    let read = |piece: &'static str| match (piece.split_once('@'), piece.split_once('_').filter(|(_, at)| is_index(at)))
    {
        (Some((letter, at)), _) => Braced::Whereabouts(term(letter), at),
        (None, Some((letter, at))) => Braced::Entry(term(letter), at),
        (None, None) if is_index(piece) => Braced::Index(piece),
        (None, None) => Braced::Term(term(piece)),
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
