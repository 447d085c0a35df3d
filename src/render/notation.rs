//! The three notations of text output, and the ways to print a tree in them.

use super::typeset::Typesetter;
use crate::syntax::{Ast, Syntax};

/// How mathematics is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Notation {
    /// `W^T (u .* f'(z))`.
    Ascii,
    /// `Wᵀ (u ∘ f'(z))`.
    Unicode,
    /// `W^\top (u \odot f'(z))`.
    Latex,
}

/// Prints trees in a notation.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    /// The spelling.
    pub notation: Notation,
    /// The calculus of derivation steps: `d(X)` is the differential `dX`, `ip(G, A)` the inner product `⟨G, A⟩`.
    pub calculus: bool,
}

impl Printer {
    /// A printer of results.
    pub fn new(notation: Notation) -> Printer {
        Printer { notation, calculus: false }
    }

    /// A printer of derivation steps.
    pub fn of_steps(notation: Notation) -> Printer {
        Printer { notation, calculus: true }
    }

    /// On one line.
    pub fn line(self, ast: &Ast) -> String {
        self.page(ast, usize::MAX)
    }

    /// On as many lines as the width needs, broken at sums.
    pub fn page(self, ast: &Ast, width: usize) -> String {
        Typesetter::new(self).print(ast, width)
    }
}

/// One line of plain text that any keyboard can type (names stay as they are).
pub fn ascii(ast: &Ast) -> String {
    Printer::new(Notation::Ascii).line(ast)
}

/// One line as on a blackboard: `W₁ᵀ (u ∘ f'(z))`.
pub fn unicode(ast: &Ast) -> String {
    Printer::new(Notation::Unicode).line(ast)
}

/// One line of LaTeX math, without delimiters.
pub fn latex(ast: &Ast) -> String {
    Printer::new(Notation::Latex).line(ast)
}

/// Unicode broken at sums so that lines fit the width where they can.
pub fn unicode_wide(ast: &Ast, width: usize) -> String {
    Printer::new(Notation::Unicode).page(ast, width)
}

/// LaTeX in lines for an aligned environment, broken between the terms of the outermost sum: about `width` characters
/// of source each.
pub fn latex_lines(ast: &Ast, width: usize) -> Vec<String> {
    let printer = Printer::new(Notation::Latex);
    let Syntax::Sum(terms) = &ast.kind else {
        return vec![printer.line(ast)];
    };
    let mut lines = vec![String::new()];
    for piece in Typesetter::new(printer).terms(terms) {
        let last = lines.last_mut().expect("starts with one line");
        if !last.is_empty() && last.len() + piece.len() >= width {
            lines.push(piece);
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(&piece);
        }
    }
    lines
}
