//! MathML Core: elements for a browser.

use super::escaped;
use super::unicode::unicode_function;
use crate::expr::{Comparator, Gathering, Slope};
use crate::render::boxes::{Boxes, Brackets, Growth, Mark, Raise, Setter, Setting, Spelling, Symbols};
use crate::render::names::{Bold, all_digits, is_index, is_name, is_operator, parts, plain};
use crate::syntax::{Ast, NormKind, Sign};

pub struct MathMl;

fn enclosed(inner: &str) -> String {
    format!("<mrow>{inner}</mrow>")
}

fn superscript(base: &str, exponent: &str) -> String {
    format!("<msup>{base}<mrow>{exponent}</mrow></msup>")
}

/// An element that has what it is put around as its first part: what can be broken ends with a bracket, which stands on the
/// last line and carries the rest.
fn carried(mut base: Boxes, element: impl Fn(&str) -> String) -> Boxes {
    if !base.has_seams() {
        return element(&base.flat("")).into();
    }
    if let Some(bracket) = base.last_bracket() {
        *bracket = element(bracket);
        return base;
    }
    element(&base.flat("")).into()
}

impl Spelling for MathMl {
    fn setting(&self) -> Setting {
        Setting { fractions: true, calls: false }
    }

    /// The letters between the tags, but for the signs that are not seen.
    fn width(&self, formula: &str) -> usize {
        let seen = |text: &str| text.chars().filter(|c| !['\u{2061}', '\u{2062}'].contains(c)).count();
        formula.split('<').map(|piece| seen(piece.split_once('>').map_or(piece, |(_, text)| text))).sum()
    }

    fn gap(&self) -> &'static str {
        ""
    }

    fn line(&self, depth: usize, line: &str) -> String {
        enclosed(&format!("{}{line}", "<mspace width=\"1em\"></mspace>".repeat(depth)))
    }

    fn group(&self, boxes: Boxes) -> Boxes {
        if boxes.has_seams() { boxes } else { enclosed(&boxes.flat("")).into() }
    }

    fn number(&self, digits: &str) -> String {
        match digits.strip_prefix('-') {
            Some(positive) => format!("<mrow><mo>−</mo><mn>{positive}</mn></mrow>"),
            None => format!("<mn>{digits}</mn>"),
        }
    }

    fn name(&self, name: &str, bold: Bold) -> String {
        mathml_name(name, bold)
    }

    fn function(&self, name: &str) -> String {
        match is_operator(name) {
            true => word(&unicode_function(name).replace('_', " ")),
            false => mathml_name(name, &plain),
        }
    }

    fn minus(&self) -> &'static str {
        "<mo form=\"prefix\">−</mo>"
    }

    fn between_terms(&self) -> &'static str {
        "<mo>−</mo>"
    }

    fn before_term(&self, first: bool, sign: Sign) -> &'static str {
        match (first, sign) {
            (true, Sign::Plus) => "",
            (false, Sign::Plus) => "<mo form=\"infix\">+</mo>",
            (true, Sign::Minus) => "<mo form=\"prefix\">−</mo>",
            (false, Sign::Minus) => "<mo form=\"infix\">−</mo>",
        }
    }

    fn operator(&self, mark: Mark) -> &'static str {
        match mark {
            Mark::Space | Mark::Ambiguous => "<mo>\u{2062}</mo>",
            Mark::BeforeWord | Mark::Thin => "<mo lspace=\"0.17em\">\u{2062}</mo>",
            Mark::Dot => "<mo>·</mo>",
            Mark::Times => "<mo>×</mo>",
            Mark::Hadamard => "<mo>∘</mo>",
            Mark::HadamardQuotient => "<mo>⊘</mo>",
            Mark::Kronecker => "<mo>⊗</mo>",
        }
    }

    fn fraction(&self, negative: bool, top: &str, below: &str, small: bool) -> String {
        let fraction = format!("<mfrac>{}{}</mfrac>", enclosed(top), enclosed(below));
        let set = if small { format!("<mstyle displaystyle=\"false\">{fraction}</mstyle>") } else { fraction };
        if negative { enclosed(&format!("<mo>−</mo>{set}")) } else { set }
    }

    fn exponent(&self, raise: &Raise, setter: &Setter) -> String {
        // no operator: it would stand apart
        const TOP: &str = "<mi>⊤</mi>";
        match raise {
            Raise::Transpose => TOP.to_owned(),
            Raise::Inverse => "<mo>−</mo><mn>1</mn>".to_owned(),
            Raise::InverseTranspose => format!("<mo>−</mo>{TOP}"),
            Raise::Power(p) => setter.flat(p),
            Raise::Entrywise(p) => format!("<mo>∘</mo>{}", setter.flat(p)),
        }
    }

    fn raised(&self, base: Boxes, exponent: String) -> Boxes {
        carried(self.group(base), |base| superscript(base, &exponent))
    }

    fn places(&self, places: &[String], letters: bool) -> String {
        places.join(if letters { "" } else { "<mo>,</mo>" })
    }

    fn lowered(&self, base: Boxes, places: &str) -> Boxes {
        carried(self.group(base), |base| format!("<msub>{base}<mrow>{places}</mrow></msub>"))
    }

    fn grows(&self, _: Brackets, _: bool, body: &Boxes) -> bool {
        let inner = body.flat("");
        let small = inner.matches("<mstyle displaystyle=\"false\"><mfrac").count();
        inner.matches("<mfrac").count() > small || ["<mtable", "<msqrt"].iter().any(|tag| inner.contains(tag))
    }

    fn brackets(&self, brackets: Brackets, growth: Growth) -> (&'static str, &'static str) {
        match (brackets, growth) {
            (Brackets::Round, Growth::Grown) => ("<mo>(</mo>", "<mo>)</mo>"),
            (Brackets::Square | Brackets::Iverson, Growth::Grown) => ("<mo>[</mo>", "<mo>]</mo>"),
            (Brackets::Angle, Growth::Grown) => ("<mo>⟨</mo>", "<mo>⟩</mo>"),
            (Brackets::Bars, Growth::Grown) => ("<mo>|</mo>", "<mo>|</mo>"),
            (Brackets::Norm, Growth::Grown) => ("<mo>‖</mo>", "<mo>‖</mo>"),
            (Brackets::Round, _) => ("<mo stretchy=\"false\">(</mo>", "<mo stretchy=\"false\">)</mo>"),
            (Brackets::Square | Brackets::Iverson, _) => {
                ("<mo stretchy=\"false\">[</mo>", "<mo stretchy=\"false\">]</mo>")
            }
            (Brackets::Angle, _) => ("<mo stretchy=\"false\">⟨</mo>", "<mo stretchy=\"false\">⟩</mo>"),
            (Brackets::Bars, _) => ("<mo stretchy=\"false\">|</mo>", "<mo stretchy=\"false\">|</mo>"),
            (Brackets::Norm, _) => ("<mo stretchy=\"false\">‖</mo>", "<mo stretchy=\"false\">‖</mo>"),
        }
    }

    fn comma(&self) -> &'static str {
        "<mo>,</mo>"
    }

    fn application(&self) -> &'static str {
        "<mo>\u{2061}</mo>"
    }

    fn primed(&self, function: String, primes: u32) -> String {
        match primes {
            0 => function,
            _ => superscript(&function, &format!("<mo>{}</mo>", "′".repeat(primes as usize))),
        }
    }

    fn constructor(&self, function: &str, sizes: &[Ast], setter: &Setter) -> Option<String> {
        let (base, separator) = match function {
            "eye" => ("<mi>I</mi>", "<mo>×</mo>"),
            "ones" => ("<mn>𝟏</mn>", "<mo>×</mo>"),
            "K" => ("<mi>K</mi>", "<mo>,</mo>"),
            _ => return None,
        };
        let sizes: Vec<String> = sizes.iter().map(|s| setter.flat(s)).collect();
        Some(format!("<msub>{base}<mrow>{}</mrow></msub>", sizes.join(separator)))
    }

    fn root(&self, body: &str) -> String {
        format!("<msqrt>{body}</msqrt>")
    }

    fn slope(&self, slope: Slope, function: &str, _: &dyn Symbols) -> String {
        let (name, squared) = (self.function(function), superscript("<mo>∇</mo>", "<mn>2</mn>"));
        match slope {
            Slope::Gradient => format!("<mo>∇</mo>{name}"),
            Slope::Jacobian => format!("<msub><mi>J</mi>{name}</msub>"),
            Slope::Hessian => format!("{squared}{name}"),
            Slope::Weighted => squared,
        }
    }

    fn differential(&self) -> &'static str {
        "<mi mathvariant=\"normal\">d</mi>"
    }

    fn indexed_norm(&self, norm: Boxes, kind: &NormKind) -> Boxes {
        let index = match kind {
            NormKind::Two => return norm,
            NormKind::Frobenius => "<mi>F</mi>".to_owned(),
            NormKind::One => "<mn>1</mn>".to_owned(),
            NormKind::Infinity => "<mi>∞</mi>".to_owned(),
            NormKind::P(p) => word(p),
        };
        carried(norm, |norm| format!("<msub>{norm}{index}</msub>"))
    }

    fn brackets_one_entry(&self) -> bool {
        true
    }

    fn matrix(&self, rows: &[Vec<String>]) -> String {
        let cell = |c: &String| format!("<mtd>{c}</mtd>");
        let row = |r: &Vec<String>| format!("<mtr>{}</mtr>", r.iter().map(cell).collect::<String>());
        let rows: String = rows.iter().map(row).collect();
        enclosed(&format!("<mo>[</mo><mtable>{rows}</mtable><mo>]</mo>"))
    }

    fn dots(&self) -> &'static str {
        "<mo>..</mo>"
    }

    fn gathering(&self, by: Gathering) -> &'static str {
        match by {
            Gathering::Sum => "<mo>∑</mo>",
            Gathering::Product => "<mo>∏</mo>",
            Gathering::Maximum => "<mi>max</mi>",
            Gathering::Minimum => "<mi>min</mi>",
            Gathering::Mean => "<mi>mean</mi>",
            Gathering::Expectation => "<mi>𝔼</mi>",
        }
    }

    fn relation(&self, relation: Comparator) -> &'static str {
        match relation {
            Comparator::Equal => "=",
            Comparator::Less => "&lt;",
            Comparator::Different => "≠",
            Comparator::AtMost => "≤",
        }
    }

    fn reversed(&self, order: Comparator) -> &'static str {
        match order {
            Comparator::Less => "&gt;",
            Comparator::AtMost => "≥",
            Comparator::Equal | Comparator::Different => self.relation(order),
        }
    }

    fn related(&self, left: &str, relation: &str, right: &str, _: bool) -> String {
        format!("{left}<mo>{relation}</mo>{right}")
    }

    fn ranged(&self, sign: &str, letter: &str, first: &str, last: &str) -> String {
        let first = enclosed(&format!("{letter}<mo>=</mo>{first}"));
        format!("<munderover>{sign}{first}{}</munderover>", enclosed(last))
    }

    fn beneath(&self, sign: &str, parts: &[String]) -> String {
        format!("<munder>{sign}{}</munder>", enclosed(&parts.join("<mo>,</mo>")))
    }

    fn over(&self, power: &str, of: &str, below: &[String]) -> String {
        let (above, round) = (self.round(power), self.round(""));
        let top = enclosed(&format!("{above}{of}"));
        format!("<mfrac>{top}{}</mfrac>", enclosed(&format!("{round}{}", below.join(&round))))
    }

    fn round(&self, power: &str) -> String {
        match power.is_empty() {
            true => "<mo>∂</mo>".to_owned(),
            false => format!("<msup><mo>∂</mo><mn>{power}</mn></msup>"),
        }
    }

    fn slash(&self, direct: bool, of: &str, below: &str) -> String {
        let (above, round) = (self.round(if direct { "+" } else { "" }), self.round(""));
        format!("{above}{of}<mo lspace=\"0\" rspace=\"0\">/</mo>{round}{below}")
    }

    fn transposed(&self, a: &str) -> String {
        format!("<msup>{}<mi>⊤</mi></msup>", enclosed(a))
    }

    fn to_the(&self, a: &str, exponent: &str) -> String {
        format!("<msup>{}<mn>{exponent}</mn></msup>", enclosed(a))
    }

    fn bracketed(&self, a: &str) -> String {
        enclosed(&format!("<mo>(</mo>{a}<mo>)</mo>"))
    }

    fn applied(&self, map: &str, direction: &str) -> String {
        format!("{map}{}", enclosed(&format!("<mo>[</mo>{direction}<mo>]</mo>")))
    }

    fn vec(&self, a: &str) -> String {
        format!("<mi>vec</mi>{}", self.bracketed(a))
    }

    fn stack(&self, names: &[String]) -> String {
        self.matrix(&names.iter().map(|n| vec![n.clone()]).collect::<Vec<_>>())
    }

    fn times(&self) -> &'static str {
        "<mo>×</mo>"
    }

    fn words(&self, words: &str) -> String {
        format!("<mtext>{}</mtext>", escaped(&words.replace(' ', "\u{a0}")))
    }

    fn gains(&self) -> &'static str {
        "<mo rspace=\"0\">+</mo><mspace width=\"-0.25em\"></mspace>"
    }
}

/// `<msub><mi>W</mi><mn>1</mn></msub>`.
fn mathml_name(name: &str, bold: Bold) -> String {
    if name == "𝟏" {
        return "<mn>𝟏</mn>".to_owned();
    }
    let parts = parts(name);
    let mut text = word(&if bold(name) { heavy(parts.base) } else { parts.base.to_owned() });
    if let Some((word, mark, ..)) = parts.accent {
        text = format!("<mover accent=\"true\">{text}<mo>{}</mo></mover>", spacing(word).unwrap_or(*mark));
    }
    match parts.subscript {
        Some(s) if all_digits(s) => format!("<msub>{text}<mn>{s}</mn></msub>"),
        Some(s) if is_name(s) => format!("<msub>{text}{}</msub>", mathml_name(s, &plain)),
        Some(s) if is_index(s) => format!("<msub>{text}{}</msub>", enclosed(&s.chars().map(index).collect::<String>())),
        Some(s) => format!("<msub>{text}{}</msub>", word(s)),
        None => text,
    }
}

/// An accent as a character of its own.
fn spacing(word: &str) -> Option<char> {
    match word {
        "hat" => Some('^'),
        "tilde" => Some('~'),
        "bar" => Some('¯'),
        "dot" => Some('˙'),
        "check" => Some('ˇ'),
        _ => None,
    }
}

fn word(word: &str) -> String {
    format!("<mi>{}</mi>", escaped(word))
}

/// A character of an index that is computed.
fn index(c: char) -> String {
    match c {
        '0'..='9' => format!("<mn>{c}</mn>"),
        '-' => "<mo>−</mo>".to_owned(),
        '+' | ',' => format!("<mo>{c}</mo>"),
        _ => format!("<mi>{c}</mi>"),
    }
}

/// Letters from the bold alphabet of mathematics.
fn heavy(word: &str) -> String {
    let shifted = |c: char, first: char, bold: u32| char::from_u32(bold + (c as u32 - first as u32)).unwrap_or(c);
    let letter = |c: char| match c {
        'A'..='Z' => shifted(c, 'A', 0x1d400),
        'a'..='z' => shifted(c, 'a', 0x1d41a),
        'Α'..='Ω' => shifted(c, 'Α', 0x1d6a8),
        'α'..='ω' => shifted(c, 'α', 0x1d6c2),
        '0'..='9' => shifted(c, '0', 0x1d7ce),
        _ => c,
    };
    word.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_with_subscripts_and_accents() {
        assert_eq!(
            mathml_name("y_hat_2", &plain),
            "<msub><mover accent=\"true\"><mi>y</mi><mo>^</mo></mover><mn>2</mn></msub>"
        );
        assert_eq!(mathml_name("δ", &|_| true), "<mi>𝛅</mi>");
        assert_eq!(mathml_name("h_t-1", &plain), "<msub><mi>h</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub>");
        assert_eq!(mathml_name("δ_c_1", &plain), "<msub><mi>δ</mi><msub><mi>c</mi><mn>1</mn></msub></msub>");
        assert_eq!(MathMl.function("log_softmax"), "<mi>log softmax</mi>");
    }
}
