//! Plain text as on a blackboard: `Wᵀ (u ∘ f'(z))`.

use super::ascii::{gathering, norm_index, power};
use crate::expr::{Elementwise, Gathering, Slope};
use crate::render::boxes::{Boxes, Brackets, Growth, Raise, Setter, Setting, Spelling, Symbols, size_factors};
use crate::render::names::{Bold, accented, all_digits, is_name, lowered, parts, subscripted, superscript};
use crate::syntax::{Ast, NormKind, Syntax};

pub struct Unicode;

impl Spelling for Unicode {
    fn setting(&self) -> Setting {
        Setting { fractions: false, calls: false }
    }

    fn name(&self, name: &str, _: Bold) -> String {
        unicode_name(name)
    }

    fn function(&self, name: &str) -> String {
        unicode_function(name)
    }

    fn between_terms(&self) -> &'static str {
        "−"
    }

    fn exponent(&self, raise: &Raise, setter: &Setter) -> String {
        match raise {
            Raise::Transpose => "ᵀ".to_owned(),
            Raise::Inverse => "⁻¹".to_owned(),
            Raise::InverseTranspose => "⁻ᵀ".to_owned(),
            Raise::Power(p) => lifted(p).unwrap_or_else(|| format!("^{}", power(p, setter))),
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
            Brackets::Angle => ("⟨", "⟩"),
            Brackets::Bars => ("|", "|"),
            Brackets::Norm => ("‖", "‖"),
        }
    }

    /// `Iₙ`, `𝟏ₙ`, `𝟏_{n×m}`.
    fn constructor(&self, function: &str, sizes: &[Ast], _: &Setter) -> Option<String> {
        let (base, separator) = match function {
            "eye" => ("I", ""),
            "ones" => ("𝟏", "×"),
            _ => return None,
        };
        let single = |size: &Ast| size_factors(size).filter(|f| f.len() == 1).map(|f| f[0].to_owned());
        let sizes = sizes.iter().map(single).collect::<Option<Vec<String>>>()?.join(separator);
        Some(format!("{base}{}", lowered(&sizes).unwrap_or_else(|| subscripted(&sizes))))
    }

    fn slope(&self, slope: Slope, function: &str, symbols: &dyn Symbols) -> String {
        match slope {
            Slope::Jacobian => symbols.word(&format!("J_{function}")),
            Slope::Gradient => format!("∇{}", unicode_function(function)),
            Slope::Hessian => format!("∇²{}", unicode_function(function)),
            Slope::Weighted => "∇²".to_owned(),
        }
    }

    fn indexed_norm(&self, norm: Boxes, kind: &NormKind) -> Boxes {
        norm.then(norm_index(kind, "_∞"))
    }

    fn gathering(&self, by: Gathering) -> &'static str {
        match by {
            Gathering::Sum => "Σ",
            Gathering::Product => "Π",
            Gathering::Maximum | Gathering::Minimum | Gathering::Mean | Gathering::Expectation => gathering(by),
        }
    }

    fn ranged(&self, sign: &str, letter: &str, first: &str, last: &str) -> String {
        let last = if last.chars().count() == 1 { last.to_owned() } else { format!("{{{last}}}") };
        format!("{sign}_{{{letter}={first}}}^{last}")
    }

    fn beneath(&self, sign: &str, parts: &[String]) -> String {
        format!("{sign}{}", subscript(&parts.join(",")))
    }

    fn round(&self, power: &str) -> String {
        let digits = superscript(power.trim_end_matches('+')).unwrap_or_default();
        format!("∂{digits}{}", if power.ends_with('+') { "⁺" } else { "" })
    }

    fn transposed(&self, a: &str) -> String {
        format!("{a}ᵀ")
    }

    fn to_the(&self, a: &str, exponent: &str) -> String {
        format!("{a}{}", superscript(exponent).unwrap_or_default())
    }

    fn held(&self, quotient: &str) -> String {
        format!("({quotient})")
    }

    fn times(&self) -> &'static str {
        "×"
    }
}

/// `²` for a number that has a superscript.
fn lifted(p: &Ast) -> Option<String> {
    if let Syntax::Number(n) = &p.kind { superscript(n) } else { None }
}

/// What stands below a letter.
fn subscript(below: &str) -> String {
    lowered(below).unwrap_or_else(|| match below.chars().all(char::is_alphabetic) {
        true => format!("_{below}"),
        false => format!("_{{{below}}}"),
    })
}

/// `W₁`, `ŷ`, `x_Paris`, `h_{t-1}`.
pub(super) fn unicode_name(name: &str) -> String {
    let is_plain = |subscript: &str| subscript.chars().all(|c| c.is_alphanumeric() || c == '_');
    let parts = parts(name);
    let mut text = parts.accent.map_or_else(|| parts.base.to_string(), |accent| accented(parts.base, accent));
    match parts.subscript {
        Some(s) if all_digits(s) => text.extend(lowered(s)),
        Some(s) if is_plain(s) && is_name(s) => text.push_str(&format!("_{}", unicode_name(s))),
        Some(s) if is_plain(s) => {
            text.push('_');
            text.push_str(s);
        }
        Some(s) => text.push_str(&format!("_{{{s}}}")),
        None => {}
    }
    text
}

/// The built-in's own sign (σ), or the name.
pub(super) fn unicode_function(name: &str) -> String {
    Elementwise::from_spelling(name).map_or_else(|| unicode_name(name), |f| f.unicode().to_string())
}
