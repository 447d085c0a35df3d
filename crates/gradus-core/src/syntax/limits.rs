//! The signs that gather over indices, Σ and the like, and what stands below and above them, as tokens.

use super::lexer::Lexer;
use super::names;
use super::scan;
use super::symbols;
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
            } else if let Some(high) = self.scan(scan::high_characters) {
                let text: String = high.chars().filter_map(names::superscript).collect();
                self.push(Tok::Caret, at);
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

    /// A group as it stands, also in round brackets, `i=1` before a `^`, a command, or one character.
    fn limit(&mut self) {
        self.skip_blank();
        if self.rest().starts_with('{') {
            return self.group_tokens();
        }
        if self.rest().starts_with('(') {
            let first = self.tokens().len();
            self.group_tokens();
            return self.in_braces(first);
        }
        if let Some(length) = bare_range(self.rest()) {
            return self.braced(length);
        }
        let start = self.pos;
        if let Some(run) = (!self.latex).then(|| letter_run(self.rest())).flatten() {
            self.pos += run.len();
            return self.letters(run, start);
        }
        let text = self.argument().unwrap_or("").to_owned();
        let flat = super::latex::flat_text(&text).unwrap_or(text);
        self.letters(&flat, start);
    }

    /// A group of names, one a letter, or of one number.
    fn letters(&mut self, text: &str, start: usize) {
        self.push(Tok::Open(Bracket::Brace), start);
        if let Some((letter, first)) = text.split_once('=') {
            // `∑ᵢ₌₁`
            letter.chars().for_each(|c| self.push(Tok::Name(Name::new(&c.to_string())), start));
            self.push(Tok::Equals, start);
            let number = first.bytes().all(|b| b.is_ascii_digit());
            self.push(if number { Tok::Number(first.to_owned()) } else { Tok::Name(Name::new(first)) }, start);
        } else if text.bytes().all(|b| b.is_ascii_digit()) {
            self.push(Tok::Number(text.to_owned()), start);
        } else {
            text.chars().for_each(|c| self.push(Tok::Name(Name::new(&c.to_string())), start));
        }
        self.push(Tok::Close(Bracket::Brace), start);
    }

    /// So many bytes as if they stood in braces.
    fn braced(&mut self, length: usize) {
        let end = self.pos + length;
        self.push(Tok::Open(Bracket::Brace), self.pos);
        while self.pos < end {
            self.skip_blank();
            self.token();
        }
        self.push(Tok::Close(Bracket::Brace), self.pos);
    }

    /// Turns the brackets around the tokens from here on into braces: `sum_(i=1)^n`.
    fn in_braces(&mut self, first: usize) {
        let group = &mut self.tokens_mut()[first..];
        if let [open, .., close] = group
            && close.tok == Tok::Close(Bracket::Paren)
        {
            open.tok = Tok::Open(Bracket::Brace);
            close.tok = Tok::Close(Bracket::Brace);
        }
    }

    /// The tokens from an opening bracket to the one that closes it.
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
        has_index(self.text, letter)
    }

    /// The letter of `_i`, `_{i = 1, …}`, `_{1 ≤ i ≤ m}` below a maximum, where it is an index and no variable.
    pub(super) fn bound_letter(&self) -> Option<String> {
        let inner = with_signs(self.beneath()?.0);
        let inner = inner.trim();
        let letter = inner.chars().find(char::is_ascii_lowercase)?;
        let (before, after) = inner.split_once(letter)?;
        let after = after.trim_start_matches('\'');
        let alone =
            after.trim_start().is_empty() || after.trim_start().starts_with(['=', ',', '\\', '<', '≤', '∈', '≠']);
        let start = before.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, '≤' | '<' | ' '));
        (alone && start && self.is_index(&letter.to_string())).then(|| letter.to_string())
    }

    /// Whether what stands below `\max_i` is an index: it has a range, or something has it as its subscript. `\min_w` is about w.
    pub(super) fn runs_over_places(&self) -> bool {
        let Some(letter) = self.bound_letter() else { return false };
        let Some((below, after)) = self.beneath() else { return false };
        with_signs(below).contains(['=', '<', '≤', '∈']) || has_subscript(after, &letter, self.latex)
    }

    /// What stands below the sign before here, and what comes after that.
    fn beneath(&self) -> Option<(&str, &str)> {
        let rest = self.rest().trim_start();
        below(rest.strip_prefix("\\limits").unwrap_or(rest).trim_start(), self.latex)
    }

    /// `\operatorname{mean}_i`, `\mathbb E[…]`, `\mathrm{E}_x[…]`.
    pub(super) fn gathering(&self, inner: &str, font: &str) -> Option<Gathering> {
        let rest = self.rest().trim_start();
        let rest = rest.strip_prefix("\\left").unwrap_or(rest).trim_start();
        match inner {
            "mean" if self.bound_letter().is_some() => Some(Gathering::Mean),
            "E" if font == "mathbb" || rest.starts_with('[') || rest.starts_with("\\{") => Some(Gathering::Expectation),
            _ => None,
        }
    }

    pub(super) fn sign_of_sum(&mut self, sign: char, by: Gathering) {
        let start = self.pos;
        self.pos += sign.len_utf8();
        self.gather(by, start);
    }

    /// `sum_i x_i`, `prod_{i=1}^n x_i`, `mean_i x_i` as plain words, where no name of the document is spelled so.
    pub(super) fn plain_gathering(&mut self) -> bool {
        let rest = self.rest();
        if is_drawn(rest) || is_named_draw(rest) && !self.is_named_here() {
            let start = self.pos;
            self.pos += 1;
            self.gather(Gathering::Expectation, start);
            return true;
        }
        let Some((word, by)) = GATHERING_WORDS.iter().find(|(word, _)| {
            rest.strip_prefix(word)
                .is_some_and(|after| after.starts_with(|c| c == '_' || names::subscript(c).is_some()))
        }) else {
            return false;
        };
        if bound_below(&rest[word.len()..], false).is_none() || self.is_named_here() {
            return false;
        }
        let start = self.pos;
        self.pos += word.len();
        self.gather(*by, start);
        true
    }

    /// Whether the word with its subscript here stands somewhere to the left of `=` or `:`: it is a name of the author's.
    fn is_named_here(&mut self) -> bool {
        self.is_named(self.pos)
    }

    /// The same of the word that begins there.
    pub(super) fn is_named(&mut self, start: usize) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let text = self.text;
        let rest = &text[start..];
        let name = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        if let Some(known) = self.named.get(name) {
            return *known;
        }
        let named = |at: usize| {
            let (before, after) = (&text[..at], text[at + name.len()..].trim_start());
            let range =
                below(text[at..].trim_start_matches(char::is_alphabetic), false).is_some_and(|(i, _)| i.contains('='));
            !before.ends_with(is_part) && after.starts_with(['=', ':']) && !range
        };
        let found = text.match_indices(name).any(|(at, _)| named(at));
        self.named.insert(name, found);
        found
    }

    /// A Σ with an index below it that stands before what has this index: a sum, and no matrix Σ_k.
    pub(super) fn is_sum(&self) -> bool {
        runs_over_index(&self.rest()['Σ'.len_utf8()..], self.latex)
    }
}

/// `E_{x ~ p}[…]`: what is drawn stands below the letter, and a bracket follows.
fn is_drawn(rest: &str) -> bool {
    let Some((after, below)) = rest.strip_prefix("E_").and_then(scan::group) else { return false };
    let after = after.trim_start();
    let after = after.strip_prefix("\\left").unwrap_or(after);
    (below.contains(['~', '∼']) || below.contains("\\sim")) && after.starts_with(['[', '('])
}

/// `E_x[…]`, `E_{x}[…]` at once before its bracket, which holds no range: an expectation, and no slice of E_x.
fn is_named_draw(rest: &str) -> bool {
    let Some(below) = rest.strip_prefix("E_") else { return false };
    let letter = || below.chars().next().filter(|c| names::is_letter(*c)).map(|c| &below[c.len_utf8()..]);
    let Some(after) = scan::group(below).map(|(after, _)| after).or_else(letter) else { return false };
    let mut depth = 0usize;
    let inside = after.split_inclusive([',', ';', '[', ']', '(', ')']).take_while(|part| {
        depth += usize::from(part.ends_with(['[', '(']));
        depth -= usize::from(part.ends_with([']', ')']) && depth > 0);
        depth > 0
    });
    after.starts_with('[') && !inside.into_iter().any(|part| part.contains(".."))
}

/// The words of signs that gather.
const GATHERING_WORDS: &[(&str, Gathering)] =
    &[("sum", Gathering::Sum), ("prod", Gathering::Product), ("mean", Gathering::Mean)];

/// Whether a subscript follows that is an index of what stands after it.
fn runs_over_index(rest: &str, tex: bool) -> bool {
    let Some((index, body)) = bound_below(rest, tex) else { return false };
    let mut letters = index.chars().filter(|c| c.is_alphabetic()).peekable();
    has_range(&index)
        || letters.peek().is_some()
            && letters.all(|c| has_index(body, &c.to_string()) || has_raised_index(body, c) || has_place(body, c))
}

/// `I(i, j)`: the letter is a place in brackets.
fn has_place(text: &str, letter: char) -> bool {
    text.match_indices(letter).any(|(at, _)| {
        let (before, after) = (text[..at].trim_end(), text[at + letter.len_utf8()..].trim_start());
        before.ends_with(['(', ',']) && after.starts_with([')', ','])
    })
}

/// What stands below a sign, its relations as signs.
fn with_signs(below: &str) -> String {
    const SIGNS: &[(&str, &str)] = &[
        ("\\leqslant", "≤"),
        ("\\leq", "≤"),
        ("\\le", "≤"),
        ("<=", "≤"),
        ("\\lt", "<"),
        ("\\in", "∈"),
        ("\\neq", "≠"),
        ("\\ne", "≠"),
    ];
    SIGNS.iter().fold(below.to_owned(), |text, (command, sign)| text.replace(command, sign))
}

fn has_range(index: &str) -> bool {
    index.contains(['=', '<', '∈', '≠'])
}

/// What stands below a sign, and the line of its body; none where nothing follows that a sum could be over.
fn bound_below(rest: &str, tex: bool) -> Option<(String, &str)> {
    let low = rest.chars().take_while(|c| names::subscript(*c).is_some()).map(char::len_utf8).sum();
    let (index, after) = if low > 0 {
        (rest[..low].chars().filter_map(names::subscript).collect::<String>(), &rest[low..])
    } else {
        let (index, after) = below(rest, tex)?;
        (index.to_owned(), after)
    };
    let body = after.trim_start();
    // ` -y_t` is a sign before an operand, ` - y_t` takes away from a matrix of that name
    let signed =
        body.len() < after.len() && body.strip_prefix(['-', '−']).is_some_and(|b| b.starts_with(begins_operand));
    let begins = signed || body.starts_with(begins_operand);
    (has_range(&index) || begins).then(|| (index, body.lines().next().unwrap_or("")))
}

/// Whether an operand may begin so.
fn begins_operand(c: char) -> bool {
    names::is_letter(c)
        || c.is_ascii_digit()
        || symbols::vulgar_fraction(c).is_some()
        || matches!(c, '(' | '[' | '{' | '⟨' | '‖' | '∥' | '|' | '\\' | '√' | '∏' | '∑' | '∇')
}

/// Whether a letter stands in a subscript: `_j`, `_{ij}`, `_{i+1,j}`. A power is none.
fn has_subscript(text: &str, letter: &str, tex: bool) -> bool {
    let place = |c: char| c.is_alphanumeric() || matches!(c, ',' | '+' | '-' | ' ' | '\'');
    text.match_indices('_').any(|(at, _)| {
        let rest = &text[at + 1..];
        let inner = match scan::group(rest) {
            Some((_, inner)) => inner,
            None if tex => rest.chars().next().map_or("", |c| &rest[..c.len_utf8()]),
            None => letter_run(rest).unwrap_or_default(),
        };
        inner.chars().count() <= 9 && inner.contains(letter) && inner.chars().all(place)
    })
}

/// `x^(i)`, `x⁽ⁱ⁾`: of a letter that is bound.
fn has_raised_index(text: &str, letter: char) -> bool {
    let is_letter = |inner: &str| inner.chars().map(|c| names::raised_letter(c).unwrap_or(c)).eq([letter]);
    [("^(", ')'), ("⁽", '⁾')].iter().any(|(open, close)| {
        text.split(open).skip(1).any(|part| part.split_once(*close).is_some_and(|(inner, _)| is_letter(inner)))
    })
}

/// Whether a letter is an index somewhere in a text.
fn has_index(text: &str, letter: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(['_', '^']) {
        rest = &rest[at + 1..];
        let inner = match scan::group(rest) {
            Some((_, inner)) => inner,
            None => letter_run(rest).unwrap_or_else(|| rest.chars().next().map_or("", |c| &rest[..c.len_utf8()])),
        };
        let place = |c: char| c.is_alphanumeric() || matches!(c, ',' | '+' | '-' | ' ' | '(' | ')' | '\'');
        if inner.chars().count() <= 9 && inner.contains(letter) && inner.chars().all(place) {
            return true;
        }
    }
    let low = |c: char| names::subscript(c).is_some_and(|s| letter.starts_with(s));
    text.contains(low)
}

/// The subscript a text begins with, and the rest: a group, a range without braces, or one letter of TeX, the letters of plain text.
fn below(text: &str, tex: bool) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('_')?;
    if let Some((after, inner)) = scan::group(rest) {
        return Some((inner, after));
    }
    if let Some(round) = rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
        return Some(round);
    }
    let one = || if tex { rest.chars().next().map(char::len_utf8) } else { letter_run(rest).map(str::len) };
    bare_range(rest).or_else(one).map(|length| rest.split_at(length))
}

/// The length of `i=1` where `^` follows: the range of a sign that was written without braces.
fn bare_range(text: &str) -> Option<usize> {
    let inner = text.trim_start();
    let letter = inner.chars().next().filter(|c| c.is_alphabetic())?;
    let rest = inner[letter.len_utf8()..].trim_start().strip_prefix('=')?;
    let digits = rest.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    let first = rest.trim_start().len() - digits.len();
    (first > 0 && digits.trim_start().starts_with('^')).then(|| text.len() - digits.len())
}

/// A few letters that belong to no longer word: in plain text `_ij` has two indices.
fn letter_run(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let is_short = end <= 3 && text[..end].chars().all(|c| c.is_ascii_lowercase());
    (end > 0 && is_short).then(|| &text[..end])
}
