//! `sum((x - m)^2)`: the power of a column, whose entries are summed, goes entry by entry.

use super::expression::Parser;
use super::{Ast, BinaryOp, Syntax, functions};
use crate::diag::Note;
use crate::expr::Name;

impl Parser<'_> {
    /// Reads the powers of columns in what `sum` or `mean` is taken of entry by entry, and says so.
    pub(super) fn power_entries(&mut self, function: &str, args: &mut [Ast]) {
        let [only] = args else { return };
        if matches!(function, "sum" | "mean") {
            self.terms_by_entry(only);
        }
    }

    fn terms_by_entry(&mut self, term: &mut Ast) {
        match &mut term.kind {
            Syntax::Sum(terms) => terms.iter_mut().for_each(|(_, term)| self.terms_by_entry(term)),
            Syntax::Neg(term) => self.terms_by_entry(term),
            Syntax::Binary(BinaryOp::Mul | BinaryOp::Dot, factor, term) if matches!(factor.kind, Syntax::Number(_)) => {
                self.terms_by_entry(term);
            }
            Syntax::Power(base, exponent) if matches!(exponent.kind, Syntax::Number(_)) && self.is_column(base) => {
                let written = self.text.get(term.span.start..term.span.end).unwrap_or_default();
                self.notes.push(Note::assumption(format!("{written} goes entry by entry")));
                term.kind = Syntax::ElementPower(base.clone(), exponent.clone());
            }
            _ => {}
        }
    }

    /// A column by its letters, perhaps beside numbers: `x`, `x - m`, `A x - b`.
    fn is_column(&self, tree: &Ast) -> bool {
        match &tree.kind {
            Syntax::Name(name) => self.is_small_letter(name),
            Syntax::Neg(inner) => self.is_column(inner),
            Syntax::Sum(terms) => {
                terms.iter().any(|(_, t)| self.is_column(t))
                    && terms.iter().all(|(_, t)| self.is_column(t) || self.is_number_or_defined(t))
            }
            Syntax::Binary(BinaryOp::Mul | BinaryOp::Dot | BinaryOp::At, _, last) => {
                matches!(&last.kind, Syntax::Name(name) if self.is_small_letter(name))
            }
            _ => false,
        }
    }

    fn is_number_or_defined(&self, term: &Ast) -> bool {
        match &term.kind {
            Syntax::Number(_) => true,
            Syntax::Name(name) => self.names.known.contains(name) && name.as_str().starts_with(char::is_lowercase),
            _ => false,
        }
    }

    /// One that nothing declares.
    fn is_small_letter(&self, name: &Name) -> bool {
        let small = name.as_str().starts_with(char::is_lowercase);
        small && !self.names.known.contains(name) && functions::signature(name.as_str()).is_none()
    }
}
