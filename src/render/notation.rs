//! The notations of text output, and what prints in them.

use super::Format;
use crate::expr::Name;
use std::collections::BTreeSet;

/// How mathematics is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Notation {
    /// `W^T (u .* f'(z))`.
    Ascii,
    /// `Wᵀ (u ∘ f'(z))`.
    Unicode,
    /// `W^\top (u \circ f'(z))`.
    Latex,
    /// `W^⊤ (u ∘ f'(z))`.
    Typst,
    /// Elements of MathML Core.
    MathMl,
}

/// Prints trees in a notation.
#[derive(Clone, Copy, Debug)]
pub struct Printer<'a> {
    /// The spelling.
    pub notation: Notation,
    /// The calculus of derivation steps: `d(X)` is the differential `dX`, `ip(G, A)` the inner product `⟨G, A⟩`.
    pub calculus: bool,
    /// The names that are set in bold, where the notation can.
    pub bold: Option<&'a BTreeSet<Name>>,
    /// In ASCII, nothing that a keyboard does not have: `delta`, `kron(A, B)`.
    pub typed: bool,
}

impl Printer<'static> {
    /// A printer of results.
    pub fn new(notation: Notation) -> Printer<'static> {
        Printer { notation, calculus: false, bold: None, typed: false }
    }

    /// A printer of derivation steps.
    pub fn of_steps(notation: Notation) -> Printer<'static> {
        Printer { calculus: true, ..Printer::new(notation) }
    }

    /// A printer of pages in a format.
    pub fn of_pages(format: Format) -> Printer<'static> {
        Printer { typed: format == Format::Ascii, ..Printer::new(format.notation()) }
    }
}

impl Printer<'_> {
    pub(super) fn is_bold(self, name: &str) -> bool {
        self.bold.is_some_and(|bold| bold.contains(&Name::new(name)))
    }
}

/// Columns a text takes on the page: combining marks take none.
pub(super) fn columns(text: &str) -> usize {
    text.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).count()
}
