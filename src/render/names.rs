//! Names as each notation writes them.

use crate::expr::{Builtin, Elementwise, Name};
use crate::syntax::{ACCENTS, GREEK, SUBSCRIPTS};

const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// The word of an accent, its combining character, letters that have it, and the same letters without it.
pub(super) type Accent = (&'static str, char, &'static str, &'static str);

/// A letter with an accent, as one character where there is one.
fn accented(base: &str, (_, mark, composed, plain): &Accent) -> String {
    let place = single(base).and_then(|letter| plain.chars().position(|p| p == letter));
    match place.and_then(|i| composed.chars().nth(i)) {
        Some(letter) => letter.to_string(),
        None => format!("{base}{mark}"),
    }
}

/// Whether a subscript is the name of something that has one itself: the c₁ of δ_c₁.
pub(super) fn is_name(subscript: &str) -> bool {
    let parts = parts(subscript);
    parts.subscript.is_some() && parts.accent.is_none() && single(parts.base).is_some_and(char::is_alphabetic)
}

/// Whether a subscript is an index that is computed: the t-1 of h_{t-1}.
pub(super) fn is_index(subscript: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphabetic();
    let known = |c: char| c.is_ascii_alphanumeric() || "+-,".contains(c);
    let words = subscript.split(|c| !letters(c)).any(|word| word.len() > 1);
    subscript.contains(['+', '-', ',']) && subscript.chars().all(known) && !words
}

/// The Unicode subscript of a text; `None` when a character has none.
pub(super) fn lowered(text: &str) -> Option<String> {
    let lower = |c| SUBSCRIPTS.1.chars().position(|plain| plain == c).and_then(|i| SUBSCRIPTS.0.chars().nth(i));
    text.chars().map(lower).collect()
}

/// The subscript that gives `I` or `𝟏` its sizes: `ₙ`, `_d`, `_{n×m}`.
pub fn size_subscript(sizes: &str, latex: bool) -> String {
    let braced = if single(sizes).is_some() { format!("_{sizes}") } else { format!("_{{{sizes}}}") };
    lowered(sizes).filter(|_| !latex).unwrap_or(braced)
}

/// Which names are set in bold.
pub type Bold<'a> = &'a dyn Fn(&str) -> bool;

/// No name is.
pub fn plain(_: &str) -> bool {
    false
}

/// A plain name in its parts: `y_hat_1` is base y, accent hat, subscript 1.
pub(super) struct Parts<'a> {
    pub base: &'a str,
    pub accent: Option<&'static Accent>,
    pub subscript: Option<&'a str>,
}

pub(super) fn parts(name: &str) -> Parts<'_> {
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

pub(super) fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

pub(super) fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn lifted(digits: &str) -> String {
    digits.bytes().map(|b| SUPERSCRIPTS[usize::from(b - b'0')]).collect()
}

/// As an author writes it: `h_{t-1}`.
pub fn ascii_name(name: &str) -> String {
    Name::new(name).to_string()
}

fn is_plain(subscript: &str) -> bool {
    subscript.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// `W₁`, `ŷ`, `x_Paris`, `h_{t-1}`.
pub fn unicode_name(name: &str) -> String {
    let parts = parts(name);
    let mut text = parts.accent.map_or_else(|| parts.base.to_string(), |accent| accented(parts.base, accent));
    match parts.subscript {
        Some(s) if all_digits(s) => text.extend(lowered(s)),
        Some(s) if is_plain(s) && is_name(s) => text.push_str(&format!("_{}", unicode_name(s))),
        Some(s) if is_plain(s) => {
            text.push('_');
            text.push_str(s);
        }
        Some(s) => text.push_str(&format!("_{{{s}}}")),
        None => {}
    }
    text
}

/// The superscript of a whole exponent: `²`, `⁻³`; `None` for anything that is not one.
pub fn superscript(exponent: &str) -> Option<String> {
    let (sign, digits) = exponent.strip_prefix('-').map_or(("", exponent), |d| ("⁻", d));
    all_digits(digits).then(|| format!("{sign}{}", lifted(digits)))
}

/// `W_1`, `\hat{y}`, `x_{\mathrm{Paris}}`, `\lambda`.
pub fn latex_name(name: &str, bold: Bold) -> String {
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

/// A function's name in Unicode: the built-in's own sign (σ), or the name.
pub fn unicode_function(name: &str) -> String {
    Elementwise::from_spelling(name).map_or_else(|| unicode_name(name), |f| f.unicode().to_string())
}

/// A function's name in LaTeX: a command, an operator name, or a letter.
pub fn latex_function(name: &str) -> String {
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
