//! What a name is made of: its base, its accent, its subscript.

use crate::expr::{Builtin, Elementwise};
use crate::syntax::{ACCENTS, SUBSCRIPTS};

/// The word of an accent, its combining character, letters that have it, and the same letters without it.
pub type Accent = (&'static str, char, &'static str, &'static str);

/// A letter with an accent, as one character where there is one.
pub fn accented(base: &str, (_, mark, composed, plain): &Accent) -> String {
    let place = single(base).and_then(|letter| plain.chars().position(|p| p == letter));
    match place.and_then(|i| composed.chars().nth(i)) {
        Some(letter) => letter.to_string(),
        None => format!("{base}{mark}"),
    }
}

/// Whether a subscript is the name of something that has one itself: the c₁ of δ_c₁.
pub fn is_name(subscript: &str) -> bool {
    let parts = parts(subscript);
    parts.subscript.is_some() && parts.accent.is_none() && single(parts.base).is_some_and(char::is_alphabetic)
}

/// Whether a subscript is an index that is computed: the t-1 of h_{t-1}.
pub fn is_index(subscript: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphabetic();
    let known = |c: char| c.is_ascii_alphanumeric() || "+-,".contains(c);
    let words = subscript.split(|c| !letters(c)).any(|word| word.len() > 1);
    subscript.contains(['+', '-', ',']) && subscript.chars().all(known) && !words
}

/// The Unicode subscript of a text; `None` when a character has none.
pub fn lowered(text: &str) -> Option<String> {
    let lower = |c| SUBSCRIPTS.1.chars().position(|plain| plain == c).and_then(|i| SUBSCRIPTS.0.chars().nth(i));
    text.chars().map(lower).collect()
}

/// What is written behind a base in a notation that braces subscripts: `_n`, `_{n×m}`.
pub fn subscripted(text: &str) -> String {
    if single(text).is_some() { format!("_{text}") } else { format!("_{{{text}}}") }
}

/// Which names are set in bold.
pub type Bold<'a> = &'a dyn Fn(&str) -> bool;

/// No name is.
pub fn plain(_: &str) -> bool {
    false
}

/// A plain name in its parts: `y_hat_1` is base y, accent hat, subscript 1.
pub struct Parts<'a> {
    pub base: &'a str,
    pub accent: Option<&'static Accent>,
    pub subscript: Option<&'a str>,
}

pub fn parts(name: &str) -> Parts<'_> {
    let (base, rest) = name.split_once('_').map_or((name, None), |(b, r)| (b, Some(r)));
    let Some(rest) = rest.filter(|_| !base.is_empty()) else {
        return Parts { base: name, accent: None, subscript: None };
    };
    let (first, more) = rest.split_once('_').map_or((rest, None), |(a, b)| (a, Some(b)));
    match ACCENTS.iter().find(|(word, ..)| *word == first) {
        accent @ Some(_) if single(base).is_some() => Parts { base, accent, subscript: more },
        Some(_) | None => Parts { base, accent: None, subscript: Some(rest) },
    }
}

pub fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

pub fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A name that has a subscript.
pub fn is_subscripted(name: &str) -> bool {
    parts(name).subscript.is_some()
}

/// Whether a function is an operator, and no letter of the author's.
pub fn is_operator(function: &str) -> bool {
    Elementwise::from_spelling(function).is_some()
        || Builtin::from_spelling(function).is_some()
        || single(function).is_none() && !function.contains('_')
}

/// The superscript of a whole exponent in Unicode: `²`, `⁻³`; `None` for anything that is not one.
pub fn superscript(exponent: &str) -> Option<String> {
    const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let (sign, digits) = exponent.strip_prefix('-').map_or(("", exponent), |d| ("⁻", d));
    let lifted = |digits: &str| digits.bytes().map(|b| SUPERSCRIPTS[usize::from(b - b'0')]).collect::<String>();
    all_digits(digits).then(|| format!("{sign}{}", lifted(digits)))
}

/// Columns a text takes on the page: combining marks take none.
pub fn columns(text: &str) -> usize {
    text.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).count()
}
