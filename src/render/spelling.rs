//! A tree in a notation: on a line, on as many as the width needs, in lines for aligned rows.

use super::notation::{Notation, Printer, columns};
use super::typeset::Typesetter;
use super::{breaks, mathml, mathml_lines};
use crate::syntax::Ast;

impl Printer<'_> {
    /// On one line.
    pub fn line(self, ast: &Ast) -> String {
        self.page(ast, usize::MAX)
    }

    /// On as many lines as the width needs, broken at sums; in LaTeX, Typst and MathML always on one.
    pub fn page(self, ast: &Ast, width: usize) -> String {
        match self.notation {
            Notation::Ascii | Notation::Unicode => Typesetter::new(self).print(ast, width),
            Notation::Latex | Notation::Typst => Typesetter::new(self).print(ast, usize::MAX),
            Notation::MathMl => mathml::formula(ast, self),
        }
    }

    /// In lines for aligned rows, each at most about so many letters wide where that can be: broken at the outermost sum
    /// or product first, lines that go on within brackets indented.
    pub fn lines(self, ast: &Ast, width: usize) -> Vec<String> {
        match self.notation {
            Notation::Ascii | Notation::Unicode => self.page(ast, width).lines().map(str::to_owned).collect(),
            Notation::Latex | Notation::Typst => Typesetter::new(self).lines(ast, width),
            Notation::MathMl => mathml_lines::lines(ast, self, width),
        }
    }

    /// About how wide a spelled formula is set, in letters.
    pub(super) fn width(self, formula: &str) -> usize {
        match self.notation {
            Notation::Ascii | Notation::Unicode => columns(formula),
            Notation::Latex | Notation::Typst => breaks::width(formula),
            Notation::MathMl => mathml::width(formula),
        }
    }
}

/// About how wide a formula of LaTeX is set, in letters.
pub fn formula_width(formula: &str) -> usize {
    Printer::new(Notation::Latex).width(formula)
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

/// LaTeX in lines for an aligned environment, each about so many letters wide.
pub fn latex_lines(ast: &Ast, width: usize) -> Vec<String> {
    Printer::new(Notation::Latex).lines(ast, width)
}
