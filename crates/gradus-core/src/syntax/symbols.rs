//! The signs of plain text, and what to say of characters that are none.

use super::token::{BarSide, Bracket, MathEdge, Tok};
use crate::diag::{Error, Kind, Span};

/// Every sign with its token; where one begins another, the longer comes first.
const SYMBOLS: &[(&str, Tok)] = &[
    (".*", Tok::Had { matlab: true }),
    (".+", Tok::Plus),
    (".-", Tok::Minus),
    ("./", Tok::HadDiv { matlab: true }),
    (".^", Tok::DotCaret),
    (".'", Tok::DotPrime),
    ("...", Tok::Ellipsis),
    ("…", Tok::Ellipsis),
    ("..", Tok::DotDot),
    (".", Tok::Dot),
    ("+", Tok::Plus),
    ("->", Tok::Arrow),
    ("→", Tok::Arrow),
    // `PV = nRT ⇒ P = nRT/V`: another statement
    ("⇒", Tok::Semicolon),
    ("⟹", Tok::Semicolon),
    ("⟶", Tok::Arrow),
    ("↦", Tok::Arrow),
    ("⟼", Tok::Arrow),
    ("|->", Tok::Arrow),
    ("-", Tok::Minus),
    ("−", Tok::Minus),
    ("–", Tok::Minus),
    ("**", Tok::Power),
    ("*", Tok::Times),
    ("∗", Tok::Times),
    ("·", Tok::Times),
    ("⋅", Tok::Times),
    ("∙", Tok::Times),
    ("•", Tok::Times),
    ("@", Tok::Times),
    ("%*%", Tok::Times),
    ("%x%", Tok::Kron),
    ("×", Tok::Cross),
    ("/", Tok::Slash),
    ("÷", Tok::Slash),
    ("\\", Tok::Solve),
    ("⊗", Tok::Kron),
    ("∘", Tok::Had { matlab: false }),
    ("⊙", Tok::Had { matlab: false }),
    ("⊘", Tok::HadDiv { matlab: false }),
    ("√", Tok::Radical),
    ("^", Tok::Caret),
    ("⊤", Tok::Top),
    ("‖", Tok::Bar(BarSide::Either)),
    ("∥", Tok::Bar(BarSide::Either)),
    ("||", Tok::Bar(BarSide::Either)),
    ("(", Tok::Open(Bracket::Paren)),
    (")", Tok::Close(Bracket::Paren)),
    ("[", Tok::Open(Bracket::Square)),
    ("]", Tok::Close(Bracket::Square)),
    ("{", Tok::Open(Bracket::Brace)),
    ("}", Tok::Close(Bracket::Brace)),
    ("⟨", Tok::Open(Bracket::Angle)),
    ("⟩", Tok::Close(Bracket::Angle)),
    (",", Tok::Comma),
    (":=", Tok::Equals),
    ("≔", Tok::Equals),
    (":", Tok::Colon),
    ("∈", Tok::In),
    ("=", Tok::Equals),
    (";", Tok::Semicolon),
    ("\n", Tok::Newline),
    ("∂", Tok::Partial),
    ("∇", Tok::Nabla),
    ("∞", Tok::Infinity),
    ("$$", Tok::Boundary(MathEdge::Either)),
    ("$", Tok::Boundary(MathEdge::Either)),
    ("|", Tok::Pipe(BarSide::Either)),
    ("∣", Tok::Pipe(BarSide::Either)),
    ("≡", Tok::Equals),
    ("≜", Tok::Equals),
    ("∝", Tok::Nearly("∝")),
    ("≈", Tok::Nearly("≈")),
    ("<=", Tok::Relation("≤")),
    ("≤", Tok::Relation("≤")),
    (">=", Tok::Relation("≥")),
    ("≥", Tok::Relation("≥")),
    ("<", Tok::Relation("<")),
    (">", Tok::Relation(">")),
    ("≠", Tok::Relation("≠")),
    ("!=", Tok::Relation("≠")),
    ("⪰", Tok::Relation("⪰")),
    ("≻", Tok::Relation("≻")),
    ("~", Tok::Relation("∼")),
    ("∼", Tok::Relation("∼")),
];

/// Fractions that Unicode has as one character.
pub(super) fn vulgar_fraction(c: char) -> Option<(&'static str, &'static str)> {
    match c {
        '½' => Some(("1", "2")),
        '⅓' => Some(("1", "3")),
        '⅔' => Some(("2", "3")),
        '¼' => Some(("1", "4")),
        '¾' => Some(("3", "4")),
        _ => None,
    }
}

/// The sign the text begins with, and its length.
pub(super) fn symbol(text: &str) -> Option<(Tok, usize)> {
    let first = text.bytes().next()?; // tells most signs apart
    let is_first = |sign: &str| sign.as_bytes()[0] == first && text.starts_with(sign);
    SYMBOLS.iter().find(|(sign, _)| is_first(sign)).map(|(sign, tok)| (tok.clone(), sign.len()))
}

/// Characters that cannot be seen, by name.
fn invisible(c: char) -> Option<&'static str> {
    match c {
        '\u{200b}' => Some("zero-width space"),
        '\u{200c}' => Some("zero-width non-joiner"),
        '\u{200d}' => Some("zero-width joiner"),
        '\u{2060}' => Some("word joiner (zero-width)"),
        '\u{feff}' => Some("byte order mark (zero-width)"),
        '\u{ad}' => Some("soft hyphen (invisible)"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => {
            Some("mark of writing direction (invisible)")
        }
        c if c.is_control() => Some("control character (invisible)"),
        _ => None,
    }
}

/// What to write instead of a sign the language does not have.
fn advice(c: char) -> &'static str {
    match c {
        '√' => "write sqrt(x)",
        '∫' => "integrals are not in the language",
        '%' => "a comment begins with #",
        '!' => "factorials are not in the language; log n! is lgamma(n + 1)",
        '"' | '`' => "quotes have no meaning here; ' is the transpose",
        '⊕' => "write [A, B] or [A; B] for blocks",
        '†' => "write X^T for the transpose, or (X^T X)^-1 X^T for a pseudo-inverse",
        '_' => "a subscript follows its name at once: x_1, x_{Paris}",
        '?' | '&' => "this character has no meaning here",
        _ => "delete it, or give the name in Latin or Greek letters",
    }
}

/// The error for a character that begins no token.
pub(super) fn unexpected_character(c: char, at: usize) -> Error {
    let span = Span::new(at, at + c.len_utf8());
    let code = u32::from(c);
    match invisible(c) {
        Some(name) => Error::new(Kind::Syntax, format!("unexpected {name}, U+{code:04X}"))
            .at(span, "an invisible character stands here")
            .help("delete the invisible character"),
        None => Error::new(Kind::Syntax, format!("unexpected character '{c}' (U+{code:04X})"))
            .at(span, "not part of the language")
            .help(advice(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_signs_come_first() {
        for (i, (sign, _)) in SYMBOLS.iter().enumerate() {
            let hidden = SYMBOLS[..i].iter().find(|(earlier, _)| sign.starts_with(earlier));
            assert!(hidden.is_none(), "{sign} is never reached");
        }
    }
}
