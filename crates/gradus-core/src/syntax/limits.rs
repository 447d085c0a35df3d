//! The signs that gather over indices, Σ and the like, and what stands below and above them, as tokens.

use super::lexer::Lexer;
use super::names;
use super::scan;
use super::token::{Bracket, Tok};
use crate::expr::{Gathering, Name};

impl Lexer<'_> {
    /// The sign, and after it `_{…}` and `^{…}` in either order, each as a group.
    pub(super) fn gather(&mut self, by: Gathering, start: usize) {
        self.push(Tok::Gather(by), start);
        for _ in 0..2 {
            self.skip_blank();
            self.eat("\\limits");
            self.eat("\\nolimits");
            self.skip_blank();
            let at = self.pos;
            if let Some(low) = self.scan(scan::low_characters) {
                let text: String = low.chars().filter_map(names::subscript).collect();
                self.push(Tok::Under, at);
                self.letters(&text, at);
            } else if self.eat("_") {
                self.push(Tok::Under, at);
                self.limit();
            } else if self.eat("^") {
                self.push(Tok::Caret, at);
                self.limit();
            } else {
                return;
            }
        }
    }

    /// A group as it stands, a command, or one character.
    fn limit(&mut self) {
        self.skip_blank();
        if self.rest().starts_with('{') {
            return self.group_tokens();
        }
        let start = self.pos;
        let text = self.argument().unwrap_or("").to_owned();
        let flat = super::latex::flat_text(&text).unwrap_or(text);
        self.letters(&flat, start);
    }

    /// A group of names, one a letter, or of one number.
    fn letters(&mut self, text: &str, start: usize) {
        self.push(Tok::Open(Bracket::Brace), start);
        if text.bytes().all(|b| b.is_ascii_digit()) {
            self.push(Tok::Number(text.to_owned()), start);
        } else {
            text.chars().for_each(|c| self.push(Tok::Name(Name::new(&c.to_string())), start));
        }
        self.push(Tok::Close(Bracket::Brace), start);
    }

    /// The tokens from an opening brace to the one that closes it.
    fn group_tokens(&mut self) {
        let mut depth = 0usize;
        let mut seen = self.tokens().len();
        while !self.rest().is_empty() {
            self.skip_blank();
            self.token();
            for token in &self.tokens()[seen..] {
                match token.tok {
                    Tok::Open(_) => depth += 1,
                    Tok::Close(_) => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            seen = self.tokens().len();
            if depth == 0 {
                return;
            }
        }
    }

    /// Whether a letter is an index somewhere: `_i`, `_{ij}`, `^{(i)}`.
    pub(super) fn is_index(&self, letter: &str) -> bool {
        let mut rest = self.text;
        while let Some(at) = rest.find(['_', '^']) {
            rest = &rest[at + 1..];
            let inner = match scan::group(rest) {
                Some((_, inner)) => inner,
                None => rest.chars().next().map_or("", |c| &rest[..c.len_utf8()]),
            };
            let place = |c: char| c.is_alphanumeric() || matches!(c, ',' | '+' | '-' | ' ' | '(' | ')');
            if inner.chars().count() <= 9 && inner.contains(letter) && inner.chars().all(place) {
                return true;
            }
        }
        let low = |c: char| names::subscript(c).is_some_and(|s| letter.starts_with(s));
        self.text.contains(low)
    }

    /// The letter of `_i`, `_{i = 1, …}`, `_{1 ≤ i ≤ m}` below a maximum, where it is an index and no variable.
    pub(super) fn bound_letter(&self) -> Option<String> {
        let inner = self.beneath()?.0.trim();
        let letter = inner.chars().find(char::is_ascii_lowercase)?;
        let (before, after) = inner.split_once(letter)?;
        let alone =
            after.trim_start().is_empty() || after.trim_start().starts_with(['=', ',', '\\', '<', '≤', '∈', '≠']);
        let start = before.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, '\\' | 'l' | 'e' | '≤' | ' '));
        (alone && start && self.is_index(&letter.to_string())).then(|| letter.to_string())
    }

    /// Whether what stands below `\max_i` is an index: it has a range, or something has it as its subscript. `\min_w` is about w.
    pub(super) fn runs_over_places(&self) -> bool {
        let Some(letter) = self.bound_letter() else { return false };
        let Some((below, after)) = self.beneath() else { return false };
        let has = |text: &str| text.contains(&format!("_{letter}")) || text.contains(&format!("_{{{letter}"));
        below.contains(['=', '<', '∈']) || has(after)
    }

    /// What stands below the sign before here, and what comes after that.
    fn beneath(&self) -> Option<(&str, &str)> {
        let rest = self.rest().trim_start();
        below(rest.strip_prefix("\\limits").unwrap_or(rest).trim_start())
    }

    /// `\operatorname{mean}_i`, `\mathbb E[…]`, `\mathrm{E}_x[…]`.
    pub(super) fn gathering(&self, inner: &str, font: &str) -> Option<Gathering> {
        let rest = self.rest().trim_start();
        let rest = rest.strip_prefix("\\left").unwrap_or(rest).trim_start();
        match inner {
            "mean" if self.bound_letter().is_some() => Some(Gathering::Mean),
            "E" if font == "mathbb" || rest.starts_with('[') => Some(Gathering::Expectation),
            _ => None,
        }
    }

    pub(super) fn sign_of_sum(&mut self, sign: char, by: Gathering) {
        let start = self.pos;
        self.pos += sign.len_utf8();
        self.gather(by, start);
    }

    /// A Σ with an index below it that stands before what has this index: a sum, and no matrix Σ_k.
    pub(super) fn is_sum(&self) -> bool {
        let rest = &self.rest()['Σ'.len_utf8()..];
        let low = rest.chars().take_while(|c| names::subscript(*c).is_some()).count();
        let (index, after) = if low > 0 {
            let end = rest.char_indices().nth(low).map_or(rest.len(), |(at, _)| at);
            (rest[..end].chars().filter_map(names::subscript).collect::<String>(), &rest[end..])
        } else {
            let Some((index, after)) = below(rest) else { return false };
            (index.to_owned(), after)
        };
        if index.contains(['=', '<', '∈', '≠']) {
            return true;
        }
        let near = after.trim_start();
        let line = near.lines().next().unwrap_or("");
        let begins =
            near.starts_with(|c: char| names::is_letter(c) || c.is_ascii_digit() || matches!(c, '(' | '[' | '‖' | '|'));
        let used = |c: char| {
            let high = names::subscript(c);
            line.contains(&format!("_{c}")) || line.contains(|s: char| high.is_none() && names::subscript(s) == Some(c))
        };
        let mut letters = index.chars().filter(|c| c.is_alphabetic()).peekable();
        begins && letters.peek().is_some() && letters.all(used)
    }
}

/// The subscript a text begins with, a group or one letter, and the rest.
fn below(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('_')?;
    match scan::group(rest) {
        Some((after, inner)) => Some((inner, after)),
        None => Some(rest.split_at(rest.chars().next()?.len_utf8())),
    }
}
