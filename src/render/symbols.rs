//! The symbols of derivatives, ∂s/∂W, in each notation.

use super::keyboard;
use super::markup::{mathml_name, matrix, typst_name};
use super::names::{ascii_name, latex_name, unicode_name};
use super::notation::{Notation, Printer};
use super::style::Style;
use crate::derive::{Sentence, Word};
use crate::expr::{Expr, Partial, Shape, Symbol};

/// Variables as they are written.
impl Printer<'_> {
    /// A variable.
    pub fn symbol(self, symbol: &Symbol) -> String {
        match symbol {
            Symbol::Partial(partial) => self.symbol_of(partial),
            Symbol::Named(_) | Symbol::Made(_) => self.word(symbol.word()),
            Symbol::Indexed(_) => {
                self.line(&super::present(&crate::expr::variable(symbol.clone(), &Shape::scalar()), &Style::default()))
            }
            other => other.to_string(),
        }
    }

    /// A name.
    pub(super) fn word(self, name: &str) -> String {
        // ∂/∂x in front of a term is of nothing that has a name
        if name.is_empty() {
            return String::new();
        }
        let bold = |part: &str| self.is_bold(part);
        match self.notation {
            Notation::Ascii if self.typed => keyboard::name(name),
            Notation::Ascii => ascii_name(name),
            Notation::Unicode => unicode_name(name),
            Notation::Latex => latex_name(name, &bold),
            Notation::Typst => typst_name(name, &bold),
            Notation::MathMl => mathml_name(name, &bold),
        }
    }

    /// ∂y/∂x, ∂²s/∂x∂y; a derivative that it is by stands in one line.
    pub(super) fn symbol_of(self, partial: &Partial) -> String {
        if self.notation == Notation::Ascii && !self.typed {
            return partial.to_string();
        }
        let (mut of, mut direct, mut below) = (&partial.of, partial.direct, vec![self.by(partial)]);
        while let Some(inner) = of.as_partial() {
            direct |= inner.direct;
            below.push(self.by(inner));
            of = &inner.of;
        }
        below.reverse();
        match direct {
            true => self.direct(&self.symbol(of), &below),
            false => self.quotient(below.len(), &self.symbol(of), &below),
        }
    }

    /// What stands below the line.
    fn by(self, partial: &Partial) -> String {
        match partial.by.as_slice() {
            [Symbol::Partial(p)] if p.of.as_partial().is_none() => {
                self.bracketed(&self.slash(p.direct, &self.symbol(&p.of), &self.by(p)))
            }
            [one] => self.symbol(one),
            parts => self.stack(&parts.iter().map(|part| self.symbol(part)).collect::<Vec<_>>()),
        }
    }
}

/// A sentence, the variables in it as the notation spells them.
pub fn prose(sentence: &Sentence, notation: Notation) -> String {
    let symbol = |symbol: &Symbol| {
        let spelled = Printer::new(notation).symbol(symbol);
        match notation {
            Notation::Latex | Notation::Typst => format!("${spelled}$"),
            Notation::MathMl => Printer::new(Notation::Unicode).symbol(symbol),
            Notation::Ascii | Notation::Unicode => spelled,
        }
    };
    let word = |word: &Word| match word {
        Word::Text(text) => text.clone(),
        Word::Symbol(of) => symbol(of),
        Word::Term(e) => term(e, notation),
    };
    sentence.words().iter().map(word).collect()
}

fn term(e: &Expr, notation: Notation) -> String {
    let spelled =
        |notation| Printer { calculus: true, ..Printer::new(notation) }.line(&super::present(e, &Style::default()));
    match notation {
        Notation::Latex | Notation::Typst => format!("${}$", spelled(notation)),
        Notation::MathMl => spelled(Notation::Unicode),
        Notation::Ascii | Notation::Unicode => spelled(notation),
    }
}

/// Symbols around formulas that are spelled already.
impl Printer<'_> {
    /// ∂y/∂x of names that are spelled already.
    pub fn partial(self, of: &str, wrt: &str) -> String {
        self.quotient(1, of, &[wrt.to_owned()])
    }

    /// ∂s/∂W, or ∂²s/∂x∂xᵀ, of targets that are spelled already.
    pub(super) fn derivative(self, of: &str, targets: &[(String, Shape)]) -> String {
        match targets {
            [(wrt, _)] => self.partial(of, wrt),
            more => {
                let below: Vec<String> = more.iter().enumerate().map(|(i, (x, of))| self.below(x, of, i > 0)).collect();
                self.quotient(below.len(), of, &below)
            }
        }
    }

    /// A target below the line: a matrix as its vec, columns after the first transposed.
    fn below(self, name: &str, shape: &Shape, transposed: bool) -> String {
        let column = if shape.cols.is_one() { name.to_owned() } else { self.vec(name) };
        if shape.is_scalar() || !transposed { column } else { self.transposed(&column) }
    }

    /// ∂ᵏy over what stands below, each behind a ∂.
    pub(super) fn quotient(self, order: usize, of: &str, below: &[String]) -> String {
        let power = if order > 1 { order.to_string() } else { String::new() };
        match self.notation {
            Notation::Ascii if order == 1 => format!("d{of}/d{}", below.join(" d")),
            Notation::Ascii if below.len() == 1 => format!("d^{order} {of}/d{}", below.join("")),
            Notation::Ascii => format!("d^{order} {of}/(d{})", below.join(" d")),
            Notation::Unicode | Notation::Latex | Notation::Typst | Notation::MathMl => self.over(&power, of, below),
        }
    }

    /// ∂⁺y/∂x: how y moves with x where x stands in its formula, everything else held fixed.
    pub(super) fn direct(self, of: &str, below: &[String]) -> String {
        let order = if below.len() > 1 { below.len().to_string() } else { String::new() };
        self.over(&format!("{order}+"), of, below)
    }

    fn over(self, power: &str, of: &str, below: &[String]) -> String {
        let (above, round) = (self.round(power), self.round(""));
        match self.notation {
            Notation::Unicode | Notation::Ascii => format!("{above}{of}/{round}{}", below.join(&round)),
            Notation::Latex => format!("\\frac{{{above} {of}}}{{{round} {}}}", below.join("\\,\\partial ")),
            Notation::Typst => format!("frac({above} {of}, {round} {})", below.join(" ∂ ")),
            Notation::MathMl => {
                format!("<mfrac><mrow>{above}{of}</mrow><mrow>{round}{}</mrow></mfrac>", below.join(&round))
            }
        }
    }

    /// The sign ∂ with a power, and a + where it is direct.
    fn round(self, power: &str) -> String {
        let raised = match power.len() {
            0 => String::new(),
            1 => format!("^{power}"),
            _ if self.notation == Notation::Typst => format!("^({power})"),
            _ => format!("^{{{power}}}"),
        };
        match self.notation {
            Notation::Ascii => format!("d{power}"),
            Notation::Unicode => {
                let digits = super::names::superscript(power.trim_end_matches('+')).unwrap_or_default();
                format!("∂{digits}{}", if power.ends_with('+') { "⁺" } else { "" })
            }
            Notation::Latex => format!("\\partial{raised}"),
            Notation::Typst => format!("∂{raised}"),
            Notation::MathMl if power.is_empty() => "<mo>∂</mo>".to_owned(),
            Notation::MathMl => format!("<msup><mo>∂</mo><mn>{power}</mn></msup>"),
        }
    }

    /// ∂y/∂x on one line, within words; ∂⁺y/∂x where it is direct.
    pub(super) fn slash(self, direct: bool, of: &str, below: &str) -> String {
        let (above, round) = (self.round(if direct { "+" } else { "" }), self.round(""));
        match self.notation {
            Notation::Unicode | Notation::Ascii => format!("{above}{of}/{round}{below}"),
            Notation::Latex => format!("{above} {of} / {round} {below}"),
            Notation::Typst => format!("{above} {of} \\/ {round} {below}"),
            Notation::MathMl => format!("{above}{of}<mo lspace=\"0\" rspace=\"0\">/</mo>{round}{below}"),
        }
    }

    pub(super) fn transposed(self, a: &str) -> String {
        match self.notation {
            Notation::Unicode => format!("{a}ᵀ"),
            Notation::Ascii => format!("{a}^T"),
            Notation::Latex => format!("{a}^\\top"),
            Notation::Typst => format!("{a}^⊤"),
            Notation::MathMl => format!("<msup><mrow>{a}</mrow><mi>⊤</mi></msup>"),
        }
    }

    pub(super) fn raised(self, a: &str, exponent: &str) -> String {
        match self.notation {
            Notation::Unicode => format!("{a}{}", super::names::superscript(exponent).unwrap_or_default()),
            Notation::Ascii | Notation::Latex | Notation::Typst => format!("{a}^{exponent}"),
            Notation::MathMl => format!("<msup><mrow>{a}</mrow><mn>{exponent}</mn></msup>"),
        }
    }

    /// Between parentheses.
    pub(super) fn bracketed(self, a: &str) -> String {
        match self.notation {
            Notation::Unicode | Notation::Ascii | Notation::Latex | Notation::Typst => format!("({a})"),
            Notation::MathMl => format!("<mrow><mo>(</mo>{a}<mo>)</mo></mrow>"),
        }
    }

    /// A quotient on one line needs parentheses where something follows it.
    pub(super) fn held(self, a: &str) -> String {
        match self.notation {
            Notation::Unicode | Notation::Ascii => format!("({a})"),
            Notation::Latex | Notation::Typst | Notation::MathMl => a.to_owned(),
        }
    }

    /// A linear map applied to a direction.
    pub(super) fn applied(self, map: &str, direction: &str) -> String {
        match self.notation {
            Notation::Unicode | Notation::Ascii | Notation::Latex | Notation::Typst => format!("{map}[{direction}]"),
            Notation::MathMl => format!("{map}<mrow><mo>[</mo>{direction}<mo>]</mo></mrow>"),
        }
    }

    fn vec(self, a: &str) -> String {
        match self.notation {
            Notation::Unicode | Notation::Ascii => format!("vec({a})"),
            Notation::Latex => format!("\\operatorname{{vec}}({a})"),
            Notation::Typst => format!("op(\"vec\")({a})"),
            Notation::MathMl => format!("<mi>vec</mi><mrow><mo>(</mo>{a}<mo>)</mo></mrow>"),
        }
    }

    pub(super) fn differential(self, a: &str) -> String {
        match self.notation {
            Notation::Unicode | Notation::Ascii => format!("d{a}"),
            Notation::Latex => format!("\\mathrm{{d}}{a}"),
            Notation::Typst => format!("upright(d) {a}"),
            Notation::MathMl => format!("<mi mathvariant=\"normal\">d</mi>{a}"),
        }
    }

    /// The sign between two sizes.
    pub(super) fn times(self) -> &'static str {
        match self.notation {
            Notation::Unicode => "×",
            Notation::Ascii => " x ",
            Notation::Latex => " \\times ",
            Notation::Typst => " × ",
            Notation::MathMl => "<mo>×</mo>",
        }
    }

    pub(super) fn stack(self, names: &[String]) -> String {
        match self.notation {
            Notation::Unicode | Notation::Ascii => format!("[{}]", names.join("; ")),
            Notation::Latex => format!("\\begin{{bmatrix}} {} \\end{{bmatrix}}", names.join(" \\\\ ")),
            Notation::Typst => format!("vec(delim: \"[\", {})", names.join(", ")),
            Notation::MathMl => matrix(&names.iter().map(|n| vec![n.clone()]).collect::<Vec<_>>()),
        }
    }
}
