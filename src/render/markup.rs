//! Names as Typst and MathML write them.

use super::escapes::escaped;
use super::names::{Bold, all_digits, is_index, is_name, parts, plain, single, unicode_function};
use crate::expr::{Builtin, Elementwise};

/// `W_(1)`, `hat(y)`, `x_("Paris")`, `λ`.
pub fn typst_name(name: &str, bold: Bold) -> String {
    if name == "𝟏" {
        return "bold(1)".to_owned();
    }
    let parts = parts(name);
    let mut text = typst_word(parts.base);
    if bold(name) {
        text = if single(parts.base).is_some_and(char::is_alphabetic) {
            format!("upright(bold({text}))")
        } else {
            format!("bold({text})")
        };
    }
    if let Some((word, mark, ..)) = parts.accent {
        text = match *word {
            "hat" | "tilde" | "dot" => format!("{word}({text})"),
            "bar" => format!("macron({text})"),
            "check" => format!("caron({text})"),
            _ => format!("accent({text}, {mark})"),
        };
    }
    match parts.subscript {
        Some(s) if all_digits(s) => format!("{text}_({s})"),
        Some(s) if is_name(s) => format!("{text}_({})", typst_name(s, &plain)),
        Some(s) if is_index(s) => format!("{text}_({s})"),
        Some(s) => format!("{text}_({})", typst_word(s)),
        None => text,
    }
}

/// A letter as it is, a longer word upright.
fn typst_word(word: &str) -> String {
    if single(word).is_some() { word.to_owned() } else { format!("\"{}\"", word.replace('"', "\\\"")) }
}

/// A function's name: a letter, or an operator.
pub fn typst_function(name: &str) -> String {
    let sign = unicode_function(name);
    match built_in(name) {
        true if single(&sign).is_some() => sign,
        true => format!("op(\"{}\")", sign.split('_').next().unwrap_or_default()),
        false => typst_name(name, &plain),
    }
}

fn built_in(name: &str) -> bool {
    Elementwise::from_spelling(name).is_some()
        || Builtin::from_spelling(name).is_some()
        || single(name).is_none() && !name.contains('_')
}

/// `<msub><mi>W</mi><mn>1</mn></msub>`.
pub fn mathml_name(name: &str, bold: Bold) -> String {
    if name == "𝟏" {
        return "<mn>𝟏</mn>".to_owned();
    }
    let parts = parts(name);
    let mut text = mathml_word(&if bold(name) { heavy(parts.base) } else { parts.base.to_owned() });
    if let Some((word, mark, ..)) = parts.accent {
        text = format!("<mover accent=\"true\">{text}<mo>{}</mo></mover>", spacing(word).unwrap_or(*mark));
    }
    match parts.subscript {
        Some(s) if all_digits(s) => format!("<msub>{text}<mn>{s}</mn></msub>"),
        Some(s) if is_name(s) => format!("<msub>{text}{}</msub>", mathml_name(s, &plain)),
        Some(s) if is_index(s) => {
            format!("<msub>{text}<mrow>{}</mrow></msub>", s.chars().map(mathml_index).collect::<String>())
        }
        Some(s) => format!("<msub>{text}{}</msub>", mathml_word(s)),
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

fn mathml_word(word: &str) -> String {
    format!("<mi>{}</mi>", escaped(word))
}

/// A character of an index that is computed.
fn mathml_index(c: char) -> String {
    match c {
        '0'..='9' => format!("<mn>{c}</mn>"),
        '-' => "<mo>−</mo>".to_owned(),
        '+' | ',' => format!("<mo>{c}</mo>"),
        _ => format!("<mi>{c}</mi>"),
    }
}

/// A function's name.
pub fn mathml_function(name: &str) -> String {
    let sign = unicode_function(name);
    if built_in(name) { mathml_word(&sign.replace('_', " ")) } else { mathml_name(name, &plain) }
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

/// Rows of cells between brackets.
pub fn matrix(rows: &[Vec<String>]) -> String {
    let cell = |c: &String| format!("<mtd>{c}</mtd>");
    let row = |r: &Vec<String>| format!("<mtr>{}</mtr>", r.iter().map(cell).collect::<String>());
    let rows: String = rows.iter().map(row).collect();
    format!("<mrow><mo>[</mo><mtable>{rows}</mtable><mo>]</mo></mrow>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_with_subscripts_and_accents() {
        let typst: Vec<String> =
            ["W", "W_1", "x_Paris", "y_hat_2", "λ", "h_{t-1}"].map(|n| typst_name(n, &plain)).into();
        assert_eq!(typst, ["W", "W_(1)", "x_(\"Paris\")", "hat(y)_(2)", "λ", "h_(\"{t-1}\")"]);
        assert_eq!(typst_name("W_1", &|_| true), "upright(bold(W))_(1)");
        assert_eq!(
            mathml_name("y_hat_2", &plain),
            "<msub><mover accent=\"true\"><mi>y</mi><mo>^</mo></mover><mn>2</mn></msub>"
        );
        assert_eq!(mathml_name("δ", &|_| true), "<mi>𝛅</mi>");
        assert_eq!(typst_name("δ_c_1", &plain), "δ_(c_(1))");
        assert_eq!(typst_name("h_t-1", &plain), "h_(t-1)");
        assert_eq!(mathml_name("h_t-1", &plain), "<msub><mi>h</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub>");
        assert_eq!(mathml_name("δ_c_1", &plain), "<msub><mi>δ</mi><msub><mi>c</mi><mn>1</mn></msub></msub>");
    }

    #[test]
    fn functions_are_letters_or_words() {
        assert_eq!(
            [typst_function("f"), typst_function("sigmoid"), typst_function("softmax")],
            ["f", "σ", "op(\"softmax\")"]
        );
        assert_eq!(mathml_function("log_softmax"), "<mi>log softmax</mi>");
    }
}
