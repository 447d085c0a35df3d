//! What runs below a sum and is no plain letter: the `c'` of `\sum_{c'} η_{ic'}`, and the `x` of `\sum_x p(x)`, where
//! `p(x)` is the member of p at x.

use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token, closing};
use super::{declaration, functions, gathered, names, remarks};
use crate::diag::Note;
use crate::expr::{Gathering, Name};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Letters that may stand for a primed one, in the order they are tried.
const LETTERS: &str = "jklmpqrsabcdghuvwfzyxtn";

/// A letter that stands for a primed one, and the letter without its primes.
type Alias = BTreeMap<Name, Name>;

/// Makes plain letters of the indices below a sum: primed ones get letters of their own, arguments become subscripts.
pub(super) fn rewrite(text: &str, statements: &mut [StatementTokens]) -> Vec<Note> {
    let mut notes = vec![];
    if statements.iter().flat_map(|s| &s.tokens).all(|t| t.tok != Tok::Under) {
        return notes;
    }
    spelled_out(text, statements);
    let alias = primed(statements, &mut notes);
    arguments(statements, &alias, &mut notes);
    notes
}

/// What stands below each sign that gathers, between its braces.
fn groups(tokens: &[Token]) -> impl Iterator<Item = Range<usize>> {
    let begins = |i: usize| {
        let after_sign = matches!(tokens[i - 1].tok, Tok::Gather(_) | Tok::Close(Bracket::Brace));
        let opens = tokens.get(i + 1).is_some_and(|t| t.tok == Tok::Open(Bracket::Brace));
        tokens[i].tok == Tok::Under && after_sign && opens
    };
    (1..tokens.len()).filter(move |i| begins(*i)).map(|i| i + 2..closing(tokens, i + 1).unwrap_or(tokens.len() - 1))
}

fn letter(token: &Token) -> Option<&Name> {
    token.tok.name().filter(|n| n.as_str().chars().nth(1).is_none())
}

/// `y_{pi}` under sums over p and i has two places, and no π below it.
fn spelled_out(text: &str, statements: &mut [StatementTokens]) {
    let running: BTreeSet<Name> =
        statements.iter().flat_map(|s| bound(&s.tokens).cloned().collect::<Vec<_>>()).collect();
    let runs = |c: char| running.contains(&Name::new(&c.to_string()));
    for token in statements.iter_mut().flat_map(|s| &mut s.tokens) {
        let Some((base, mark)) = token.tok.name().and_then(|n| n.as_str().rsplit_once('_')) else { continue };
        let command = names::command(mark);
        let Some(letters) = command.strip_prefix('\\').filter(|l| l.len() == 2) else { continue };
        let written = text.get(token.span.start..token.span.end).unwrap_or_default();
        if letters.chars().all(runs) && written.contains(letters) && !written.contains(&command) {
            token.tok = Tok::Name(Name::new(&format!("{base}_{letters}")));
        }
    }
}

// ---- primed letters

/// The letter here with the primes after it, and how many these are.
fn with_primes(tokens: &[Token], i: usize) -> Option<(String, usize)> {
    let name = letter(&tokens[i])?;
    let count = tokens[i + 1..].iter().take_while(|t| t.tok == Tok::Prime && !t.spaced).count();
    (count > 0).then(|| (format!("{name}{}", "'".repeat(count)), count))
}

fn primed(statements: &mut [StatementTokens], notes: &mut Vec<Note>) -> Alias {
    let below = |s: &StatementTokens| groups(&s.tokens).flatten().filter_map(|i| with_primes(&s.tokens, i)).collect();
    let found: BTreeSet<(String, usize)> = statements.iter().flat_map(|s| -> Vec<_> { below(s) }).collect();
    if found.is_empty() {
        return Alias::new();
    }
    let every = statements.iter().flat_map(|s| &s.tokens).filter_map(|t| t.tok.name());
    let used: BTreeSet<char> = every.flat_map(|n| n.as_str().chars()).collect();
    let unused = LETTERS.chars().filter(|c| !used.contains(c)).map(|c| Name::new(&c.to_string()));
    let letters: Vec<(String, Name)> = found.into_iter().map(|(written, _)| written).zip(unused).collect();
    for statement in statements {
        replace_primed(&mut statement.tokens, &letters);
    }
    notes.extend(letters.iter().map(|(written, letter)| remarks::primed_index(written, letter)));
    letters.into_iter().map(|(written, letter)| (letter, Name::new(written.trim_end_matches('\'')))).collect()
}

/// Writes the letters for the primed ones, on the line and in subscripts.
fn replace_primed(tokens: &mut Vec<Token>, letters: &[(String, Name)]) {
    let mut at = 0;
    while at < tokens.len() {
        let here = with_primes(tokens, at);
        let stands = here.and_then(|(w, count)| Some((letters.iter().find(|(l, _)| *l == w)?.1.clone(), count)));
        if let Some((letter, count)) = stands {
            tokens[at].tok = Tok::Name(letter);
            tokens[at].span.end = tokens[at + count].span.end;
            tokens.drain(at + 1..=at + count);
        } else if let Some(name) = tokens[at].tok.name()
            && let (base, Some(marks)) = names::split(name)
            && marks.contains('\'')
        {
            // the longest first: i'' before i'
            let plain = letters.iter().rev().fold(marks.to_owned(), |m, (w, l)| m.replace(w.as_str(), l.as_str()));
            tokens[at].tok = Tok::Name(Name::new(&format!("{base}_{plain}")));
        }
        at += 1;
    }
}

// ---- arguments

/// `p(x, y)`: the function, its arguments, and what parts them.
#[derive(Clone, PartialEq, Eq)]
struct Listed {
    function: Name,
    letters: Vec<Name>,
    bar: bool,
    close: usize,
}

/// The letters that a sign binds: `x`, `x, y`, `x = 1`, `x ∈ S`. What an expectation is over has a distribution.
fn bound(tokens: &[Token]) -> impl Iterator<Item = &Name> {
    let expects = |group: &Range<usize>| {
        let sign =
            tokens[..group.start].iter().rev().find_map(|t| if let Tok::Gather(by) = t.tok { Some(by) } else { None });
        sign == Some(Gathering::Expectation)
    };
    let runs = |group: &Range<usize>, i: usize| {
        let begins = i == group.start || tokens[i - 1].tok == Tok::Comma;
        let outside = tokens[group.start..i].iter().all(|t| !matches!(t.tok, Tok::Open(_)));
        begins && outside && matches!(tokens[i + 1].tok, Tok::Close(_) | Tok::Comma | Tok::Equals | Tok::In)
    };
    let groups = groups(tokens).filter(move |group| !expects(group));
    groups.flat_map(move |group| group.clone().filter(move |i| runs(&group, *i))).filter_map(|i| letter(&tokens[i]))
}

/// The call here whose arguments are letters and nothing else.
fn listed(tokens: &[Token], i: usize) -> Option<Listed> {
    let function = tokens[i].tok.name().filter(|f| functions::signature(f.as_str()).is_none())?;
    tokens.get(i + 1).filter(|t| t.tok == Tok::Open(Bracket::Paren) && !t.spaced)?;
    let mut found = Listed { function: function.clone(), letters: vec![], bar: false, close: 0 };
    let mut at = i + 2;
    loop {
        found.letters.push(letter(tokens.get(at)?)?.clone());
        match &tokens.get(at + 1)?.tok {
            Tok::Comma => {}
            Tok::Pipe(_) => found.bar = true,
            Tok::Close(Bracket::Paren) => {
                found.close = at + 1;
                return Some(found);
            }
            _ => return None,
        }
        at += 2;
    }
}

/// What is a list of arguments so far: the letters that run, and the functions that are families over them.
struct Running {
    letters: BTreeSet<Name>,
    families: BTreeMap<Name, Listed>,
}

impl Running {
    /// Begins with all that may be; `settle` takes away what is not.
    fn new(statements: &[StatementTokens]) -> Running {
        let letters = statements.iter().flat_map(|s| bound(&s.tokens).cloned().collect::<Vec<_>>()).collect();
        let calls = statements.iter().flat_map(|s| (0..s.tokens.len()).filter_map(|i| listed(&s.tokens, i)));
        let mut families: BTreeMap<Name, Listed> = calls.map(|call| (call.function.clone(), call)).collect();
        // the set of `j ∈ N(i)` is no value
        statements.iter().flat_map(|s| gathered::sets(&s.tokens)).for_each(|set| {
            families.remove(&set);
        });
        Running { letters, families }
    }

    fn is_member(&self, call: &Listed, alias: &Alias) -> bool {
        let plain = |l: &Name| alias.get(l).unwrap_or(l).clone();
        let same =
            |a: &Listed, b: &Listed| a.bar == b.bar && a.letters.iter().map(plain).eq(b.letters.iter().map(plain));
        call.letters.iter().all(|l| self.letters.contains(l))
            && self.families.get(&call.function).is_some_and(|family| same(family, call))
    }

    /// A function of anything else is no family, nor one of other letters elsewhere: the p of p(x) and of p(y) are two.
    fn settle(&mut self, statements: &[StatementTokens], alias: &Alias) {
        loop {
            let before = (self.letters.len(), self.families.len());
            for tokens in statements.iter().map(|s| s.tokens.as_slice()) {
                self.settle_functions(tokens, alias);
                self.settle_letters(tokens, alias);
            }
            if before == (self.letters.len(), self.families.len()) {
                return;
            }
        }
    }

    fn settle_functions(&mut self, tokens: &[Token], alias: &Alias) {
        for i in 0..tokens.len() {
            let called = tokens.get(i + 1).is_some_and(|t| t.tok == Tok::Open(Bracket::Paren) && !t.spaced);
            let Some(name) = tokens[i].tok.name().filter(|_| called) else { continue };
            if !listed(tokens, i).is_some_and(|call| self.is_member(&call, alias)) {
                self.families.remove(name);
            }
        }
    }

    /// A letter that stands anywhere but below a sign and among arguments is a value too.
    fn settle_letters(&mut self, tokens: &[Token], alias: &Alias) {
        let mut within: BTreeSet<usize> = groups(tokens).flatten().collect();
        for i in 0..tokens.len() {
            if let Some(call) = listed(tokens, i).filter(|call| self.is_member(call, alias)) {
                within.extend(i..=call.close);
            }
        }
        let outside = (0..tokens.len()).filter(|i| !within.contains(i)).filter_map(|i| letter(&tokens[i]));
        outside.for_each(|l| {
            self.letters.remove(l);
        });
    }
}

fn arguments(statements: &mut [StatementTokens], alias: &Alias, notes: &mut Vec<Note>) {
    let mut running = Running::new(statements);
    if running.letters.is_empty() || running.families.is_empty() {
        return;
    }
    for declared in statements.iter().filter(|s| declaration::is_declaration(&s.tokens)) {
        declaration::heads(&declared.tokens).iter().for_each(|f| {
            running.families.remove(f);
        });
    }
    // `q_i(x)` has an index already
    let indexed = |f: &Name| names::split(f).1.is_some_and(|m| m.chars().any(|c| !c.is_ascii_digit()));
    running.families.retain(|f, _| !indexed(f));
    running.settle(statements, alias);
    for statement in statements {
        let tokens = &mut statement.tokens;
        for i in (0..tokens.len()).rev() {
            let Some(call) = listed(tokens, i).filter(|call| running.is_member(call, alias)) else { continue };
            let at: String = call.letters.iter().map(Name::as_str).collect();
            tokens[i].tok = Tok::Name(Name::new(&format!("{}_{at}", call.function)));
            tokens[i].span.end = tokens[call.close].span.end;
            tokens.drain(i + 1..=call.close);
        }
    }
    notes.extend(running.families.values().map(|f| remarks::arguments_as_places(&f.function, &f.letters)));
}
