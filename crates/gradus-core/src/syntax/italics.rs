//! `eigvar_i` in LaTeX: letters that run into a word, and that stand nowhere else, are one name.

use super::layout::StatementTokens;
use super::token::{Tok, Token, without};
use super::{declaration, errors, names, remarks};
use crate::diag::{Note, Span};
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

/// Shorter runs are products.
const MIN_LETTERS: usize = 6;

/// So are shorter ones whose last letter has an index.
const MIN_INDEXED: usize = 4;

/// Joins such letters; says which.
pub(super) fn join(text: &str, statements: &mut [StatementTokens]) -> Vec<Note> {
    let mut formulas: Vec<&mut StatementTokens> =
        statements.iter_mut().filter(|s| !declaration::is_declaration(&s.tokens)).collect();
    let mut uses: BTreeMap<Name, usize> = BTreeMap::new();
    let mut spelled: BTreeMap<Name, usize> = BTreeMap::new();
    for tokens in formulas.iter().map(|s| &s.tokens) {
        values(tokens).for_each(|letter| *uses.entry(letter).or_default() += 1);
        for run in runs(text, tokens) {
            values(&tokens[run]).for_each(|letter| *spelled.entry(letter).or_default() += 1);
        }
    }
    if spelled.is_empty() {
        return vec![];
    }
    let mut found: BTreeSet<Name> = BTreeSet::new();
    for statement in &mut formulas {
        let tokens = &mut statement.tokens;
        let mut left_out = BTreeSet::new();
        for run in runs(text, tokens) {
            if letters(&tokens[run.clone()]).all(|letter| uses.get(&letter) == spelled.get(&letter)) {
                let name = joined(text, &tokens[run.clone()]);
                tokens[run.start].span = tokens[run.start].span.to(tokens[run.end - 1].span);
                tokens[run.start].tok = Tok::Name(name.clone());
                left_out.extend(run.start + 1..run.end);
                found.insert(name);
            } else if let Some(span) = holds_index(tokens, run) {
                statement.errors.push(errors::word_or_product(text, span));
            }
        }
        without(tokens, &left_out);
    }
    found.iter().map(remarks::word_of_letters).collect()
}

/// The place of a run whose index is one of its letters, too: no number of a range stands in the middle of a product.
fn holds_index(tokens: &[Token], run: std::ops::Range<usize>) -> Option<Span> {
    let (last, before) = tokens[run].split_last()?;
    let index = names::split(last.tok.name()?).1?;
    before.iter().any(|t| t.tok.is_name(index)).then(|| before[0].span.to(last.span))
}

/// The letters of names, but for those that stand below the sign of a sum.
fn values(tokens: &[Token]) -> impl Iterator<Item = Name> {
    let mut below = false;
    let stand = tokens.iter().filter(move |t| {
        below = t.tok == Tok::Under || below && !matches!(t.tok, Tok::Close(_));
        !below
    });
    letters_of(stand)
}

fn letters(tokens: &[Token]) -> impl Iterator<Item = Name> {
    letters_of(tokens.iter())
}

/// The letters of names, without their marks.
fn letters_of<'a>(tokens: impl Iterator<Item = &'a Token>) -> impl Iterator<Item = Name> {
    tokens.filter_map(|t| t.tok.name()).map(|name| Name::new(names::split(name).0))
}

/// Where small letters touch and can be spoken: the last may have an index.
fn runs(text: &str, tokens: &[Token]) -> Vec<std::ops::Range<usize>> {
    let small = |token: &Token| {
        let letter = token.tok.name().map(names::split);
        letter.is_some_and(|(base, _)| base.len() == 1 && base.bytes().all(|b| b.is_ascii_lowercase()))
            && text[token.span.start..].starts_with(|c: char| c.is_ascii_lowercase())
    };
    let (mut runs, mut at) = (vec![], 0);
    while at < tokens.len() {
        let mut end = at;
        while tokens.get(end).is_some_and(small) && (end == at || touches(&tokens[end - 1], &tokens[end])) {
            end += 1;
        }
        let word: String = letters(&tokens[at..end]).map(|letter| letter.to_string()).collect();
        let indexed = tokens[at..end].last().is_some_and(|t| t.tok.name().is_some_and(|n| names::split(n).1.is_some()));
        if is_word(&word, indexed) {
            runs.push(at..end);
        }
        at = end.max(at + 1);
    }
    runs
}

/// The next letter stands at once behind the last one, which has no index.
fn touches(last: &Token, next: &Token) -> bool {
    last.span.end == next.span.start && last.tok.name().is_some_and(|n| names::split(n).1.is_none())
}

/// A word that can be said, with an index or long: never more than three consonants in a row, two at its beginning.
fn is_word(word: &str, indexed: bool) -> bool {
    let vowel = |b: &u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    let mut consonants = word.as_bytes().split(vowel).map(<[u8]>::len);
    let begins = consonants.next().is_some_and(|first| first < 3 && first < word.len());
    let listed = word.as_bytes().windows(2).all(|pair| pair[0] + 1 == pair[1]);
    word.len() >= (if indexed { MIN_INDEXED } else { MIN_LETTERS }) && begins && consonants.all(|c| c < 4) && !listed
}

fn joined(text: &str, run: &[Token]) -> Name {
    let typed = |token: &Token| text.get(token.span.start..token.span.start + 1).unwrap_or_default().to_owned();
    let base: String = run.iter().map(typed).collect();
    let index = run.last().and_then(|t| t.tok.name()).and_then(|n| names::split(n).1);
    names::canonical(&base, &index.map(str::to_owned).into_iter().collect::<Vec<_>>())
}
