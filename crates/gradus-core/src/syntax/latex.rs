//! LaTeX commands to tokens: fonts and accents belong to names, spacing is nothing, environments end statements.

use super::commands::{self, LatexCommand};
use super::lexer::Lexer;
use super::names::NameBuilder;
use super::token::{BarSide, Bracket, MathEdge, Tok};
use super::{functions, names, program_text, scan, words};
use crate::expr::{Gathering, Name};
use std::ops::Range;

/// Decorations of one name nest at most so deep.
const MAX_DECORATIONS: u32 = 16;

/// Environments of matrices.
const MATRICES: &[&str] = &["bmatrix", "pmatrix", "matrix", "smallmatrix", "array", "Bmatrix"];

/// Environments that only arrange statements.
const ARRANGEMENTS: &[&str] = &[
    "aligned",
    "align",
    "align*",
    "alignat",
    "alignat*",
    "alignedat",
    "equation",
    "equation*",
    "gather",
    "gather*",
    "gathered",
    "split",
    "multline",
    "multline*",
    "multlined",
    "empheq",
    "subequations",
    "eqnarray",
    "eqnarray*",
    "displaymath",
    "math",
    "flalign",
    "flalign*",
];

impl<'a> Lexer<'a> {
    /// A backslash and what it commands.
    pub(super) fn command(&mut self) {
        let start = self.pos;
        self.pos += 1;
        let Some(name) = self.command_name() else {
            return self.syntax_error(start, r"a lone \ is no command", "nothing follows", "delete the backslash");
        };
        match commands::command(name) {
            Some(LatexCommand::Token(tok)) => self.plain_command(tok, start),
            Some(LatexCommand::Blank) => {}
            None if name == "Pr" => self.decorated(NameBuilder::new("Pr"), start),
            Some(LatexCommand::Delimiter(side)) => self.delimiter(side),
            Some(LatexCommand::Remark) => drop(self.argument()),
            Some(LatexCommand::Gather(by)) => self.gather(by, start),
            Some(LatexCommand::Optimum(what)) => self.optimum(what, start),
            Some(LatexCommand::Arg) => self.argument_of_optimum(start),
            Some(LatexCommand::Stacked) => self.stacked(name, start),
            Some(LatexCommand::Letter(letter)) => self.decorated(NameBuilder::new(letter), start),
            Some(LatexCommand::Font { .. }) if name == "vec" && self.opens_bracket() => {
                self.push(Tok::Function(Name::new("vec")), start);
            }
            Some(LatexCommand::Font { upright }) => self.font(name, upright, start),
            Some(LatexCommand::Accent(accent)) => self.accent(accent, start),
            Some(LatexCommand::Function(function)) => self.push(Tok::Function(Name::new(function)), start),
            Some(LatexCommand::Begin) => self.environment(start, true),
            Some(LatexCommand::End) => self.environment(start, false),
            Some(LatexCommand::Refused(advice)) => self.refuse(name, advice, start),
            None => self.unknown_command(name, start),
        }
    }

    /// `\vec(X)` stacks columns; `\vec X` is X under an arrow.
    fn opens_bracket(&self) -> bool {
        let rest = self.rest().trim_start();
        ["(", "\\left(", "\\bigl(", "\\big("].iter().any(|open| rest.starts_with(open))
    }

    fn command_name(&mut self) -> Option<&'a str> {
        if let Some(letters) = self.scan(scan::command) {
            // `\rho*x`: a product
            let bare = letters
                .strip_suffix('*')
                .filter(|bare| commands::command(letters).is_none() && commands::command(bare).is_some());
            self.pos -= bare.map_or(0, |bare| letters.len() - bare.len());
            return Some(bare.unwrap_or(letters));
        }
        let c = self.rest().chars().next()?;
        let sign = &self.rest()[..c.len_utf8()];
        self.pos += c.len_utf8();
        Some(sign)
    }

    fn plain_command(&mut self, tok: Tok, start: usize) {
        if tok == Tok::RowBreak {
            self.scan(scan::row_space);
        }
        let bar = matches!(tok, Tok::Pipe(_));
        self.push(tok, start);
        if bar {
            self.join_bars();
        }
    }

    /// `\left.` opens nothing; a bar after `\left` opens.
    fn delimiter(&mut self, side: BarSide) {
        self.skip_blank();
        let start = self.pos;
        match side {
            BarSide::Left if self.eat("<") => self.push(Tok::Open(Bracket::Angle), start),
            BarSide::Right if self.eat(">") => self.push(Tok::Close(Bracket::Angle), start),
            BarSide::Left | BarSide::Right | BarSide::Either => {
                self.eat(".");
                self.side = Some(side);
            }
        }
    }

    fn refuse(&mut self, name: &str, advice: &str, start: usize) {
        self.syntax_error(start, format!(r"\{name} is not in the language"), "cannot be read", advice);
    }

    fn unknown_command(&mut self, name: &str, start: usize) {
        self.suggestions = self.suggestions.saturating_sub(1);
        let meant = Some(name).filter(|_| self.suggestions > 0);
        let help = match meant.and_then(|name| functions::closest(name, commands::spellings())) {
            Some(meant) => format!(r"did you mean \{meant}?"),
            None => "write names as \\mathbf{x} or x, functions as \\operatorname{f}".to_string(),
        };
        self.syntax_error(start, format!(r"unknown command \{name}"), "unknown command", &help);
    }

    // ---- environments

    fn environment(&mut self, start: usize, begins: bool) {
        let name = self.argument().unwrap_or("").trim();
        if name == "cases" || name == "dcases" {
            let bracket = Bracket::Cases;
            return self.push(if begins { Tok::Open(bracket) } else { Tok::Close(bracket) }, start);
        }
        if MATRICES.contains(&name) {
            if begins && name == "array" {
                self.argument();
            }
            let tok = if begins { Tok::Open(Bracket::Matrix) } else { Tok::Close(Bracket::Matrix) };
            return self.push(tok, start);
        }
        if ARRANGEMENTS.contains(&name) {
            if begins && name.starts_with("aligned") && name != "aligned" || name.starts_with("alignat") && begins {
                self.argument();
            }
            return self.push(Tok::Boundary(if begins { MathEdge::Begin } else { MathEdge::End }), start);
        }
        self.syntax_error(
            start,
            format!("the environment {name} is not in the language"),
            "cannot be read",
            "use aligned for several statements and bmatrix for matrices",
        );
    }

    // ---- names

    /// The argument of a command: a group without its braces, a command, or one character.
    pub(super) fn argument(&mut self) -> Option<&'a str> {
        self.skip_blank();
        let start = self.pos;
        loop {
            if let Some((_, inner)) = scan::group(self.rest()) {
                let at_start = self.pos == start;
                self.pos += inner.len() + 2;
                return Some(if at_start { inner } else { &self.text[start..self.pos] });
            }
            if !self.eat("\\") {
                let c = self.rest().chars().next().filter(|c| *c != '{' && *c != '}')?;
                self.pos += c.len_utf8();
                return Some(&self.text[start..self.pos]);
            }
            let name = self.command_name()?;
            // `\hat\mathbf{x}`: the argument's own argument belongs to it
            if !matches!(commands::command(name), Some(LatexCommand::Font { .. } | LatexCommand::Accent(_))) {
                return Some(&self.text[start..self.pos]);
            }
            self.skip_blank();
        }
    }

    fn font(&mut self, font: &str, upright: bool, start: usize) {
        self.skip_blank();
        let group = self.pos;
        // `{\rm Tr}`: the old switch takes the word after it
        let word = (matches!(font, "rm" | "sf") && !self.rest().starts_with(['{', '\\']))
            .then(|| self.scan(scan::word))
            .flatten();
        let Some(typed) = word.or_else(|| self.argument()).map(|typed| self.without_module(typed, upright)) else {
            return self.syntax_error(
                start,
                format!(r"\{font} needs an argument in short braces"),
                "no argument",
                &format!(r"write \{font}{{x}}"),
            );
        };
        let inner = typed.trim();
        if let Some(word) = upright.then(|| words::word(inner)).flatten() {
            return self.push(Tok::Word(word), start);
        }
        if let Some(what) = upright.then(|| words::optimum(inner)).flatten() {
            return self.optimum(what, start);
        }
        let is_text = font.starts_with("text") || font == "mbox";
        if is_text && typed.contains('$') {
            return self.sentence(self.pos - 1 - typed.len()..self.pos - 1);
        }
        if let Some(words) = is_text.then(|| words::phrase(typed)).flatten() {
            return words.into_iter().for_each(|tok| self.push(tok, start));
        }
        if let Some(by) = self.gathering(inner, font) {
            return self.gather(by, start);
        }
        match inner {
            "1" if !upright => self.decorated(NameBuilder::new("𝟏"), start),
            "0" if !upright && !self.is_raised() => self.push(Tok::Number("0".to_owned()), start),
            "0" if !upright => self.syntax_error(
                start,
                "a bold 0 does not tell its size",
                "zeros of which size?",
                "write zeros(n) or zeros(n, m)",
            ),
            "R" if font == "mathbb" => self.push(Tok::Name(Name::new("ℝ")), start),
            _ => self.word_in_font(inner, upright, start, group),
        }
    }

    /// `\text{ where $A$ is symmetric}`: words, and formulas between them.
    fn sentence(&mut self, inner: Range<usize>) {
        let (text, after) = (self.text, self.pos);
        self.pos = inner.start;
        for (i, piece) in text[inner.clone()].split('$').enumerate() {
            let (start, end) = (self.pos, self.pos + piece.len());
            if i % 2 == 0 {
                self.pos = end;
                words::spoken(piece).into_iter().for_each(|tok| self.push(tok, start));
            }
            self.skip_blank();
            while self.pos < end {
                self.token();
                self.skip_blank();
            }
            self.pos = (end + 1).min(inner.end);
        }
        self.pos = after;
    }

    /// `\text{Math.exp}(x)`.
    fn without_module(&self, typed: &'a str, upright: bool) -> &'a str {
        if upright && self.opens_bracket() { program_text::without_module(typed.trim()) } else { typed }
    }

    /// An exponent or a transpose follows.
    fn is_raised(&self) -> bool {
        self.rest().trim_start().starts_with(['^', '\''])
    }

    /// `\mathbf{q'}`: the primes of a name in a font stand after it.
    fn primes(&mut self, count: usize) {
        for _ in 0..count {
            self.push(Tok::Prime, self.pos);
        }
    }

    fn word_in_font(&mut self, inner: &str, upright: bool, start: usize, group: usize) {
        let name = inner.trim_end_matches(['\'', '′']);
        let primes = inner[name.len()..].chars().count();
        let word = flat_text(inner).unwrap_or_default();
        if functions::is_reserved(&word) {
            let canonical = functions::signature(&word).map_or(word.clone(), |s| s.name.to_string());
            return self.push(Tok::Function(Name::new(&canonical)), start);
        }
        let letters = inner.len() > 1 && inner.bytes().all(|b| b.is_ascii_alphabetic());
        if !upright && letters && !self.knows(&word) {
            return self.bold_product(&word, start);
        }
        match hyphenated(name).filter(|_| upright).or_else(|| symbol(name, MAX_DECORATIONS)) {
            Some(parts) => {
                self.decorated(parts, start);
                self.primes(primes);
            }
            // `\boldsymbol{(X - Y)}`: the font of a whole group says nothing
            None if !upright && self.text[group..].starts_with('{') && inner.contains('=') => {
                self.frame_closes.push(self.pos - 1);
                self.pos = group + 1;
            }
            None if !upright && self.text[group..].starts_with('{') && holds_signs(inner) => self.pos = group,
            None => self.unreadable_name(start),
        }
    }

    /// `\mathbf{Ax}` is the product of two bold letters.
    fn bold_product(&mut self, word: &str, start: usize) {
        let mut letters = word.chars().peekable();
        while let Some(letter) = letters.next() {
            match letters.peek() {
                Some(_) => self.push(Tok::Name(Name::new(&letter.to_string())), start),
                None => self.decorated(NameBuilder::new(letter), start),
            }
        }
    }

    fn accent(&mut self, accent: &'static str, start: usize) {
        if let Some(marked) = self.rest().strip_prefix('_') {
            let letter = marked.chars().next().filter(|c| names::is_letter(*c));
            self.pos += 1 + letter.map_or(0, char::len_utf8);
            let command = &self.text[start..self.pos - 1 - letter.map_or(0, char::len_utf8)];
            let help = format!("write {command}{{{}}}", letter.unwrap_or('y'));
            return self.syntax_error(start, "an accent stands above a letter", "a subscript follows it", &help);
        }
        let Some(inner) = self.argument() else { return self.unreadable_name(start) };
        // `\hat{\mathbb{E}}_t[e]`: a mean over samples
        let (font, letter) = font_of(inner.trim());
        if let Some(by) = self.gathering(letter, font).filter(|by| *by == Gathering::Expectation) {
            return self.gather(by, start);
        }
        match symbol(inner, MAX_DECORATIONS) {
            Some(parts) => self.decorated(parts.accented(accent), start),
            None => self.unreadable_name(start),
        }
    }

    /// A name with the subscripts that follow it.
    fn decorated(&mut self, mut parts: NameBuilder, start: usize) {
        if self.is_condition_below(&parts) {
            self.push(Tok::Name(parts.name()), start);
            return self.under();
        }
        match self.subscripts(true) {
            Ok(subscripts) => {
                parts.marks.extend(subscripts);
                self.push(Tok::Name(parts.name()), start);
            }
            Err(error) => self.bad(error, start),
        }
    }

    fn unreadable_name(&mut self, start: usize) {
        self.syntax_error(
            start,
            "this is not the name of one symbol",
            "expected one letter or word",
            r"decorate one symbol at a time: \hat{y}, \mathbf{W}_{1}",
        );
    }
}

/// `\mathbb{E}`, `\mathbb E`: the font, without its backslash, and what is set in it.
fn font_of(text: &str) -> (&str, &str) {
    let Some(command) = text.strip_prefix('\\') else { return ("", text) };
    let length = command.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (font, inner) = command.split_at(length);
    (font, inner.trim().trim_start_matches('{').trim_end_matches('}').trim())
}

/// `BPR-OPT`, `log-likelihood`: a name of several words.
fn hyphenated(text: &str) -> Option<NameBuilder> {
    let mut words = text.split('-');
    let word = |word: &str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = words.next().filter(|first| word(first))?;
    let rest: Vec<&str> = words.collect();
    let all = !rest.is_empty() && rest.iter().all(|w| word(w));
    all.then(|| rest.into_iter().fold(NameBuilder::new(first), NameBuilder::mark))
}

/// A group is more than a name when there are operators or brackets in it.
fn holds_signs(inner: &str) -> bool {
    inner.contains(['(', '+', '-', '=', '[', '^']) || inner.contains(' ')
}

/// One symbol with its decorations: `W`, `\hat{y}`, `\boldsymbol{\Sigma}_1`, `Paris`.
fn symbol(text: &str, budget: u32) -> Option<NameBuilder> {
    let text = text.trim();
    let budget = budget.checked_sub(1)?;
    let Some(rest) = text.strip_prefix('\\') else {
        return plain_symbol(text, budget);
    };
    let (rest, name) = scan::command(rest).ok()?;
    match commands::command(name)? {
        LatexCommand::Letter(letter) => with_subscript(NameBuilder::new(letter), rest, budget),
        LatexCommand::Font { .. } => {
            let (inner, rest) = split_argument(rest)?;
            with_subscript(symbol(inner, budget)?, rest, budget)
        }
        LatexCommand::Accent(accent) => {
            let (inner, rest) = split_argument(rest)?;
            with_subscript(symbol(inner, budget)?.accented(accent), rest, budget)
        }
        LatexCommand::Token(_)
        | LatexCommand::Blank
        | LatexCommand::Delimiter(_)
        | LatexCommand::Remark
        | LatexCommand::Function(_)
        | LatexCommand::Gather(_)
        | LatexCommand::Optimum(_)
        | LatexCommand::Arg
        | LatexCommand::Stacked
        | LatexCommand::Begin
        | LatexCommand::End
        | LatexCommand::Refused(_) => None,
    }
}

/// A group, or all the rest when there is no brace.
fn split_argument(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if text.starts_with('{') { scan::group(text).map(|(rest, inner)| (inner, rest)) } else { Some((text, "")) }
}

fn plain_symbol(text: &str, budget: u32) -> Option<NameBuilder> {
    if let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
        return symbol(inner, budget);
    }
    let (rest, word) = scan::word(text).ok()?;
    with_subscript(NameBuilder::of_word(word), rest, budget)
}

fn with_subscript(parts: NameBuilder, rest: &str, budget: u32) -> Option<NameBuilder> {
    // the underscore of `\mathrm{log\_softmax}` is escaped
    let rest = rest.trim();
    match rest.strip_prefix('_').or_else(|| rest.strip_prefix("\\_")) {
        Some(_) if budget == 0 => None,
        Some(mark) => Some(parts.mark(flat_text(mark)?)),
        None if rest.is_empty() => Some(parts),
        None => None,
    }
}

/// The text of a subscript: fonts, braces and spacing dropped, Greek commands as letters; `None` when it holds
/// anything that cannot stand in a name.
pub(super) fn flat_text(text: &str) -> Option<String> {
    let mut flat = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => rest = flat_command(rest, &mut flat)?,
            '{' | '}' => {}
            c if c.is_whitespace() => {}
            // `c^{\prime}`
            '^' if rest.trim_start_matches(['{', ' ']).starts_with("\\prime") => {}
            '−' => flat.push('-'),
            c if c.is_ascii_digit() || names::is_letter(c) => flat.push_str(&NameBuilder::of_word(&c.to_string()).base),
            '_' | '-' | '+' | ',' | '*' | '\'' | '(' | ')' | '/' | '×' | '∞' | '|' | ':' => flat.push(c),
            c if names::subscript(c).is_some() => flat.extend(names::subscript(c)),
            _ => return None,
        }
    }
    Some(flat)
}

/// A command within a subscript; what follows it.
fn flat_command<'a>(text: &'a str, flat: &mut String) -> Option<&'a str> {
    let Ok((rest, name)) = scan::command(text) else {
        let c = text.chars().next()?;
        if c == '_' {
            flat.push('_');
        }
        return Some(&text[c.len_utf8()..]);
    };
    match commands::command(name)? {
        LatexCommand::Letter(letter) => flat.push(letter),
        LatexCommand::Token(Tok::Infinity) => flat.push('∞'),
        LatexCommand::Token(Tok::Cross) => flat.push('×'),
        LatexCommand::Token(Tok::Star) => flat.push('*'),
        LatexCommand::Token(Tok::Prime) => flat.push('\''),
        LatexCommand::Token(Tok::Pipe(_)) => flat.push('|'),
        LatexCommand::Font { .. } | LatexCommand::Blank => {}
        LatexCommand::Accent(accent) => flat.push_str(accent),
        LatexCommand::Function(_) | LatexCommand::Refused(_) | LatexCommand::Gather(_) | LatexCommand::Optimum(_) => {
            flat.push_str(name);
        }
        LatexCommand::Token(_)
        | LatexCommand::Delimiter(_)
        | LatexCommand::Remark
        | LatexCommand::Arg
        | LatexCommand::Stacked
        | LatexCommand::Begin
        | LatexCommand::End => return None,
    }
    Some(rest)
}
