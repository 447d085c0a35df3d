//! Typst: `W^⊤ (u ∘ f'(z))`.

use super::ascii::{gathering, norm_index};
use super::unicode::{Unicode, unicode_function};
use super::width::typeset_width;
use crate::expr::{Gathering, Slope};
use crate::render::boxes::{Boxes, Brackets, Growth, Mark, Raise, Setter, Setting, Spelling, Symbols, size_factors};
use crate::render::names::{Bold, Parts, all_digits, is_index, is_name, is_operator, parts, plain, single};
use crate::syntax::{Ast, NormKind};

pub struct Typst;

impl Spelling for Typst {
    fn setting(&self) -> Setting {
        Setting { fractions: true, calls: false }
    }

    fn width(&self, formula: &str) -> usize {
        typeset_width(formula)
    }

    fn name(&self, name: &str, bold: Bold) -> String {
        typst_name(name, bold)
    }

    /// A letter, or an operator.
    fn function(&self, name: &str) -> String {
        let sign = unicode_function(name);
        match is_operator(name) {
            true if single(&sign).is_some() => sign,
            true => format!("op(\"{}\")", sign.split('_').next().unwrap_or_default()),
            false => typst_name(name, &plain),
        }
    }

    fn operator(&self, mark: Mark) -> &'static str {
        if mark == Mark::Thin { "thin " } else { Unicode.operator(mark) }
    }

    fn fraction(&self, negative: bool, top: &str, below: &str, _: bool) -> String {
        format!("{}frac({top}, {below})", if negative { "-" } else { "" })
    }

    fn exponent(&self, raise: &Raise, setter: &Setter) -> String {
        match raise {
            Raise::Transpose => "^⊤".to_owned(),
            Raise::Inverse => "^(-1)".to_owned(),
            Raise::InverseTranspose => "^(-⊤)".to_owned(),
            Raise::Power(p) => format!("^({})", setter.flat(p)),
            Raise::Entrywise(p) => format!("^(∘ {})", setter.flat(p)),
        }
    }

    fn places(&self, places: &[String], letters: bool) -> String {
        places.join(if letters { " " } else { ", " })
    }

    fn lowered(&self, base: Boxes, places: &str) -> Boxes {
        base.then(format!("_({places})"))
    }

    fn brackets(&self, brackets: Brackets, _: Growth) -> (&'static str, &'static str) {
        match brackets {
            Brackets::Round => ("(", ")"),
            Brackets::Square | Brackets::Iverson => ("[", "]"),
            Brackets::Angle => ("⟨", "⟩"),
            Brackets::Bars => ("abs(", ")"),
            Brackets::Norm => ("norm(", ")"),
        }
    }

    fn constructor(&self, function: &str, sizes: &[Ast], _: &Setter) -> Option<String> {
        let (base, separator) = match function {
            "eye" => ("I", ""),
            "ones" => ("bold(1)", "×"),
            "K" => ("K", ","),
            _ => return None,
        };
        let sizes = sizes.iter().map(|size| Some(size_factors(size)?.join(" "))).collect::<Option<Vec<String>>>()?;
        Some(format!("{base}_({})", sizes.join(separator)))
    }

    fn slope(&self, slope: Slope, function: &str, symbols: &dyn Symbols) -> String {
        match slope {
            Slope::Jacobian => symbols.word(&format!("J_{function}")),
            Slope::Gradient => format!("∇ {}", self.function(function)),
            Slope::Hessian => format!("∇^2 {}", self.function(function)),
            Slope::Weighted => "∇^2".to_owned(),
        }
    }

    fn differential(&self) -> &'static str {
        "upright(d) "
    }

    fn closes_norms(&self) -> bool {
        true
    }

    fn indexed_norm(&self, norm: Boxes, kind: &NormKind) -> Boxes {
        norm.then(norm_index(kind, "_∞"))
    }

    fn matrix(&self, rows: &[Vec<String>]) -> String {
        let rows: Vec<String> = rows.iter().map(|row| row.join(", ")).collect();
        format!("mat(delim: \"[\", {})", rows.join("; "))
    }

    fn dots(&self) -> &'static str {
        " \"..\" "
    }

    fn gathering(&self, by: Gathering) -> &'static str {
        match by {
            Gathering::Product => "product",
            Gathering::Mean => "op(\"mean\", limits: #true)",
            Gathering::Expectation => "EE",
            Gathering::Sum | Gathering::Maximum | Gathering::Minimum => gathering(by),
        }
    }

    fn ranged(&self, sign: &str, letter: &str, first: &str, last: &str) -> String {
        let last = if single(last).is_some() { last.to_owned() } else { format!("({last})") };
        format!("{sign}_({letter}={first})^{last}")
    }

    fn beneath(&self, sign: &str, parts: &[String]) -> String {
        format!("{sign}_({})", parts.join(", "))
    }

    fn over(&self, power: &str, of: &str, below: &[String]) -> String {
        format!("frac({} {of}, ∂ {})", self.round(power), below.join(" ∂ "))
    }

    fn round(&self, power: &str) -> String {
        match power.len() {
            0 => "∂".to_owned(),
            1 => format!("∂^{power}"),
            _ => format!("∂^({power})"),
        }
    }

    fn slash(&self, direct: bool, of: &str, below: &str) -> String {
        format!("{} {of} \\/ ∂ {below}", self.round(if direct { "+" } else { "" }))
    }

    fn transposed(&self, a: &str) -> String {
        format!("{a}^⊤")
    }

    fn vec(&self, a: &str) -> String {
        format!("op(\"vec\")({a})")
    }

    fn stack(&self, names: &[String]) -> String {
        format!("vec(delim: \"[\", {})", names.join(", "))
    }

    fn times(&self) -> &'static str {
        " × "
    }

    fn words(&self, words: &str) -> String {
        format!("\"{}\" ", words.replace('"', "\\\""))
    }

    fn gains(&self) -> &'static str {
        " class(\"relation\", +)"
    }
}

/// `W_(1)`, `hat(y)`, `x_("Paris")`, `λ`.
fn typst_name(name: &str, bold: Bold) -> String {
    if name == "𝟏" {
        return "bold(1)".to_owned();
    }
    let parts = parts(name);
    let text = accented(&parts, if bold(name) { heavy(parts.base) } else { typst_word(parts.base) });
    match parts.subscript {
        Some(s) if all_digits(s) => format!("{text}_({s})"),
        Some(s) if is_name(s) => format!("{text}_({})", typst_name(s, &plain)),
        Some(s) if is_index(s) => format!("{text}_({s})"),
        Some(s) => format!("{text}_({})", typst_word(s)),
        None => text,
    }
}

/// Letters upright, as bold letters are.
fn heavy(base: &str) -> String {
    let text = typst_word(base);
    match single(base).is_some_and(char::is_alphabetic) {
        true => format!("upright(bold({text}))"),
        false => format!("bold({text})"),
    }
}

fn accented(parts: &Parts, text: String) -> String {
    let Some((word, mark, ..)) = parts.accent else { return text };
    match *word {
        "hat" | "tilde" | "dot" => format!("{word}({text})"),
        "bar" => format!("macron({text})"),
        "check" => format!("caron({text})"),
        _ => format!("accent({text}, {mark})"),
    }
}

/// A letter as it is, a longer word upright.
fn typst_word(word: &str) -> String {
    if single(word).is_some() { word.to_owned() } else { format!("\"{}\"", word.replace('"', "\\\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_with_subscripts_and_accents() {
        let names: Vec<String> =
            ["W", "W_1", "x_Paris", "y_hat_2", "λ", "h_{t-1}"].map(|n| typst_name(n, &plain)).into();
        assert_eq!(names, ["W", "W_(1)", "x_(\"Paris\")", "hat(y)_(2)", "λ", "h_(\"{t-1}\")"]);
        assert_eq!(typst_name("W_1", &|_| true), "upright(bold(W))_(1)");
        assert_eq!(typst_name("δ_c_1", &plain), "δ_(c_(1))");
        assert_eq!(typst_name("h_t-1", &plain), "h_(t-1)");
    }

    #[test]
    fn functions_are_letters_or_operators() {
        assert_eq!(["f", "sigmoid", "softmax"].map(|f| Typst.function(f)), ["f", "σ", "op(\"softmax\")"]);
    }
}
