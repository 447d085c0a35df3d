//! From boxes to text: the notations, a file each. To add one, write its [`Spelling`] and name it in [`Notation`].

mod ascii;
mod escapes;
mod keyboard;
mod latex;
mod mathml;
mod symbols;
mod typst;
mod unicode;
mod width;

pub use escapes::{escaped, greek, latex_sign, latex_words};
pub use symbols::prose;

use crate::expr::Name;
use crate::render::boxes::{Setter, Spelling};
use crate::syntax::Ast;
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

impl Notation {
    /// How it spells.
    pub fn spelling(self) -> &'static dyn Spelling {
        match self {
            Notation::Ascii => &ascii::Ascii { typed: false },
            Notation::Unicode => &unicode::Unicode,
            Notation::Latex => &latex::Latex,
            Notation::Typst => &typst::Typst,
            Notation::MathMl => &mathml::MathMl,
        }
    }

    /// The notation of formulas within words: elements stand alone.
    fn in_words(self) -> Notation {
        match self {
            Notation::MathMl => Notation::Unicode,
            Notation::Ascii | Notation::Unicode | Notation::Latex | Notation::Typst => self,
        }
    }
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
}

impl Printer<'_> {
    /// How it spells.
    pub fn spelling(self) -> &'static dyn Spelling {
        match self.notation {
            Notation::Ascii if self.typed => &ascii::Ascii { typed: true },
            notation => notation.spelling(),
        }
    }

    fn is_bold(self, name: &str) -> bool {
        self.bold.is_some_and(|bold| bold.contains(&Name::new(name)))
    }

    fn setter(&self) -> Setter<'_> {
        Setter::new(self.spelling(), self, self.calculus)
    }

    /// On one line.
    pub fn line(self, ast: &Ast) -> String {
        self.setter().flat(ast)
    }

    /// Plain text on as many lines as the width needs, broken at sums; what is typeset always on one.
    pub fn page(self, ast: &Ast, width: usize) -> String {
        let setter = self.setter();
        if self.spelling().is_typeset() { setter.flat(ast) } else { setter.set(ast).filled(width) }
    }

    /// In lines for aligned rows, each at most about so many letters wide where that can be: broken at the outermost sum
    /// or product first, lines that go on within brackets indented.
    pub fn lines(self, ast: &Ast, width: usize) -> Vec<String> {
        match self.spelling().is_typeset() {
            true => self.setter().lines(ast, width),
            false => self.page(ast, width).lines().map(str::to_owned).collect(),
        }
    }

    /// About how wide a spelled formula is set, in letters.
    pub fn width(self, formula: &str) -> usize {
        self.spelling().width(formula)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Scope, parse_expression};

    #[track_caller]
    fn broken(text: &str, notation: Notation, width: usize) -> Vec<String> {
        let ast = parse_expression(text, &Scope::default()).expect("it reads");
        Printer::new(notation).lines(&ast, width)
    }

    #[test]
    fn lines_break_at_the_loosest_place() {
        let latex = |text: &str, width| broken(text, Notation::Latex, width);
        assert_eq!(latex("a + b + c", 100), ["a + b + c"]);
        assert_eq!(latex("a b c d + e f g h + i j k l", 11), ["a b c d + e f g h", "+ i j k l"]);
        assert_eq!(latex("x .* a + y .* b", 7), ["x \\circ a", "+ y \\circ b"]);
        assert_eq!(latex("(a b c + d) (e f g + h)", 9), ["(a b c + d)", "(e f g + h)"]);
        assert_eq!(latex("f(a b c d e + g h i)", 10), ["f(a b c d e", "\\quad + g h i)"]);
        assert_eq!(latex("abcdefghij", 3), ["\\mathrm{abcdefghij}"]);
    }

    #[test]
    fn what_is_tall_is_opened_only_where_it_is_too_wide() {
        let latex = |text: &str, width| broken(text, Notation::Latex, width);
        assert_eq!(latex("(a / x + b / y)^2", 40), ["\\left(\\frac{a}{x} + \\frac{b}{y}\\right)^{2}"]);
        let wide = latex("f(a / x + b / y + c / z + d / u) + g", 10);
        assert!(
            wide.len() > 1 && wide[0].contains("\\bigl(") && wide.iter().all(|l| !l.contains("\\left(")),
            "{wide:?}"
        );
    }

    #[test]
    fn lines_of_mathml_break_within_brackets_too() {
        let tags = |line: &String| {
            assert_eq!(line.matches("<m").count(), line.matches("</m").count(), "{line}");
            let letters: String = line.split('<').map(|p| p.split_once('>').map_or(p, |(_, text)| text)).collect();
            letters.replace(['\u{2061}', '\u{2062}'], "")
        };
        let broken =
            |text: &str, width| broken(text, Notation::MathMl, width).iter().map(tags).collect::<Vec<String>>();
        assert_eq!(broken("a + b", 40), ["a+b"]);
        assert_eq!(broken("alpha + beta + gamma + delta", 3), ["α+β", "+γ", "+δ"]);
        assert_eq!(broken("f(x1 + x2 + x3)", 8), ["f(x1+x2", "+x3)"]);
        assert_eq!(broken("f(x1 + x2 + x3) .* g(y1 + y2)", 11), ["f(x1+x2+x3)", "∘g(y1+y2)"]);
        assert_eq!(broken("(a b + c d)^T e", 8), ["(ab+cd)⊤", "e"]);
        assert_eq!(broken("‖a b c + d‖ e", 4), ["‖abc", "+d‖", "e"]);
    }
}
