//! Readable names for sizes nobody named.

use crate::expr::Name;
use std::collections::BTreeSet;

/// The letters an author would reach for, in this order.
const LETTERS: &[&str] = &["n", "m", "k", "p", "q", "r", "d", "l", "h", "c"];

/// n, m, k, … and then n_1, m_1, …, without those that are taken.
pub(super) fn fresh_names(taken: &BTreeSet<Name>) -> impl Iterator<Item = Name> + '_ {
    let plain = LETTERS.iter().map(|letter| Name::new(letter));
    let numbered = (1..).flat_map(|i: u32| LETTERS.iter().map(move |letter| Name::new(&format!("{letter}_{i}"))));
    plain.chain(numbered).filter(|name| !taken.contains(name))
}
