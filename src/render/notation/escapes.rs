//! Plain text within the text of a notation.

use crate::syntax::{GREEK, lowered_character, raised_character};

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
        let Some((mark, first)) = latex_script(c) else {
            out.push_str(&word(c));
            continue;
        };
        let mut set = first;
        while let Some((_, more)) = chars.peek().and_then(|c| latex_script(*c)).filter(|(own, _)| *own == mark) {
            set.push_str(&more);
            chars.next();
        }
        out.push_str(&format!("${mark}{{{set}}}$"));
    }
    out
}

/// A raised or lowered character as LaTeX sets it: the mark of its script, and what is set there.
fn latex_script(c: char) -> Option<(char, String)> {
    let set = |plain: char| if plain == 'T' { "\\top ".to_owned() } else { plain.to_string() };
    script(c).map(|(mark, plain)| (mark, set(plain)))
}

/// A raised or lowered character: the mark of its script, and what it is on the line.
pub(super) fn script(c: char) -> Option<(char, char)> {
    let raised = match c {
        'ᵗ' => Some('t'),
        '⁺' => Some('+'),
        _ => raised_character(c),
    };
    lowered_character(c).map(|plain| ('_', plain)).or(raised.map(|plain| ('^', plain)))
}

/// The first word of a Greek letter.
pub fn greek(letter: char) -> Option<&'static str> {
    GREEK.iter().find(|(_, own)| *own == letter).map(|(word, _)| *word)
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
    greek(c)
        .map(|word| format!("\\{word}"))
        .or_else(|| SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, command)| (*command).to_owned()))
        .or_else(|| latex_script(c).map(|(mark, set)| format!("{mark}{{{set}}}")))
}

/// Text within an element.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
