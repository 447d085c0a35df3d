//! What every keyboard types, as the language reads it: `W^T (u .* f'(z))`.

use super::keyboard;
use crate::expr::{Comparator, Gathering, Name, Partial, Slope};
use crate::render::boxes::{Boxes, Brackets, Growth, Mark, Raise, Setter, Setting, Spelling, Symbols};
use crate::render::names::Bold;
use crate::syntax::{Ast, BinaryOp, NormKind, Syntax};

/// Typed text. Strictly typed, nothing is in it that a keyboard does not have: `delta`, `kron(A, B)`.
pub struct Ascii {
    pub typed: bool,
}

impl Spelling for Ascii {
    fn setting(&self) -> Setting {
        Setting { fractions: false, calls: true }
    }

    fn name(&self, name: &str, _: Bold) -> String {
        if self.typed { keyboard::name(name) } else { Name::new(name).to_string() }
    }

    fn function(&self, name: &str) -> String {
        self.name(name, &|_| false)
    }

    fn operator(&self, mark: Mark) -> &'static str {
        match mark {
            Mark::Space | Mark::BeforeWord | Mark::Thin => "",
            Mark::Dot | Mark::Ambiguous => "* ",
            Mark::Times => "× ",
            Mark::Hadamard => ".* ",
            Mark::HadamardQuotient => "./ ",
            Mark::Kronecker => "⊗ ",
        }
    }

    fn called(&self, op: BinaryOp) -> Option<&'static str> {
        let word = match op {
            BinaryOp::Kron => Some("kron"),
            BinaryOp::Cross => Some("cross"),
            BinaryOp::Mul
            | BinaryOp::At
            | BinaryOp::Dot
            | BinaryOp::Star
            | BinaryOp::Had
            | BinaryOp::HadDiv
            | BinaryOp::Div => None,
        };
        word.filter(|_| self.typed)
    }

    fn exponent(&self, raise: &Raise, setter: &Setter) -> String {
        match raise {
            Raise::Transpose => "^T".to_owned(),
            Raise::Inverse => "^-1".to_owned(),
            Raise::InverseTranspose => "^-T".to_owned(),
            Raise::Power(p) => format!("^{}", power(p, setter)),
            Raise::Entrywise(p) => format!(".^{}", power(p, setter)),
        }
    }

    fn lowered(&self, base: Boxes, places: &str) -> Boxes {
        base.then(subscript(places))
    }

    fn brackets(&self, brackets: Brackets, _: Growth) -> (&'static str, &'static str) {
        match brackets {
            Brackets::Round => ("(", ")"),
            Brackets::Square | Brackets::Iverson => ("[", "]"),
            Brackets::Angle => ("ip(", ")"),
            Brackets::Bars => ("|", "|"),
            Brackets::Norm => ("||", "||"),
        }
    }

    fn constructor(&self, _: &str, _: &[Ast], _: &Setter) -> Option<String> {
        None
    }

    fn slope(&self, slope: Slope, function: &str, symbols: &dyn Symbols) -> String {
        let prefix = match slope {
            Slope::Jacobian => "J",
            Slope::Gradient => "grad",
            Slope::Hessian | Slope::Weighted => "hess",
        };
        symbols.word(&format!("{prefix}_{function}"))
    }

    fn weights_are_arguments(&self) -> bool {
        true
    }

    fn has_bare_differentials(&self) -> bool {
        false
    }

    fn norm_call(&self, kind: &NormKind) -> Option<&'static str> {
        match kind {
            NormKind::Two => Some("norm2"),
            NormKind::Frobenius => Some("normF"),
            NormKind::One => Some("norm1"),
            NormKind::Infinity | NormKind::P(_) => None,
        }
    }

    fn indexed_norm(&self, norm: Boxes, kind: &NormKind) -> Boxes {
        norm.then(norm_index(kind, "_inf"))
    }

    fn gathering(&self, by: Gathering) -> &'static str {
        gathering(by)
    }

    fn relation(&self, relation: Comparator) -> &'static str {
        match relation {
            Comparator::Equal => "=",
            Comparator::Less => "<",
            Comparator::Different => "!=",
            Comparator::AtMost => "<=",
        }
    }

    fn element(&self) -> &'static str {
        "in"
    }

    fn reversed(&self, order: Comparator) -> &'static str {
        match order {
            Comparator::Less => ">",
            Comparator::AtMost => ">=",
            Comparator::Equal | Comparator::Different => self.relation(order),
        }
    }

    fn ranged(&self, sign: &str, letter: &str, first: &str, last: &str) -> String {
        format!("{sign}_{{{letter}={first}}}^{{{last}}}")
    }

    fn beneath(&self, sign: &str, parts: &[String]) -> String {
        format!("{sign}{}", subscript(&parts.join(",")))
    }

    fn partial(&self, partial: &Partial) -> Option<String> {
        (!self.typed).then(|| partial.to_string())
    }

    fn quotient(&self, order: usize, of: &str, below: &[String]) -> String {
        match order {
            1 => format!("d{of}/d{}", below.join(" d")),
            _ if below.len() == 1 => format!("d^{order} {of}/d{}", below.join("")),
            _ => format!("d^{order} {of}/(d{})", below.join(" d")),
        }
    }

    fn round(&self, power: &str) -> String {
        format!("d{power}")
    }

    fn transposed(&self, a: &str) -> String {
        format!("{a}^T")
    }

    fn held(&self, quotient: &str) -> String {
        format!("({quotient})")
    }

    fn times(&self) -> &'static str {
        " x "
    }

    fn plain(&self, text: &str) -> String {
        keyboard::text(text)
    }

    fn sizes(&self, sizes: &str) -> String {
        sizes.replace('×', " x ")
    }
}

/// An exponent behind its caret: `2`, `n`, `(n - 1)`. A T would be read as a transpose.
pub(super) fn power(p: &Ast, setter: &Setter) -> String {
    match &p.kind {
        Syntax::Number(n) => n.clone(),
        Syntax::Name(n) if n.as_str() != "T" => setter.flat(p),
        _ => format!("({})", setter.flat(p)),
    }
}

/// What stands below a letter.
fn subscript(below: &str) -> String {
    if below.chars().all(char::is_alphabetic) { format!("_{below}") } else { format!("_{{{below}}}") }
}

/// What tells the kind of a norm, in a line.
pub(super) fn norm_index(kind: &NormKind, infinity: &str) -> String {
    match kind {
        NormKind::Two => String::new(),
        NormKind::Frobenius => "_F".to_owned(),
        NormKind::One => "_1".to_owned(),
        NormKind::Infinity => infinity.to_owned(),
        NormKind::P(p) if p.chars().count() == 1 => format!("_{p}"),
        NormKind::P(p) => format!("_{{{p}}}"),
    }
}

/// The word for a sum over indices.
pub(super) fn gathering(by: Gathering) -> &'static str {
    match by {
        Gathering::Sum => "sum",
        Gathering::Product => "prod",
        Gathering::Maximum => "max",
        Gathering::Minimum => "min",
        Gathering::Mean => "mean",
        Gathering::Expectation => "E",
    }
}
