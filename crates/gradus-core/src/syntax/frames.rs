//! What programs put around formulas: the heads and ends of functions, imports, comments. They become blanks, so that
//! every other piece of the text keeps its place; what a function returns is the value.

use crate::diag::{Error, Kind, Span};
use std::ops::Range;

/// A text whose frames are blanks, and the function it was the body of.
pub(super) struct Unframed {
    pub text: String,
    /// The name of the function whose body stands there.
    pub function: Option<String>,
    /// The name MATLAB's head gives to the value.
    pub value: Option<String>,
}

/// The first words of lines that only make names known.
const IMPORTS: &[&str] = &["import ", "from ", "using ", "library(", "pkg load "];

/// Lines that end a function, a loop excepted.
const ENDS: &[&str] = &["end", "end;", "endfunction", "endfunction;", "}"];

/// Takes the frames off a text; `None` where it has none.
pub(super) fn taken_off(text: &str) -> Option<Unframed> {
    let mut frames = Frames { text, blanks: docstrings(text), function: None, value: None, heads: 0, sought: 0 };
    frames.lines();
    // of several functions each is a definition of its own
    if frames.heads > 1 || frames.blanks.is_empty() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in &frames.blanks {
        bytes[range.clone()].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
    }
    let text = String::from_utf8(bytes).ok()?;
    Some(Unframed { text, function: frames.function, value: frames.value })
}

struct Frames<'a> {
    text: &'a str,
    blanks: Vec<Range<usize>>,
    function: Option<String>,
    value: Option<String>,
    heads: usize,
    /// What looked like a head.
    sought: usize,
}

/// A text in which more looks like a head is no function's body: each is looked for in all of it.
const MAX_SOUGHT: usize = 16;

/// `"""…"""`.
fn docstrings(text: &str) -> Vec<Range<usize>> {
    let quotes = "\"\"\"";
    let places: Vec<usize> = text.match_indices(quotes).map(|(at, _)| at).collect();
    places.chunks_exact(2).map(|pair| pair[0]..pair[1] + quotes.len()).collect()
}

impl Frames<'_> {
    fn lines(&mut self) {
        let mut at = 0;
        let mut quoted = self.blanks.clone().into_iter().peekable();
        while at < self.text.len() && self.heads < 2 {
            let length = self.text[at..].find('\n').map_or(self.text.len() - at, |n| n + 1);
            while quoted.next_if(|docstring| docstring.end <= at).is_some() {}
            at += match quoted.peek() {
                Some(docstring) if docstring.contains(&at) => length,
                Some(_) | None => self.line(at, length),
            };
        }
    }

    /// Looks at the line that begins here; says where the next one does.
    fn line(&mut self, at: usize, length: usize) -> usize {
        let line = &self.text[at..at + length];
        let code = code_length(line);
        if code < line.trim_end().len() {
            self.blanks.push(at + code..at + length);
        }
        let typed = line[..code].trim();
        let start = at + (line.len() - line.trim_start().len());
        if let Some(head) = self.head(start) {
            self.heads += 1;
            self.blanks.push(start..head);
            let end = self.text[head..].find('\n').map_or(self.text.len(), |n| head + n + 1);
            self.blanks.push(head + code_length(&self.text[head..end])..end);
            return end - at;
        }
        let decorator = typed.strip_prefix('@').is_some_and(is_path);
        let import = IMPORTS.iter().any(|word| typed.starts_with(word)) && is_import(typed);
        let ends = (self.heads > 0 || typed.starts_with("endfunction")) && ENDS.contains(&typed);
        if decorator || import || ends {
            self.blanks.push(at..at + code);
        }
        length
    }

    /// Where the head of a function of several lines that begins at `start` ends.
    fn head(&mut self, start: usize) -> Option<usize> {
        let rest = &self.text[start..];
        if let Some(after) = rest.strip_prefix("def ") {
            return self.seek().and_then(|()| self.python(start + 4, after));
        }
        if let Some(after) = rest.strip_prefix("function ") {
            return self.seek().and_then(|()| self.ended(start + 9, after));
        }
        self.braced(start, rest)
    }

    fn seek(&mut self) -> Option<()> {
        self.sought += 1;
        (self.sought <= MAX_SOUGHT).then_some(())
    }

    /// `def f(x, lam=0.1) -> float:`, the end of its line behind it.
    fn python(&mut self, start: usize, after: &str) -> Option<usize> {
        let (name, open) = called(after)?;
        let close = closing(after, open)?;
        let colon = close + after[close..].find([':', '\n'])?;
        let ends =
            after[colon..].strip_prefix(':')?.split('\n').next().is_some_and(|l| l[..code_length(l)].trim().is_empty());
        if !ends || is_called_again(self.text, name) {
            return None;
        }
        self.function = Some(name.to_owned());
        Some(start + colon + 1)
    }

    /// `function J = cost(X, y)` and `function f(x)`, which end with `end`.
    fn ended(&mut self, start: usize, after: &str) -> Option<usize> {
        let line = after.lines().next()?;
        let (value, call, shift) = match line.split_once('=') {
            Some((value, call)) => (value.trim(), call, line.len() - call.len()),
            None => ("", line, 0),
        };
        let lead = call.len() - call.trim_start().len();
        let call = call.trim_start();
        let (name, open) = called(call)?;
        let close = closing(call, open)?;
        // the first of several values is what the function is called for
        let first = value.trim_start_matches('[').split([',', ']', ' ']).next().unwrap_or("");
        if is_called_again(self.text, name) || !first.is_empty() && !is_path(first) {
            return None;
        }
        self.function = Some(name.to_owned());
        self.value = Some(first.to_owned()).filter(|v| !v.is_empty());
        Some(start + shift + lead + close + 1)
    }

    /// R's `f <- function(x) {`, and the brace that closes it.
    fn braced(&mut self, start: usize, rest: &str) -> Option<usize> {
        let length = rest.find(|c: char| !is_path_character(c))?;
        // in the same line: a text of empty lines is not looked through at each of them
        let sign = rest[length..].trim_start_matches([' ', '\t']);
        let body = sign.strip_prefix("<-").or_else(|| sign.strip_prefix('='))?.trim_start();
        let parameters = body.strip_prefix("function")?.trim_start();
        self.seek()?;
        let close = closing(parameters, 0).filter(|_| parameters.starts_with('('))?;
        let before = rest.len() - parameters.len() + close + 1;
        let gap = rest[before..].len() - rest[before..].trim_start().len();
        let brace = before + gap;
        let end = rest[brace..].strip_prefix('{').and_then(|_| rest.rfind('}'))?;
        if is_called_again(self.text, &rest[..length]) {
            return None;
        }
        self.function = Some(rest[..length].to_owned());
        self.blanks.push(start + end..start + end + 1);
        Some(start + brace + 1)
    }
}

/// How long a line is up to its comment: `%` of MATLAB at its beginning or after a statement, `//` likewise.
fn code_length(line: &str) -> usize {
    let line = line.trim_end();
    let operator = |at: usize| ["%*%", "%o%", "%x%"].iter().any(|sign| line[at..].starts_with(sign));
    let comment = |sign: &str| {
        line.match_indices(sign).map(|(at, _)| at).find(|at| {
            let before = line[..*at].trim_end();
            let words = *at + 1 < line.len() && are_words(&line[at + 1..]);
            (before.is_empty() || before.ends_with(';') || sign == "%" && words) && !operator(*at)
        })
    };
    comment("%").into_iter().chain(comment("//")).chain(line.find('#')).min().unwrap_or(line.len())
}

/// ` this is the objective`: words behind a sign that is no operator then.
fn are_words(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let spoken = |word: &&&str| word.len() > 1 && word.chars().all(|c| c.is_alphabetic() || ",.:'-".contains(c));
    words.len() > 1 && words.iter().take(2).filter(spoken).count() == 2
}

/// `import numpy as np`, `from numpy import log`, `using LinearAlgebra, Zygote`: no sentence that begins alike.
fn is_import(line: &str) -> bool {
    let plain = line.chars().all(|c| is_path_character(c) || matches!(c, ' ' | ',' | '*' | ';' | '(' | ')'));
    let capitals = |rest: &str| rest.split(',').all(|word| word.trim().starts_with(char::is_uppercase));
    plain
        && match line.split_once(' ') {
            Some(("from", rest)) => rest.contains(" import "),
            Some(("using", rest)) => capitals(rest),
            Some(_) | None => true,
        }
}

/// The name before a bracket, and where the bracket opens.
fn called(text: &str) -> Option<(&str, usize)> {
    let open = text.find('(')?;
    let name = text[..open].trim();
    is_path(name).then_some((name, open))
}

fn is_path_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '!')
}

fn is_path(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_path_character) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Where the bracket that opens here closes.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let close = text[open..].char_indices().find(|(_, c)| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    close.map(|(at, _)| open + at)
}

/// Somebody else in the text calls the function.
fn is_called_again(text: &str, name: &str) -> bool {
    let calls = text.match_indices(name).filter(|(at, _)| {
        let before = text[..*at].chars().next_back();
        let after = text[at + name.len()..].trim_start().starts_with('(');
        after && !before.is_some_and(is_path_character)
    });
    calls.count() > 1
}

/// R's columns of data, `data$y`, where every dollar of the text stands between two names.
pub(super) fn column(text: &str) -> Option<Error> {
    let glued = |at: usize| {
        text[..at].ends_with(char::is_alphanumeric) && text[at + 1..].starts_with(|c: char| c.is_alphabetic())
    };
    let at = text.find('$').filter(|_| text.match_indices('$').all(|(at, _)| glued(at)))?;
    Some(
        Error::new(Kind::Unsupported, "a column of R's data, `data$y`, is not in the language")
            .at(Span::new(at, at + 1), "a column of what stands before it")
            .help("write the column by its own name, y; of several frames by two, y_1 and y_2"),
    )
}
