//! How wide formulas of LaTeX and Typst are set, by their text.

/// Commands that set nothing themselves.
const SILENT: &[&str] = &[
    "left",
    "right",
    "bigl",
    "bigr",
    "mathrm",
    "operatorname",
    "text",
    "mathbf",
    "boldsymbol",
    "frac",
    "tfrac",
    "begin",
    "end",
    "bmatrix",
    "hat",
    "tilde",
    "bar",
    "dot",
    "check",
    "sqrt",
    "upright",
    "bold",
    "op",
    "quad",
    "mat",
    "delim",
];

/// Commands that set their own name.
const WORDS: &[&str] =
    &["exp", "log", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "det"];

/// About how wide a formula is set, in letters of the text: signs of operations stand between spaces, brackets are narrow.
pub fn typeset_width(text: &str) -> usize {
    tenths(text).div_ceil(10)
}

/// The same in tenths of a letter.
fn tenths(text: &str) -> usize {
    // the parentheses of Typst's calls are not set
    let calls =
        ["bold(", "upright(", "frac(", "op(", "hat(", "mat("].iter().map(|c| text.matches(c).count()).sum::<usize>();
    let (mut width, mut chars) = (0usize, text.chars().peekable());
    while let Some(c) = chars.next() {
        if c == '\\' || c.is_ascii_alphabetic() {
            let mut word = if c == '\\' { String::new() } else { c.to_string() };
            while let Some(letter) = chars.next_if(|c| c.is_ascii_alphabetic()) {
                word.push(letter);
            }
            width += match word.as_str() {
                w if SILENT.contains(&w) => 0,
                "circ" | "oslash" | "otimes" | "odot" | "cdot" => 18,
                w if c == '\\' && !WORDS.contains(&w) => 10,
                w if w.len() > 1 => 9 * w.len(),
                _ => 10,
            };
        } else {
            width += match c {
                '+' | '-' | '=' => 22,
                '∘' | '⊘' | '⊗' | '·' => 18,
                '(' | ')' | '[' | ']' | ',' | '⟨' | '⟩' => 8,
                '\'' => 5,
                '{' | '}' | '^' | '_' | ' ' | '&' | '"' => 0,
                _ => 10,
            };
        }
    }
    // bold letters are wider
    let bold = text.matches("\\mathbf").count() + text.matches("bold(").count();
    (width + 4 * bold).saturating_sub(16 * calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_as_wide_as_what_they_set() {
        assert_eq!(typeset_width("W^\\top \\delta"), 3);
        assert_eq!(typeset_width("\\operatorname{diag}(f'(z))"), 10);
        assert_eq!(typeset_width("\\mathbf{W} \\mathbf{x}"), 3);
    }
}
