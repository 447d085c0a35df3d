//! Text to tokens. Plain text and LaTeX share this loop; commands are read in `latex`.

use super::names::{self, NameBuilder};
use super::paths::ProgramPaths;
use super::token::{BarSide, Bracket, Tok, Token};
use super::{commands, functions, program_text, scan, scripts, symbols};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Gathering, Name};
use std::collections::{BTreeMap, BTreeSet};

/// How a run of letters is read.
#[derive(Clone, Copy)]
pub(super) enum Words<'a> {
    /// As one name.
    Whole,
    /// Letter by letter, except built-ins, words of declarations, and these names.
    Letters(&'a BTreeSet<Name>),
}

/// Words of declarations, which LaTeX documents use too.
const KEYWORDS: &[&str] = &["scalar", "elementwise", "rows", "cols"];

/// A text holds LaTeX when it holds a command or a formula between dollar signs outside comments.
pub(super) fn is_latex(text: &str) -> bool {
    let code = |line: &str| line.split('#').next().is_some_and(|code| code.contains('$') || has_command(code));
    text.lines().any(code)
}

/// A backslash with a command; alone it is MATLAB's division from the left, `A \ b`.
fn has_command(code: &str) -> bool {
    code.split('\\').skip(1).any(|rest| match scan::command(rest) {
        Ok((_, name)) => name.len() > 1 || commands::command(name).is_some(),
        Err(_) if program_text::named_letter(rest).is_some() => false,
        Err(_) if rest.starts_with('(') => code.contains("\\)"),
        Err(_) => rest.starts_with(|c: char| !c.is_whitespace()),
    }) || code.contains("\\\\")
}

/// The tokens of a text, in order; pieces that are no token are `Tok::Bad`.
pub(super) fn tokens(text: &str, words: Words) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        pos: 0,
        latex: is_latex(text),
        r: program_text::is_r(text),
        words,
        spaced: false,
        tokens: Vec::new(),
        letters_until: 0,
        suggestions: MAX_SUGGESTIONS,
        side: None,
        bound_letters: [None; 26],
        named: BTreeMap::new(),
        angle_closes: None,
        frame_closes: Vec::new(),
        paths: None,
        keras: None,
    };
    lexer.run();
    if lexer.latex {
        scripts::ordered(&mut lexer.tokens);
    }
    lexer.tokens
}

pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) pos: usize,
    pub(super) latex: bool,
    /// The text is R.
    r: bool,
    words: Words<'a>,
    spaced: bool,
    tokens: Vec<Token>,
    /// The end of a run of letters that is known to be no name: its letters are single.
    letters_until: usize,
    /// How many more unknown commands are worth a search for what was meant.
    pub(super) suggestions: u32,
    /// The side a `\left` gives to the bar after it.
    pub(super) side: Option<BarSide>,
    /// Which small letters are indices somewhere, as far as that was asked.
    bound_letters: [Option<bool>; 26],
    /// Whether words are names of the author's, as far as that was asked.
    pub(super) named: BTreeMap<&'a str, bool>,
    /// Where the bracket of an inner product closes that is typed `<a, b>`.
    pub(super) angle_closes: Option<usize>,
    /// Where the braces of a font around a whole equation close.
    pub(super) frame_closes: Vec<usize>,
    /// The paths of programs, once that was asked.
    pub(super) paths: Option<ProgramPaths<'a>>,
    /// Whether K is the module of a library, once that was asked.
    pub(super) keras: Option<bool>,
}

/// Unknown commands that get a did-you-mean; a text with more of them has another problem.
const MAX_SUGGESTIONS: u32 = 20;

impl<'a> Lexer<'a> {
    fn run(&mut self) {
        self.eat("\u{feff}");
        loop {
            self.skip_blank();
            if self.rest().is_empty() {
                return;
            }
            self.token();
        }
    }

    // ---- the text ahead

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.pos..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn eat(&mut self, sign: &str) -> bool {
        let found = self.rest().starts_with(sign);
        if found {
            self.pos += sign.len();
        }
        found
    }

    /// Takes what a scanner finds at this place.
    pub(super) fn scan(&mut self, scanner: impl Fn(&'a str) -> nom::IResult<&'a str, &'a str>) -> Option<&'a str> {
        let (_, found) = scanner(self.rest()).ok()?;
        self.pos += found.len();
        Some(found)
    }

    /// Blank space and comments; newlines are tokens.
    pub(super) fn skip_blank(&mut self) {
        loop {
            let comment = self.rest().starts_with('#') || (self.latex && self.rest().starts_with('%'));
            let scanner = if comment { scan::comment } else { scan::blank };
            if self.scan(scanner).is_none() {
                return;
            }
            self.spaced = true;
        }
    }

    // ---- tokens

    pub(super) fn push(&mut self, tok: Tok, start: usize) {
        let span = Span::new(start, self.pos);
        let tok = match (tok, self.side.take()) {
            (Tok::Bar(BarSide::Either), Some(side)) => Tok::Bar(side),
            (Tok::Pipe(BarSide::Either), Some(side)) => Tok::Pipe(side),
            (tok, _) => tok,
        };
        self.tokens.push(Token { tok, span, spaced: std::mem::take(&mut self.spaced) });
    }

    pub(super) fn bad(&mut self, error: Error, start: usize) {
        self.push(Tok::Bad(Box::new(error)), start);
    }

    /// Blank space stands before this place.
    pub(super) fn is_spaced(&self) -> bool {
        self.spaced
    }

    /// An error about the text from `start` to here.
    pub(super) fn syntax_error(&mut self, start: usize, message: impl Into<String>, label: &str, help: &str) {
        let error = Error::new(Kind::Syntax, message).at(Span::new(start, self.pos), label).help(help);
        self.bad(error, start);
    }

    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    pub(super) fn tokens_mut(&mut self) -> &mut [Token] {
        &mut self.tokens
    }

    pub(super) fn token(&mut self) {
        match self.peek() {
            Some('∑') => self.sign_of_sum('∑', Gathering::Sum),
            Some('∏') => self.sign_of_sum('∏', Gathering::Product),
            Some('𝔼') => self.sign_of_sum('𝔼', Gathering::Expectation),
            Some('Σ') if self.is_sum() => self.sign_of_sum('Σ', Gathering::Sum),
            Some('\\') if self.latex => self.command(),
            Some('\\') if self.named_letter() => {}
            Some(c) if c.is_ascii_digit() => self.number(),
            Some('𝟏' | '𝟙') => self.ones(),
            Some(c) if names::is_letter(c) && (self.plain_word() || self.plain_gathering()) => {}
            Some(c) if !self.latex && names::is_letter(c) && self.module() => {}
            Some(c) if names::is_letter(c) => self.word(),
            Some('_') => self.loose_subscript(),
            Some(c) if names::subscript(c).is_some() => self.low_subscript(),
            Some('|') if self.latex && self.double_bar() => {}
            Some(c) if names::superscript(c).is_some() => self.superscript(),
            Some('⁽' | '^') if !self.latex && self.raised_index() => {}
            Some(c) if symbols::vulgar_fraction(c).is_some() => self.vulgar_fraction(c),
            Some(_) => self.symbol(),
            None => {}
        }
    }

    fn number(&mut self) {
        let start = self.pos;
        let Some(text) = self.scan(scan::number) else { return };
        // `1..5` is a range, `1./x` a quotient, but `1.2.3` and `1.` are no numbers
        if text.contains('.') && self.scan(scan::stray_fraction).is_some() {
            let whole = &self.text[start..self.pos];
            self.syntax_error(
                start,
                format!("{whole} is not a number: it has more than one decimal point"),
                "two decimal points",
                "write a number as digits with at most one point, 1.25",
            );
        } else {
            // programs write 1. for 1.0
            let after = self.rest().strip_prefix('.').filter(|_| !self.latex && !text.contains('.'));
            let next = after.map(|after| after.trim_start_matches(' '));
            // `2. * x`, but not `2.*x`
            let before_sign = after != next && next.is_some_and(|next| next.starts_with(['*', '/']));
            let ends = next.is_some_and(|next| next.is_empty() || next.starts_with([')', ']', ',', '+', '-', '\n']));
            if ends || before_sign {
                self.pos += 1;
            }
            self.push(Tok::Number(text.to_string()), start);
        }
    }

    fn vulgar_fraction(&mut self, c: char) {
        let start = self.pos;
        let Some((top, bottom)) = symbols::vulgar_fraction(c) else { return };
        self.pos += c.len_utf8();
        let number = |n: &str| Tok::Number(n.to_string());
        for tok in [Tok::Open(Bracket::Paren), number(top), Tok::Slash, number(bottom), Tok::Close(Bracket::Paren)] {
            self.push(tok, start);
        }
    }

    /// `x⁽ⁱ⁾`, and `x^(i)` where i is an index somewhere, as `x^{(i)}`.
    fn raised_index(&mut self) -> bool {
        const LONGEST: usize = 4;
        let start = self.pos;
        let raised = self.peek() == Some('⁽');
        let (open, close) = if raised { ("⁽", '⁾') } else { ("^(", ')') };
        let Some(rest) = self.rest().strip_prefix(open) else { return false };
        let Some(end) = rest.char_indices().take(LONGEST).find(|(_, c)| *c == close).map(|(at, _)| at) else {
            return false;
        };
        let high = |c: char| names::superscript(c).or_else(|| names::raised_letter(c));
        let index = if raised { rest[..end].chars().map(high).collect() } else { Some(rest[..end].to_owned()) };
        let Some(index) = index.filter(|i| !i.is_empty()) else { return false };
        if !raised && !self.is_bound(&index) {
            return false;
        }
        self.pos += open.len() + end + close.len_utf8();
        let number = index.bytes().all(|b| b.is_ascii_digit());
        let inner = if number { Tok::Number(index) } else { Tok::Name(index.as_str().into()) };
        let (brace, paren) = (Bracket::Brace, Bracket::Paren);
        for tok in [Tok::Caret, Tok::Open(brace), Tok::Open(paren), inner, Tok::Close(paren), Tok::Close(brace)] {
            self.push(tok, start);
        }
        true
    }

    /// Whether this is one small letter that stands below a name, or that a sum runs over.
    fn is_bound(&mut self, letter: &str) -> bool {
        let [byte @ b'a'..=b'z'] = letter.as_bytes() else { return false };
        let known = usize::from(byte - b'a');
        if let Some(answer) = self.bound_letters[known] {
            return answer;
        }
        let runs = |before: &str, after: &str| self.text.contains(&format!("{before}{letter}{after}"));
        let answer = self.is_index(letter) || ["_{", "sum(", "Σ("].iter().any(|b| runs(b, "=") || runs(b, " ="));
        self.bound_letters[known] = Some(answer);
        answer
    }

    fn superscript(&mut self) {
        let start = self.pos;
        let Some(text) = self.scan(scan::high_characters) else { return };
        let characters = text.chars().filter_map(names::superscript).collect();
        self.push(Tok::Superscript(characters), start);
    }

    fn symbol(&mut self) {
        let start = self.pos;
        if !self.latex && self.order() || self.angle() {
            return;
        }
        if !self.latex && (self.line_goes_on() || self.type_of_parameter()) {
            return;
        }
        if self.frame_closes.pop_if(|close| *close == start).is_some() {
            self.pos += 1;
            return;
        }
        if scan::prime(self.rest()).is_ok() {
            self.pos += self.peek().map_or(0, char::len_utf8);
            return self.push(Tok::Prime, start);
        }
        if self.latex && self.eat("&") {
            return self.push(Tok::Align, start);
        }
        if !self.latex && self.rest().starts_with("<-") && self.is_head() {
            self.pos += "<-".len();
            return self.push(Tok::Equals, start);
        }
        if self.latex && self.rest().starts_with('~') && !scan::is_drawn(&self.rest()[1..]) {
            self.pos += 1;
            return;
        }
        match symbols::symbol(self.rest()) {
            Some((Tok::Dot, 1)) if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => self.bare_fraction(),
            Some((Tok::Dot, 1)) if self.is_point_between_factors() => {
                self.pos += 1;
                self.push(Tok::Times, start);
            }
            Some((Tok::Dot, 1)) if !self.latex && (self.broadcast() || self.method()) => {}
            Some((Tok::Dot, 1)) if self.is_python_transpose() => self.python_transpose(),
            Some((tok, length)) => {
                self.pos += length;
                self.push(tok, start);
            }
            None => self.unexpected(),
        }
    }

    /// Julia's `x::Vector{Float64}`.
    fn type_of_parameter(&mut self) -> bool {
        let behind_name = self.tokens.last().is_some_and(|t| t.tok.name().is_some() || matches!(t.tok, Tok::Close(_)));
        let Some(rest) = self.rest().strip_prefix("::").filter(|_| behind_name && !self.spaced) else { return false };
        let word = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.').len();
        let parameters = scan::group(&rest[word..]).map_or(0, |(_, inner)| inner.len() + 2);
        let is_type = rest.starts_with(|c: char| c.is_ascii_uppercase()) && !rest[word..].starts_with('(');
        if is_type {
            self.pos += "::".len() + word + parameters;
        }
        is_type
    }

    /// `...` at the end of a line of MATLAB, which goes on in the next.
    fn line_goes_on(&mut self) -> bool {
        let Some(rest) = self.rest().strip_prefix("...") else { return false };
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        let ends = rest[blank..].starts_with('\n');
        if ends {
            self.pos += "...".len() + blank + 1;
            self.spaced = true;
        }
        ends
    }

    /// One name stands in the statement, perhaps with a bracket, and nothing else: R's `f <- e`, `Q(s, a) <- e`.
    fn is_head(&self) -> bool {
        let ends = |t: &Token| matches!(t.tok, Tok::Newline | Tok::Semicolon);
        let near = &self.tokens[self.tokens.len().saturating_sub(NEAR)..];
        let begins = near.iter().rposition(ends).map_or(0, |end| end + 1);
        super::heads::is_symbol(&near[begins..]) && (begins > 0 || near.len() == self.tokens.len())
    }

    fn unexpected(&mut self) {
        let start = self.pos;
        let c = self.peek().unwrap_or(' ');
        self.pos += c.len_utf8();
        self.bad(symbols::unexpected_character(c, start), start);
    }

    /// `.T`, and not the point of `A.Transpose[B]`.
    fn is_python_transpose(&self) -> bool {
        self.rest().strip_prefix(".T").is_some_and(|after| !after.starts_with(char::is_alphanumeric))
    }

    fn python_transpose(&mut self) {
        let start = self.pos;
        self.pos += 2;
        self.syntax_error(start, ".T is not in the language", "Python's transpose", "write the transpose as X^T");
    }

    /// `.5`, where nothing stands before it that it could be a part of.
    fn bare_fraction(&mut self) {
        let start = self.pos;
        self.scan(scan::stray_fraction);
        let text = &self.text[start..self.pos];
        let part = self.tokens.last().is_some_and(|t| match t.tok {
            Tok::Number(_) => true,
            Tok::Name(_) | Tok::Close(_) => !self.spaced,
            _ => false,
        });
        if part || text[1..].contains('.') {
            return self.syntax_error(
                start,
                format!("{text} has no digit before its point"),
                "a number begins with a digit",
                &format!("write 0{text}"),
            );
        }
        self.push(Tok::Number(format!("0{text}")), start);
    }

    /// `a . b`, with blanks on both sides of the point.
    fn is_point_between_factors(&self) -> bool {
        let operand = |t: &Token| matches!(t.tok, Tok::Name(_) | Tok::Number(_) | Tok::Close(_));
        let after = self.rest()[1..].strip_prefix(' ').map(|after| after.trim_start_matches(' '));
        // a word begins a sentence, or says more of the statement
        let word = |after: &str| after.chars().take(3).all(char::is_alphabetic) && after.chars().nth(2).is_some();
        let factor = |c: char| c.is_alphanumeric() || matches!(c, '(' | '\\');
        self.spaced
            && self.tokens.last().is_some_and(operand)
            && after.is_some_and(|after| after.starts_with(factor) && (!self.latex || !word(after)))
    }

    // ---- names

    fn ones(&mut self) {
        let start = self.pos;
        self.pos += '𝟏'.len_utf8();
        let parts = NameBuilder::new("𝟏");
        if self.is_condition_below(&parts) {
            self.push(Tok::Name(parts.name()), start);
            return self.under();
        }
        match self.subscripts(true) {
            Ok(marks) => {
                let parts = NameBuilder { base: "𝟏".into(), marks };
                self.push(Tok::Name(parts.name()), start);
            }
            Err(error) => self.bad(error, start),
        }
    }

    /// A name, or in LaTeX the letters of a product.
    fn word(&mut self) {
        let start = self.pos;
        if self.latex && self.is_macro_argument() {
            return self.bare_letter(start);
        }
        match self.words {
            Words::Whole => self.whole_word(start),
            Words::Letters(_) if start < self.letters_until => self.single_letter(start),
            Words::Letters(known) => {
                let (tokens, spaced) = (self.tokens.len(), self.spaced);
                self.whole_word(start);
                if !self.is_kept(tokens, known, start) {
                    self.letters_until = self.pos;
                    self.tokens.truncate(tokens);
                    (self.pos, self.spaced) = (start, spaced);
                    self.single_letter(start);
                }
            }
        }
    }

    /// True when the word just read is a name of the document, a built-in, a keyword or a word of a declaration.
    fn is_kept(&self, index: usize, known: &BTreeSet<Name>, start: usize) -> bool {
        let text = &self.text[start..self.pos];
        match self.tokens.get(index).map(|t| &t.tok) {
            Some(Tok::Name(name)) => {
                known.contains(name)
                    || text.split_once('_').is_some_and(|(_, mark)| names::is_accent(mark))
                    || functions::signature(name.as_str()).is_some()
                    || (self.rest().starts_with('(') && functions::missing(name.as_str()).is_some())
                    // `lambda` whose backslash is lost
                    || text.len() > 3 && names::greek(text).is_some()
                    || (self.rest().starts_with('(') && is_glued_function(text))
                    || (self.rest().starts_with('(') && program_text::in_capitals(text).is_some())
                    || KEYWORDS.contains(&text)
                    || super::Attribute::ALL.iter().any(|(words, _)| words.split(' ').any(|word| word == text))
            }
            Some(Tok::In) => true,
            _ => false,
        }
    }

    /// True for a name of the document.
    pub(super) fn knows(&self, word: &str) -> bool {
        match self.words {
            Words::Whole => true,
            Words::Letters(known) => known.contains(&names::canonical(word, &[])),
        }
    }

    fn whole_word(&mut self, start: usize) {
        let Some(word) = self.scan(scan::word) else { return self.unexpected() };
        if word == "in" {
            return self.push(Tok::In, start);
        }
        if self.r && word == "t" && self.rest().starts_with('(') {
            return self.push(Tok::Name(Name::new("transpose")), start);
        }
        let before_greek = self.latex && begins_with_greek(self.rest());
        let function = joined_function(word).or_else(|| counted_function(word).filter(|_| before_greek));
        if let Some(function) = function.filter(|_| !self.is_named(start)) {
            self.pos = start + function.len();
            self.push(Tok::Name(names::canonical(function, &[])), start);
            self.spaced = true;
            return;
        }
        match self.subscripts(false) {
            Ok(subscripts) => self.push(Tok::Name(names::canonical(word, &subscripts)), start),
            Err(error) => self.bad(error, start),
        }
    }

    fn single_letter(&mut self, start: usize) {
        let Some(letter) = self.scan(scan::letter) else { return self.unexpected() };
        match self.subscripts(true) {
            Ok(subscripts) => self.push(Tok::Name(names::canonical(letter, &subscripts)), start),
            Err(error) => self.bad(error, start),
        }
    }

    /// `\frac n2`: without braces a command takes one character.
    fn is_macro_argument(&self) -> bool {
        let fraction = |t: Option<&Token>| t.is_some_and(|t| t.tok == Tok::Frac);
        match &self.tokens[..] {
            [.., before, last] => {
                // `\frac12` has both its arguments
                let one = match &last.tok {
                    Tok::Name(_) => true,
                    Tok::Number(digits) => digits.len() == 1,
                    _ => false,
                };
                fraction(Some(last)) || fraction(Some(before)) && one
            }
            _ => fraction(self.tokens.last()),
        }
    }

    fn bare_letter(&mut self, start: usize) {
        self.pos += self.peek().map_or(0, char::len_utf8);
        let name = names::canonical(&self.text[start..self.pos], &[]);
        self.push(Tok::Name(name), start);
    }

    /// The subscripts that follow a name at once. TeX's take one character or a group, plain ones a run of letters.
    pub(super) fn subscripts(&mut self, tex: bool) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        loop {
            let spaced = self.rest().len() - self.rest().trim_start_matches(' ').len();
            if self.latex && tex && spaced > 0 && self.rest()[spaced..].starts_with('_') {
                self.pos += spaced;
            }
            if let Some(low) = self.scan(scan::low_characters) {
                found.push(low.chars().filter_map(names::subscript).collect());
            } else if let Some((_, mark)) = MARKS.iter().find(|(sign, _)| self.eat(sign)) {
                found.push((*mark).to_owned());
            } else if self.rest().starts_with('_') && !self.rest().starts_with("__") {
                let text = self.subscript(tex)?;
                match signed(&text) {
                    Some(parts) => found.extend(parts.map(str::to_owned)),
                    None => found.push(text),
                }
            } else {
                return Ok(found);
            }
        }
    }

    /// `_1`, `_{t-1}`, `_Paris`, in LaTeX `_\alpha`.
    pub(super) fn subscript(&mut self, tex: bool) -> Result<String, Error> {
        let start = self.pos;
        self.eat("_");
        if let Some((_, inner)) = scan::group(self.rest()) {
            self.pos += inner.len() + 2;
            return super::latex::flat_text(inner)
                .filter(|text| !text.is_empty())
                .ok_or_else(|| bad_subscript(Span::new(start, self.pos)));
        }
        let plain = if tex { None } else { self.scan(scan::plain_subscript) };
        plain.map(str::to_string).or_else(|| self.tex_subscript()).ok_or_else(|| {
            let next = self.peek().map_or(0, char::len_utf8);
            bad_subscript(Span::new(start, self.pos + next))
        })
    }

    /// One character, or a command with its argument.
    fn tex_subscript(&mut self) -> Option<String> {
        if self.rest().starts_with('\\') {
            let argument = self.argument()?;
            return super::latex::flat_text(argument);
        }
        // `d_-`
        if self.rest().starts_with('-') && !self.rest()[1..].starts_with(|c: char| c.is_alphanumeric() || c == '\\') {
            self.pos += 1;
            return Some("minus".to_owned());
        }
        let c = self.peek().filter(|c| c.is_ascii_digit() || names::is_letter(*c) || matches!(*c, '∞' | '*' | '+'))?;
        self.pos += c.len_utf8();
        Some(c.to_string())
    }

    /// `‖x‖₂`.
    fn low_subscript(&mut self) {
        let start = self.pos;
        let Some(low) = self.scan(scan::low_characters) else { return };
        self.push(Tok::Subscript(low.chars().filter_map(names::subscript).collect()), start);
    }

    /// `\left|\left|`: two bars that make one.
    fn double_bar(&mut self) -> bool {
        let start = self.pos;
        let Some(_) = self.scan(scan::double_bar) else { return false };
        self.push(Tok::Bar(BarSide::Either), start);
        true
    }

    /// `\vert\vert`, `\left\lvert\left\lvert`: two bars that make one.
    pub(super) fn join_bars(&mut self) {
        let [.., first, second] = &mut self.tokens[..] else { return };
        let between = &self.text[first.span.end..second.span.start];
        if let (Tok::Pipe(one), Tok::Pipe(other)) = (&first.tok, &second.tok)
            && one == other
            && matches!(between, "" | "\\left" | "\\right")
        {
            first.tok = Tok::Bar(*one);
            first.span = first.span.to(second.span);
            self.tokens.pop();
        }
    }

    /// The token before is the closing bar of a norm, perhaps with its power.
    fn after_bar(&self) -> bool {
        let before = self.tokens.iter().rev().map(|t| &t.tok);
        before.take(5).any(|t| matches!(t, Tok::Bar(_)))
    }

    /// Whether what stands below this name is a statement: `𝟏_{i ≠ j}`, `δ_{y_n, k}`.
    pub(super) fn is_condition_below(&self, name: &NameBuilder) -> bool {
        let Some((_, inner)) = self.rest().strip_prefix('_').and_then(scan::group) else { return false };
        name.marks.is_empty()
            && match name.base.as_str() {
                "𝟏" => holds_relation(inner),
                "δ" => is_pair(inner),
                _ => false,
            }
    }

    /// The sign that something stands below, where there is a `_`.
    pub(super) fn under(&mut self) {
        let start = self.pos;
        self.pos += 1;
        self.push(Tok::Under, start);
    }

    /// A subscript that follows no name: the index of a norm, or a statement below 1.
    fn loose_subscript(&mut self) {
        let start = self.pos;
        let one = self.tokens.last().is_some_and(|t| matches!(&t.tok, Tok::Number(n) if n == "1"));
        match self.subscript(self.latex) {
            Ok(text) => self.push(Tok::Subscript(text), start),
            Err(_) if self.text[start..].starts_with("_{") && (self.after_bar() || one) => {
                self.pos = start;
                self.under();
            }
            Err(error) => self.bad(error, start),
        }
    }
}

/// The function of `cosθ`, `sin2θ`, `lnx`: before one letter of Greek, or x.
fn joined_function(word: &str) -> Option<&str> {
    const FUNCTIONS: &[&str] = &["sinh", "cosh", "tanh", "sin", "cos", "tan", "exp", "log", "ln", "sqrt"];
    let function = FUNCTIONS.iter().find(|f| word.len() > f.len() && word.starts_with(**f))?;
    let argument = word[function.len()..].trim_start_matches(|c: char| c.is_ascii_digit());
    let mut letters = argument.trim_end_matches(|c: char| c.is_ascii_digit()).chars();
    let letter = letters.next().filter(|_| letters.next().is_none())?;
    (!letter.is_ascii() || letter == 'x' && matches!(*function, "sin" | "cos" | "tan" | "ln")).then_some(function)
}

/// The function of `log2\pi`, whose number belongs to its argument.
fn counted_function(word: &str) -> Option<&str> {
    let function = word.trim_end_matches(|c: char| c.is_ascii_digit());
    (function.len() < word.len() && matches!(function, "log" | "ln" | "exp" | "sin" | "cos" | "sqrt"))
        .then_some(function)
}

/// `\pi`, `\sigma`.
fn begins_with_greek(text: &str) -> bool {
    let command = text.strip_prefix('\\').and_then(|rest| scan::command(rest).ok());
    command.is_some_and(|(_, name)| names::greek(name).is_some())
}

/// The head of a statement has at most so many tokens.
const NEAR: usize = 32;

/// Signs that stand at once behind the name they belong to.
const MARKS: &[(&str, &str)] = &[("∞", "∞"), ("°", "circ")];

/// Two indices, one of them with an index of its own: `y_n, k`, `s_i s_j`. The `z_1` of δ_{z_1} is part of a name.
fn is_pair(inner: &str) -> bool {
    let (mut depth, mut commas, mut marks) = (0usize, 0, 0);
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => commas += 1,
            '_' if depth == 0 => marks += 1,
            _ => {}
        }
    }
    marks > 0 && commas + marks > 1
}

/// Whether a group says how two things compare.
fn holds_relation(inner: &str) -> bool {
    const RELATIONS: &[&str] = &["=", "<", ">", "≠", "≤", "≥", "\\ne", "\\le", "\\ge", "\\lt", "\\gt"];
    RELATIONS.iter().any(|sign| inner.contains(sign))
}

fn bad_subscript(span: Span) -> Error {
    Error::new(Kind::Syntax, "this subscript cannot be read")
        .at(span, "expected a letter, digits, or a group in braces")
        .help("write subscripts as x_1, x_{Paris}, h_{t-1}")
}

/// `z_{i+}` is the name z_+ at i.
fn signed(subscript: &str) -> Option<[&str; 2]> {
    let (index, mark) = match subscript.strip_suffix('+') {
        Some(index) => (index, "plus"),
        None => (subscript.strip_suffix('-')?, "minus"),
    };
    (!index.is_empty() && index.chars().all(char::is_alphabetic)).then_some([mark, index])
}

/// `maxw(…)`, `logx(…)`: a function and one letter, and no product of letters.
fn is_glued_function(word: &str) -> bool {
    let function = word.get(..word.len() - 1).unwrap_or_default();
    function.len() > 2 && (matches!(function, "min" | "max") || functions::signature(function).is_some())
}
