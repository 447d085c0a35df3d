//! LaTeX that needs amsmath and amssymb alone: `W^\top (u \circ f'(z))`.

use super::ascii::norm_index;
use super::latex_words;
use super::width::typeset_width;
use crate::expr::{Builtin, Comparator, Elementwise, Gathering, Slope};
use crate::render::boxes::{
    Boxes, Brackets, Growth, Mark, Raise, Setter, Setting, Spelling, Symbols, ratio, size_factors,
};
use crate::render::names::{Bold, all_digits, is_index, is_name, parts, plain, single, subscripted};
use crate::syntax::{Ast, GREEK, NormKind};

pub struct Latex;

impl Spelling for Latex {
    fn setting(&self) -> Setting {
        Setting { fractions: true, calls: false }
    }

    fn width(&self, formula: &str) -> usize {
        typeset_width(formula)
    }

    fn name(&self, name: &str, bold: Bold) -> String {
        latex_name(name, bold)
    }

    /// A command, an operator name, or a letter.
    fn function(&self, name: &str) -> String {
        let built_in = Elementwise::from_spelling(name)
            .map(Elementwise::latex)
            .or_else(|| Builtin::from_spelling(name).map(|b| b.about().latex))
            .filter(|latex| !latex.is_empty());
        match built_in {
            Some(latex) => latex.to_string(),
            None if single(name).is_some() || name.contains('_') && single(parts(name).base).is_some() => {
                latex_name(name, &plain)
            }
            None => format!("\\operatorname{{{}}}", name.replace('_', "\\_")),
        }
    }

    fn operator(&self, mark: Mark) -> &'static str {
        match mark {
            Mark::Space | Mark::BeforeWord | Mark::Ambiguous => "",
            Mark::Thin => "\\, ",
            Mark::Dot => "\\cdot ",
            Mark::Times => "\\times ",
            Mark::Hadamard => "\\circ ",
            Mark::HadamardQuotient => "\\oslash ",
            Mark::Kronecker => "\\otimes ",
        }
    }

    fn fraction(&self, negative: bool, top: &str, below: &str, small: bool) -> String {
        let (sign, command) = (if negative { "-" } else { "" }, if small { "\\tfrac" } else { "\\frac" });
        format!("{sign}{command}{{{top}}}{{{below}}}")
    }

    fn exponent(&self, raise: &Raise, setter: &Setter) -> String {
        // a ratio stands in one line
        let set = |p: &Ast| match ratio(p) {
            Some((a, b)) => format!("{}/{}", setter.flat(a), setter.flat(b)),
            None => setter.flat(p),
        };
        match raise {
            Raise::Transpose => "^\\top".to_owned(),
            Raise::Inverse => "^{-1}".to_owned(),
            Raise::InverseTranspose => "^{-\\top}".to_owned(),
            Raise::Power(p) => format!("^{{{}}}", set(p)),
            Raise::Entrywise(p) => format!("^{{\\circ {}}}", set(p)),
        }
    }

    fn places(&self, places: &[String], letters: bool) -> String {
        let short = places.iter().all(|place| single(place).is_some());
        places.join(match letters {
            true if short => "",
            true => " ",
            false => ",",
        })
    }

    fn lowered(&self, base: Boxes, places: &str) -> Boxes {
        base.then(subscripted(places))
    }

    fn grows(&self, brackets: Brackets, tall: bool, _: &Boxes) -> bool {
        match brackets {
            Brackets::Round => tall,
            Brackets::Square => true,
            Brackets::Iverson | Brackets::Angle | Brackets::Bars | Brackets::Norm => false,
        }
    }

    fn brackets(&self, brackets: Brackets, growth: Growth) -> (&'static str, &'static str) {
        match (brackets, growth) {
            (Brackets::Round, Growth::Plain) => ("(", ")"),
            (Brackets::Round, Growth::Grown) => ("\\left(", "\\right)"),
            (Brackets::Round, Growth::Opened) => ("\\bigl(", "\\bigr)"),
            (Brackets::Square, Growth::Opened) => ("\\bigl[ ", " \\bigr]"),
            (Brackets::Square, Growth::Plain | Growth::Grown) => ("\\left[ ", " \\right]"),
            (Brackets::Iverson, _) => ("[", "]"),
            (Brackets::Angle, _) => ("\\langle ", " \\rangle"),
            (Brackets::Bars, _) => ("\\lvert ", " \\rvert"),
            (Brackets::Norm, _) => ("\\lVert ", " \\rVert"),
        }
    }

    fn constructor(&self, function: &str, sizes: &[Ast], _: &Setter) -> Option<String> {
        let (base, separator) = match function {
            "eye" => ("I", ""),
            "ones" => ("\\mathbf{1}", " \\times "),
            "K" => ("K", ","),
            _ => return None,
        };
        let sizes = sizes.iter().map(|size| Some(size_factors(size)?.join(" "))).collect::<Option<Vec<String>>>()?;
        Some(format!("{base}{}", subscripted(&sizes.join(separator))))
    }

    fn root(&self, body: &str) -> String {
        format!("\\sqrt{{{body}}}")
    }

    fn slope(&self, slope: Slope, function: &str, symbols: &dyn Symbols) -> String {
        match slope {
            Slope::Jacobian => symbols.word(&format!("J_{function}")),
            Slope::Gradient => format!("\\nabla {}", self.function(function)),
            Slope::Hessian => format!("\\nabla^2 {}", self.function(function)),
            Slope::Weighted => "\\nabla^2".to_owned(),
        }
    }

    fn differential(&self) -> &'static str {
        "\\mathrm{d}"
    }

    fn indexed_norm(&self, norm: Boxes, kind: &NormKind) -> Boxes {
        norm.then(norm_index(kind, "_\\infty"))
    }

    fn brackets_one_entry(&self) -> bool {
        true
    }

    fn matrix(&self, rows: &[Vec<String>]) -> String {
        let rows: Vec<String> = rows.iter().map(|row| row.join(" & ")).collect();
        format!("\\begin{{bmatrix}} {} \\end{{bmatrix}}", rows.join(" \\\\ "))
    }

    fn gathering(&self, by: Gathering) -> &'static str {
        match by {
            Gathering::Sum => "\\sum",
            Gathering::Product => "\\prod",
            Gathering::Maximum => "\\max",
            Gathering::Minimum => "\\min",
            Gathering::Mean => "\\operatorname*{mean}",
            Gathering::Expectation => "\\mathbb{E}",
        }
    }

    fn relation(&self, relation: Comparator) -> &'static str {
        match relation {
            Comparator::Equal => "=",
            Comparator::Less => "<",
            Comparator::Different => "\\ne",
            Comparator::AtMost => "\\le",
        }
    }

    fn element(&self) -> &'static str {
        "\\in"
    }

    fn reversed(&self, order: Comparator) -> &'static str {
        match order {
            Comparator::Less => ">",
            Comparator::AtMost => "\\ge",
            Comparator::Equal | Comparator::Different => self.relation(order),
        }
    }

    /// A command ends where a space is.
    fn related(&self, left: &str, relation: &str, right: &str, _: bool) -> String {
        format!("{left} {relation} {right}")
    }

    fn ranged(&self, sign: &str, letter: &str, first: &str, last: &str) -> String {
        let last = if single(last).is_some() { last.to_owned() } else { format!("{{{last}}}") };
        format!("{sign}_{{{letter}={first}}}^{last}")
    }

    fn beneath(&self, sign: &str, parts: &[String]) -> String {
        format!("{sign}{}", subscripted(&parts.join(", ")))
    }

    fn over(&self, power: &str, of: &str, below: &[String]) -> String {
        format!("\\frac{{{} {of}}}{{\\partial {}}}", self.round(power), below.join("\\,\\partial "))
    }

    fn round(&self, power: &str) -> String {
        match power.len() {
            0 => "\\partial".to_owned(),
            1 => format!("\\partial^{power}"),
            _ => format!("\\partial^{{{power}}}"),
        }
    }

    fn slash(&self, direct: bool, of: &str, below: &str) -> String {
        format!("{} {of} / \\partial {below}", self.round(if direct { "+" } else { "" }))
    }

    fn transposed(&self, a: &str) -> String {
        format!("{a}^\\top")
    }

    fn vec(&self, a: &str) -> String {
        format!("\\operatorname{{vec}}({a})")
    }

    fn stack(&self, names: &[String]) -> String {
        format!("\\begin{{bmatrix}} {} \\end{{bmatrix}}", names.join(" \\\\ "))
    }

    fn times(&self) -> &'static str {
        " \\times "
    }

    fn words(&self, words: &str) -> String {
        format!("\\text{{{}}}", latex_words(words))
    }

    fn gains(&self) -> &'static str {
        " \\mathrel{+}\\mkern-5mu"
    }
}

/// `W_1`, `\hat{y}`, `x_{\mathrm{Paris}}`, `\lambda`.
fn latex_name(name: &str, bold: Bold) -> String {
    if name == "𝟏" {
        return r"\mathbf{1}".to_string();
    }
    let parts = parts(name);
    let mut text = if bold(name) { latex_bold(parts.base) } else { latex_word(parts.base) };
    if let Some((word, ..)) = parts.accent {
        text = format!("\\{word}{{{text}}}");
    }
    if let Some(s) = parts.subscript {
        text.push_str(&latex_subscript(s));
    }
    text
}

/// Latin letters and words upright, others as amsmath makes them bold.
fn latex_bold(word: &str) -> String {
    match single(word) {
        Some(c) if !c.is_ascii() => format!("\\boldsymbol{{{}}}", latex_letter(c)),
        _ => format!("\\mathbf{{{}}}", word.replace('_', "\\_")),
    }
}

fn latex_subscript(text: &str) -> String {
    match single(text) {
        _ if is_name(text) => format!("_{{{}}}", latex_name(text, &plain)),
        _ if is_index(text) => format!("_{{{text}}}"),
        Some(c) if c.is_ascii() => format!("_{c}"),
        _ if all_digits(text) => format!("_{{{text}}}"),
        _ => format!("_{{{}}}", latex_word(text)),
    }
}

/// A letter as it is or as a command, a longer word upright.
fn latex_word(word: &str) -> String {
    match single(word) {
        Some(c) => latex_letter(c),
        None => format!("\\mathrm{{{}}}", word.replace('_', "\\_")),
    }
}

fn latex_letter(c: char) -> String {
    GREEK.iter().find(|(_, letter)| *letter == c).map_or(c.to_string(), |(command, _)| format!("\\{command}"))
}
