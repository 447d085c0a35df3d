//! The small scanners the lexer is made of, on nom: each takes a prefix of its input.

use super::names;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, digit1, one_of, satisfy};
use nom::combinator::{opt, recognize};
use nom::{IResult, Parser};

/// `12`, `0.5`, `1e-3`. A point and an `e` belong to the number only with digits after them.
pub(super) fn number(input: &str) -> IResult<&str, &str> {
    let fraction = (char('.'), digit1);
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    recognize((digit1, opt(fraction), opt(exponent))).parse(input)
}

/// What follows a number to make it none: `.3` after `1.2`.
pub(super) fn stray_fraction(input: &str) -> IResult<&str, &str> {
    recognize((char('.'), digit1, opt((char('.'), digit1)))).parse(input)
}

fn is_word_part(c: char) -> bool {
    (names::is_letter(c) && !names::is_mathematical(c)) || c.is_ascii_digit() || names::combining(c).is_some()
}

/// A letter with the letters, digits and accents after it: `W1`, `softmax`, `x̃`. Mathematical letters stand alone.
pub(super) fn word(input: &str) -> IResult<&str, &str> {
    if input.starts_with(names::is_mathematical) {
        return letter(input);
    }
    recognize((satisfy(names::is_letter), take_while(is_word_part))).parse(input)
}

/// A letter with its accents and the digits after it.
pub(super) fn letter(input: &str) -> IResult<&str, &str> {
    let accents = take_while(|c| names::combining(c).is_some());
    recognize((satisfy(names::is_letter), accents, take_while(|c: char| c.is_ascii_digit()))).parse(input)
}

/// The subscript of plain text: letters and digits.
pub(super) fn plain_subscript(input: &str) -> IResult<&str, &str> {
    take_while1(is_word_part).parse(input)
}

/// `₁₂`.
pub(super) fn low_characters(input: &str) -> IResult<&str, &str> {
    take_while1(|c| names::subscript(c).is_some()).parse(input)
}

/// `⁻¹`, `ᵀ`, `²`.
pub(super) fn high_characters(input: &str) -> IResult<&str, &str> {
    take_while1(|c| names::superscript(c).is_some()).parse(input)
}

/// The letters of a LaTeX command after its backslash, with the star of `operatorname*`.
pub(super) fn command(input: &str) -> IResult<&str, &str> {
    recognize((take_while1(|c: char| c.is_ascii_alphabetic()), opt(char('*')))).parse(input)
}

/// The space TeX leaves after a row, `[2pt]`.
pub(super) fn row_space(input: &str) -> IResult<&str, &str> {
    let unit = alt((tag("pt"), tag("em"), tag("ex"), tag("mm"), tag("cm"), tag("in")));
    let amount = take_while1(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    recognize((char('['), amount, unit, char(']'))).parse(input)
}

/// Two bars, the second perhaps with its own size.
pub(super) fn double_bar(input: &str) -> IResult<&str, &str> {
    let size = alt((tag("\\left"), tag("\\right")));
    recognize((char('|'), opt(size), char('|'))).parse(input)
}

/// Blank space within a line; a carriage return belongs to its newline.
pub(super) fn blank(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c != '\n' && c.is_whitespace()).parse(input)
}

pub(super) fn comment(input: &str) -> IResult<&str, &str> {
    take_while(|c| c != '\n').parse(input)
}

/// `'`, `′` and the quotes that editors make of it.
pub(super) fn prime(input: &str) -> IResult<&str, char> {
    one_of("'′’").parse(input)
}

/// Names and subscripts in braces are at most this long, so that a brace nobody closes costs nothing.
const MAX_GROUP: usize = 512;

/// The text of a short braced group without its braces, which nest; `None` when it does not end.
pub(super) fn group(input: &str) -> Option<(&str, &str)> {
    let inner = input.strip_prefix('{')?;
    let mut depth = 1usize;
    let mut escaped = false;
    for (i, c) in inner.char_indices().take(MAX_GROUP) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&inner[i + 1..], &inner[..i]));
        }
    }
    None
}

/// What follows a `~` that says what is drawn, `x ~ N(0, 1)`, `x ~ p_θ`: a distribution. Else it is a blank of LaTeX.
pub(super) fn is_drawn(after: &str) -> bool {
    let rest = after.trim_start();
    let font = ["\\mathcal", "\\mathrm", "\\text", "\\operatorname"].iter().find_map(|font| rest.strip_prefix(font));
    let name = font.map_or(rest, |rest| rest.trim_start_matches(['{', ' ']));
    let length = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
    let applied = name[length..].trim_start_matches(['}', ' ']).starts_with(['(', '\\']);
    matches!(&name[..length], "p" | "q" | "D")
        || font == Some("\\mathcal")
        || applied && name.starts_with(char::is_uppercase)
}
