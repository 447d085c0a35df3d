//! Plain text within the text of a notation.

use crate::syntax::{GREEK, SUBSCRIPTS, SUPERSCRIPTS};

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
    ('∇', "\\nabla "),
    ('⊘', "\\oslash "),
    ('±', "\\pm "),
    ('𝔼', "\\mathbb E "),
    ('Ḡ', "\\bar G "),
    ('ā', "\\bar a "),
    ('½', "\\tfrac12 "),
    ('Σ', "\\Sigma "),
    ('→', "\\to "),
    ('←', "\\leftarrow "),
    ('∞', "\\infty "),
    ('√', "\\surd "),
    ('✓', "\\checkmark "),
    ('✗', "\\times "),
    ('𝟏', "\\mathbf 1 "),
];

/// Plain text within LaTeX's text; raised and lowered characters that follow each other are set as one script.
pub fn latex_words(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some((mark, first)) = script(c) else {
            out.push_str(&word(c));
            continue;
        };
        let mut set = first;
        while let Some((_, more)) = chars.peek().and_then(|c| script(*c)).filter(|(own, _)| *own == mark) {
            set.push_str(&more);
            chars.next();
        }
        out.push_str(&format!("${mark}{{{set}}}$"));
    }
    out
}

/// A raised or lowered character: the mark of its script, and what is set there.
fn script(c: char) -> Option<(char, String)> {
    let plain = |table: (&str, &str)| table.1.chars().nth(table.0.chars().position(|own| own == c)?);
    let set = |plain: char| if plain == 'T' { "\\top ".to_owned() } else { plain.to_string() };
    match c {
        'ᵗ' => Some(('^', "t".to_owned())),
        '⁺' => Some(('^', "+".to_owned())),
        _ => [('_', SUBSCRIPTS), ('^', SUPERSCRIPTS)]
            .into_iter()
            .find_map(|(mark, table)| Some((mark, set(plain(table)?)))),
    }
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
    greek
        .or_else(|| SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, command)| (*command).to_owned()))
        .or_else(|| script(c).map(|(mark, set)| format!("{mark}{{{set}}}")))
}

/// Text within an element.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
