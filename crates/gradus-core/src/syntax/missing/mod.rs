//! What other systems have by a known name and gradus lacks: each name points to what there is instead.

mod arrays;
mod matrices;
mod numbers;
mod programs;
mod statistics;

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// What to write instead, and the names NumPy, SciPy, PyTorch, JAX, MATLAB, Julia, Mathematica and statisticians use.
type Row = (&'static str, &'static [&'static str]);

fn rows() -> impl DoubleEndedIterator<Item = &'static Row> {
    let tables = [numbers::ROWS, matrices::ROWS, arrays::ROWS, statistics::ROWS, programs::ROWS];
    tables.into_iter().flatten()
}

/// What to write instead of a function that gradus does not have.
pub(super) fn missing(name: &str) -> Option<&'static str> {
    static ADVICE: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
        // of two rows with one name the first is meant: it is entered last
        rows().rev().flat_map(|(advice, names)| names.iter().map(move |name| (*name, *advice))).collect()
    });
    // `atan2` is `atan_2` as a name
    let digits = || {
        let (word, number) = name.rsplit_once('_')?;
        number.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("{word}{number}"))
    };
    ADVICE.get(name).copied().or_else(|| ADVICE.get(digits()?.as_str()).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_missing_and_there() {
        for name in rows().flat_map(|(_, names)| *names) {
            assert!(crate::syntax::functions::signature(name).is_none(), "{name}");
            assert!(!crate::syntax::program_text::is_operator(name), "{name}");
        }
    }
}
