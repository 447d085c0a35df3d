//! The functions of the language: what they are called, how many arguments they take, which ones there are not.

pub(super) use super::missing::missing;
use super::prelude;
use crate::diag::{Error, Kind, Span};
use crate::expr::{Builtin, Elementwise, Keyword, Name};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// How a built-in function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    /// The spelling gradus prints.
    pub name: &'static str,
    pub least: usize,
    pub most: usize,
    /// What may be said by name besides.
    pub settings: &'static [Keyword],
    /// An example of a call.
    pub usage: &'static str,
}

/// Built-in functions that neither the tables nor the prelude hold: accepted spelling, printed spelling, least and most arguments,
/// an example.
const FUNCTIONS: &[(&str, &str, usize, usize, &str)] = &[
    ("ReLU", "relu", 1, 1, "relu(x)"),
    ("GELU", "gelu", 1, 1, "gelu(x)"),
    ("SiLU", "silu", 1, 1, "silu(x)"),
    ("sgn", "sign", 1, 1, "sign(x)"),
    ("max", "max", 2, 2, "max(x, 0)"),
    ("min", "min", 2, 2, "min(a, b)"),
    ("maximum", "max", 2, 2, "max(x, 0)"),
    ("minimum", "min", 2, 2, "min(a, b)"),
    ("clip", "clip", 3, 3, "clip(x, 0, 1)"),
    ("clamp", "clip", 3, 3, "clip(x, 0, 1)"),
    ("Tr", "tr", 1, 1, "tr(A)"),
    ("norm", "norm", 1, 1, "norm(x)"),
    ("norm2", "norm2", 1, 1, "norm2(x)"),
    ("normF", "normF", 1, 1, "normF(x)"),
    ("dot", "dot", 2, 2, "dot(a, b)"),
    ("inner", "dot", 2, 2, "dot(a, b)"),
    ("inv", "inv", 1, 1, "inv(A)"),
    ("Diag", "diag", 1, 1, "diag(x)"),
    ("unvec", "unvec", 3, 3, "unvec(v, n, m)"),
    ("eye", "eye", 1, 1, "eye(n)"),
    ("ones", "ones", 1, 2, "ones(n) or ones(n, m)"),
    ("zeros", "zeros", 1, 2, "zeros(n) or zeros(n, m)"),
    ("unit", "unit", 2, 2, "unit(n, 1)"),
    ("nrow", "nrow", 1, 1, "nrow(X)"),
    ("ncol", "ncol", 1, 1, "ncol(X)"),
    ("numel", "numel", 1, 1, "numel(X)"),
    ("length", "length", 1, 1, "length(x)"),
    ("size", "size", 2, 2, "size(X, 1)"),
    ("tril", "tril", 1, 1, "tril(n)"),
    ("dup", "dup", 1, 1, "dup(n)"),
    ("identity", "eye", 1, 1, "identity(n)"),
    ("commutation", "K", 2, 2, "commutation(n, m)"),
    ("K", "K", 2, 2, "K(n, m); declare K if it is a matrix of yours"),
    ("vector", "vector", 1, 1, "vector(1)"),
    ("matrix", "matrix", 1, 1, "matrix(1)"),
];

/// The built-in function of this spelling.
pub(super) fn signature(spelling: &str) -> Option<Signature> {
    static SIGNATURES: LazyLock<FxHashMap<&str, Signature>> = LazyLock::new(|| {
        let all = all_spellings();
        all.filter_map(|s| Some((s, table_signature(s)?))).collect()
    });
    SIGNATURES.get(spelling).copied()
}

/// The same, looked up in the tables one after the other.
fn table_signature(spelling: &str) -> Option<Signature> {
    if let Some(f) = Elementwise::from_spelling(spelling) {
        return Some(Signature { name: f.ascii(), least: 1, most: 1, settings: &[], usage: "" });
    }
    if let Some(&(_, name, least, most, usage)) = FUNCTIONS.iter().find(|(s, ..)| *s == spelling) {
        return Some(Signature { name, least, most, settings: &[], usage });
    }
    if let Some(b) = Builtin::from_spelling(spelling).filter(|b| !b.about().usage.is_empty()) {
        let (most, about) = (1 + usize::from(b.takes_axis()), b.about());
        return Some(Signature { name: b.ascii(), least: 1, most, settings: about.settings, usage: about.usage });
    }
    prelude::head(spelling).map(|h| Signature {
        name: h.name,
        least: h.least,
        most: h.most,
        settings: &[],
        usage: &h.usage,
    })
}

/// The error for a function that gradus does not have.
pub(super) fn refused(written: &str, span: Span, advice: &str) -> Error {
    let error = Error::new(Kind::Unsupported, format!("the function {written} is not in the language"));
    error.at(span, "unsupported function").help(advice)
}

/// The same, for whatever name it has.
pub(super) fn unavailable(name: &Name, span: Span) -> Error {
    let advice = missing(name.as_str()).unwrap_or("write it with the operators and functions of the language");
    refused(name.as_str(), span, advice)
}

/// Built-ins whose name is a word of its own: no variable can be called so. σ, K and I are letters and can.
pub(super) fn is_reserved(name: &str) -> bool {
    // identity(n) is how eye(n) is printed beside an I of the author's; an author may call something else so, or a length
    let own = matches!(name, "identity" | "length" | "size" | "numel" | "nrow" | "ncol");
    signature(name).is_some() && name.chars().nth(1).is_some() && !own
}

/// True for what may be called, in any spelling.
pub fn is_callable(name: &str) -> bool {
    signature(name).is_some() || super::program_text::spellings().any(|s| s == name)
}

/// Every spelling of a built-in, for did-you-mean.
pub(super) fn spellings() -> impl Iterator<Item = &'static str> {
    all_spellings().filter(|s| signature(s).is_some())
}

/// Every spelling the tables hold, also of what is not called by a name.
fn all_spellings() -> impl Iterator<Item = &'static str> {
    let tables = Elementwise::all_spellings().chain(Builtin::all_spellings());
    tables.chain(FUNCTIONS.iter().map(|(s, ..)| *s)).chain(prelude::names())
}

/// The closest of the candidates, when it is close enough to be what was meant.
pub(super) fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match word.chars().count() {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    };
    candidates
        .map(|c| (strsim::osa_distance(word, c), c))
        .filter(|(distance, _)| *distance > 0 && *distance <= allowed)
        .min_by_key(|(distance, c)| (*distance, c.chars().count().abs_diff(word.chars().count())))
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_printed_name_is_accepted() {
        for (_, name, ..) in FUNCTIONS {
            assert!(signature(name).is_some(), "{name}");
        }
    }

    #[test]
    fn aliases_have_one_name() {
        assert_eq!(signature("ln").map(|s| s.name), Some("log"));
        assert_eq!(signature("arcsin").map(|s| s.name), Some("asin"));
        assert_eq!(signature("trace").map(|s| s.name), Some("tr"));
        assert_eq!(signature("σ").map(|s| s.name), Some("sigmoid"));
    }

    #[test]
    fn typos_are_recognised() {
        assert_eq!(closest("sigmod", spellings()), Some("sigmoid"));
        assert_eq!(closest("f", spellings()), None);
    }
}
