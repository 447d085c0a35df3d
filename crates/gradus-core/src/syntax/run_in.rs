//! `Xij` and `xi` beside a sum over i and j: members whose indices run into the name.

use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token, without};
use super::{functions, names, remarks, subscript};
use crate::diag::Note;
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

/// Longer runs are words.
const MAX_INDICES: usize = 3;

/// Reads such runs as members, where the same indices stand below another name, or no name has them; says which.
pub(super) fn mark(text: &str, statements: &mut [StatementTokens]) -> Vec<Note> {
    let mut indices = RunIndices::default();
    statements.iter().for_each(|s| indices.bind(&s.tokens));
    if indices.bound.is_empty() {
        return vec![];
    }
    statements.iter().for_each(|s| indices.write(&s.tokens));
    let runs = statements.iter().flat_map(|s| indices.runs(text, &s.tokens));
    let mut bases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for run in runs {
        bases.entry(run.indices).or_default().insert(run.base);
    }
    let mut found = BTreeSet::new();
    for statement in statements {
        let (runs, tokens) = (indices.runs(text, &statement.tokens), &mut statement.tokens);
        let mut left_out = BTreeSet::new();
        for run in runs.into_iter().filter(|run| indices.is_member(&run.indices, &bases)) {
            let name = names::canonical(&run.base, &[run.indices]);
            tokens[run.at].span = tokens[run.at].span.to(tokens[run.at + run.length - 1].span);
            tokens[run.at].tok = Tok::Name(name.clone());
            left_out.extend(run.at + 1..run.at + run.length);
            found.insert(name);
        }
        without(tokens, &left_out);
    }
    found.iter().map(remarks::run_in).collect()
}

/// The indices of a text.
#[derive(Default)]
struct RunIndices {
    /// Those below signs of sums.
    bound: BTreeSet<char>,
    /// Those of them that have a range.
    ranged: BTreeSet<char>,
    /// What stands below names, `ij`, and the letters of it.
    written: BTreeSet<String>,
    letters: BTreeSet<Name>,
}

/// A letter and the indices behind it.
struct IndexRun {
    base: String,
    indices: String,
    at: usize,
    length: usize,
}

impl RunIndices {
    fn bind(&mut self, tokens: &[Token]) {
        let signs = tokens.windows(2).enumerate();
        for (at, _) in signs.filter(|(_, w)| matches!(w[0].tok, Tok::Gather(_)) && w[1].tok == Tok::Under) {
            let below: Vec<&Tok> =
                tokens[at + 2..].iter().map(|t| &t.tok).take_while(|t| !matches!(t, Tok::Close(_))).collect();
            let runs = below.iter().take_while(|t| ***t != Tok::Equals).filter_map(|t| t.name());
            let letters: BTreeSet<char> =
                runs.flat_map(|n| n.as_str().chars()).filter(char::is_ascii_lowercase).collect();
            if below.contains(&&Tok::Equals) {
                self.ranged.extend(&letters);
            }
            self.bound.extend(letters);
        }
    }

    fn write(&mut self, tokens: &[Token]) {
        let families = tokens.iter().filter_map(|t| t.tok.name()).filter_map(|n| Some((n, subscript::split_index(n)?)));
        for (name, (_, places)) in families {
            self.written.extend(names::split(name).1.map(str::to_owned));
            self.letters.extend(subscript::index_letters(&places).cloned());
        }
    }

    fn runs(&self, text: &str, tokens: &[Token]) -> Vec<IndexRun> {
        let (mut runs, mut at) = (vec![], 0);
        while at < tokens.len() {
            let run = self.run(text, tokens, at);
            at += run.as_ref().map_or(1, |run| run.length);
            runs.extend(run);
        }
        runs
    }

    /// A letter and indices, in one token or in several that touch.
    fn run(&self, text: &str, tokens: &[Token], at: usize) -> Option<IndexRun> {
        let typed = |token: &Token| text.get(token.span.start..token.span.end).filter(|_| token.tok.name().is_some());
        let touches = |pair: &[Token]| pair[0].span.end == pair[1].span.start && typed(&pair[1]).is_some();
        let more = tokens[at..].windows(2).take(MAX_INDICES + 1).take_while(|pair| touches(pair)).count();
        let length = 1 + more;
        let word =
            text.get(tokens[at].span.start..tokens[at + more].span.end).filter(|_| typed(&tokens[at]).is_some())?;
        let mut letters = word.chars();
        let base = letters.next().filter(|c| c.is_ascii_alphabetic() && !self.bound.contains(c))?;
        let indices = letters.as_str();
        let all = (1..=MAX_INDICES).contains(&indices.len()) && indices.chars().all(|c| self.bound.contains(&c));
        let called = tokens.get(at + length).is_some_and(|t| t.tok == Tok::Open(Bracket::Paren) && !t.spaced);
        let own = functions::signature(word).is_some() || matches!(word, "dt" | "dx");
        (all && !called && !own).then(|| IndexRun { base: base.to_string(), indices: indices.to_owned(), at, length })
    }

    /// Two indices that stand below a name, too; or those that no name has, and that are no number of a range.
    fn is_member(&self, indices: &str, bases: &BTreeMap<String, BTreeSet<String>>) -> bool {
        if indices.len() > 1 && self.written.contains(indices) {
            return true;
        }
        let several = bases.get(indices).is_some_and(|bases| bases.len() > 1);
        let alone = |c: char| !self.ranged.contains(&c) && ('i'..='n').contains(&c);
        indices.chars().all(|c| !self.letters.contains(&Name::new(&c.to_string())) && (several || alone(c)))
    }
}
