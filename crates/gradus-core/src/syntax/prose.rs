//! Sentences around formulas: `Let $f(x) = x^T A x$. Find the gradient with respect to $x$.`

use super::single::parse_name;
use crate::expr::Name;

/// The delimiters of formulas, the longer ones first.
const DELIMITERS: &[(&str, &str)] = &[("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)")];

/// What stands before the name one derives by.
const BY: &[&str] = &["respect to", "w.r.t.", "w.r.t", "wrt"];

/// Words that documents have between formulas, too.
const CONNECTIVES: &[&str] = &[
    "where",
    "with",
    "subject",
    "to",
    "such",
    "that",
    "st",
    "and",
    "min",
    "max",
    "minimize",
    "minimise",
    "maximize",
    "maximise",
    "for",
    "if",
    "otherwise",
    "argmin",
    "argmax",
];

/// Facts that words may say of a name, and formulas do not.
const FACTS: &[&str] =
    &["symmetric", "diagonal", "positive definite", "orthogonal", "invertible", "positive", "constant"];

/// A text whose words are blank, so that every formula stands where it stood.
pub(super) struct Prose {
    pub formulas: String,
    /// What the words say to derive by.
    pub targets: Vec<Name>,
    /// No declarations or statements stand between the formulas, but words.
    pub certain: bool,
    /// What the words say of names.
    pub facts: Vec<&'static str>,
}

/// The formulas of a text of sentences; `None` where it is none.
pub(super) fn formulas(text: &str) -> Option<Prose> {
    let mut prose =
        Prose { formulas: String::with_capacity(text.len()), targets: Vec::new(), certain: false, facts: Vec::new() };
    let mut words = String::new();
    let mut kept = false;
    let mut rest = text;
    while !rest.is_empty() {
        let Some((at, open, close)) = next(rest) else { break };
        let (before, inside) = (&rest[..at], &rest[at + open.len()..]);
        let length = inside.find(close)?;
        words.push_str(before);
        blank(&mut prose.formulas, before.len());
        let inner = &inside[..length];
        let whole = &rest[at..at + open.len() + length + close.len()];
        if is_aside(inner) {
            let by = BY.iter().any(|by| before.trim_end().ends_with(by));
            prose.targets.extend(parse_name(inner.trim()).ok().filter(|_| by));
            blank(&mut prose.formulas, whole.len());
        } else {
            kept = true;
            prose.formulas.push_str(whole);
        }
        rest = &rest[at + whole.len()..];
    }
    words.push_str(rest);
    blank(&mut prose.formulas, rest.len());
    let spoken = words.split(|c: char| !c.is_alphabetic()).filter(|w| is_spoken(w)).count();
    // a document does not begin with a word and a formula
    let begins = text.split('$').next().is_some_and(|before| before.split_whitespace().any(is_spoken));
    prose.certain = (spoken > 1 || begins && text.contains('$')) && !words.contains([':', ';']);
    if !kept || spoken == 0 || words.contains(['\\', '=', '^', '_', '{', '#']) {
        return None;
    }
    prose.facts = FACTS.iter().copied().filter(|fact| words.contains(fact)).collect();
    Some(prose)
}

/// No letter, and no word that documents have too.
fn is_spoken(word: &str) -> bool {
    word.len() > 1 && word.chars().all(char::is_alphabetic) && !CONNECTIVES.contains(&word)
}

/// The first delimiter that opens a formula.
fn next(text: &str) -> Option<(usize, &'static str, &'static str)> {
    let found = DELIMITERS.iter().filter_map(|(open, close)| text.find(open).map(|at| (at, *open, *close)));
    found.min_by_key(|(at, open, _)| (*at, std::cmp::Reverse(open.len())))
}

fn blank(text: &mut String, length: usize) {
    text.extend(std::iter::repeat_n(' ', length));
}

/// A name, or a size such as `n \times m`: nothing to derive.
fn is_aside(inner: &str) -> bool {
    let sizes = inner.replace("\\times", " ").replace('×', " ");
    let size = |word: &str| word.chars().count() == 1 && word.chars().all(char::is_alphanumeric);
    parse_name(inner.trim()).is_ok() || sizes.len() < inner.len() && sizes.split_whitespace().all(size)
}
