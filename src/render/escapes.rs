//! Plain text within the text of a notation.

use crate::syntax::GREEK;

/// Signs that stand in messages, as LaTeX writes them within text.
const SIGNS: &[(char, &str)] = &[
    ('‖', "\\|"),
    ('∂', "\\partial "),
    ('∘', "\\circ "),
    ('⊗', "\\otimes "),
    ('×', "\\times "),
    ('·', "\\cdot "),
    ('−', "-"),
    ('≠', "\\ne "),
    ('≤', "\\le "),
    ('≥', "\\ge "),
    ('⟨', "\\langle "),
    ('⟩', "\\rangle "),
    ('ᵀ', "^\\top "),
    ('⁻', "^-"),
    ('¹', "^1"),
    ('²', "^2"),
    ('³', "^3"),
    ('₁', "_1"),
    ('₂', "_2"),
    ('½', "\\tfrac12 "),
    ('Σ', "\\Sigma "),
    ('→', "\\to "),
    ('←', "\\leftarrow "),
    ('∞', "\\infty "),
    ('√', "\\surd "),
    ('✓', "\\checkmark "),
    ('𝟏', "\\mathbf 1 "),
];

/// Plain text within LaTeX's text.
pub fn latex_words(text: &str) -> String {
    text.chars().map(word).collect()
}

fn word(c: char) -> String {
    match c {
        '_' | '%' | '&' | '#' | '$' | '{' | '}' => format!("\\{c}"),
        '^' => "\\^{}".to_owned(),
        '~' => "\\~{}".to_owned(),
        '\\' => "\\textbackslash{}".to_owned(),
        '…' => "\\dots{}".to_owned(),
        '’' => "'".to_owned(),
        _ if c.is_ascii() => c.to_string(),
        _ => latex_sign(c).map_or(c.to_string(), |command| format!("${}$", command.trim_end())),
    }
}

/// The command for a sign of mathematics or a Greek letter.
pub fn latex_sign(c: char) -> Option<String> {
    let greek = GREEK.iter().find(|(_, letter)| *letter == c).map(|(command, _)| format!("\\{command}"));
    greek.or_else(|| SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, command)| (*command).to_owned()))
}

/// Text within an element.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
