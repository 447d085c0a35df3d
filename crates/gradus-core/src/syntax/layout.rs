//! Tokens to statements: where each one ends, and whether its brackets match.

mod brackets;

use super::token::{Bracket, Connective, MathEdge, Tok, Token};
use super::{declaration, facts};
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::Name;

/// Brackets nest at most so deep.
pub(super) const MAX_DEPTH: usize = if cfg!(target_family = "wasm") { 48 } else { 256 };

/// How far a line's end looks ahead over alignment marks.
const NEAR: usize = 16;

/// So many blanks part what stands on one line.
const WIDE: usize = 2;

/// The tokens of one statement, ended by `Tok::End`, or what is wrong with them.
pub(super) struct StatementTokens {
    pub tokens: Vec<Token>,
    pub errors: Vec<Error>,
    pub notes: Vec<Note>,
    /// Stands after a comma or `where`: it explains another one.
    pub aside: bool,
    /// Stands after `subject to`.
    pub constraint: bool,
}

impl StatementTokens {
    pub fn span(&self) -> Span {
        let end = self.tokens.last().map_or(Span::default(), |t| t.span);
        self.tokens.first().map_or(end, |t| t.span).to(end)
    }
}

/// What ends a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// A document's: newlines and semicolons.
    Lines,
    /// An expression's: nothing but its end; newlines are space.
    Never,
}

/// Splits tokens into statements. In a `sentence` a statement may end with a comma or a full stop.
///
/// # Errors
/// When brackets nest deeper than `MAX_DEPTH`.
pub(super) fn statements(mut tokens: Vec<Token>, ends: Ending, sentence: bool) -> Result<Vec<StatementTokens>, Error> {
    // empty lines mean nothing
    tokens.dedup_by(|a, b| a.tok == Tok::Newline && b.tok == Tok::Newline);
    let closed = closed(&tokens);
    let mut layout = Layout {
        tokens,
        closed,
        ends,
        sentence,
        open: Vec::new(),
        formulas: Vec::new(),
        aside: false,
        constraint: false,
        gap: None,
        said: Vec::new(),
        current: Vec::new(),
        errors: Vec::new(),
        notes: Vec::new(),
        done: vec![],
    };
    for i in 0..layout.tokens.len() {
        layout.token(i)?;
    }
    layout.finish();
    Ok(layout.done)
}

/// For every opening bracket whether it is closed anywhere.
fn closed(tokens: &[Token]) -> Vec<bool> {
    let mut closed = vec![false; tokens.len()];
    let mut open: Vec<(usize, Bracket)> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        match token.tok {
            Tok::Open(bracket) => open.push((i, bracket)),
            Tok::Close(bracket) => match open.pop() {
                Some((at, opened)) if opened == bracket => closed[at] = true,
                Some(_) | None => {}
            },
            _ => {}
        }
    }
    closed
}

/// The delimiters a formula stands between.
struct Formula {
    /// Opened and closed by the same sign, `$`.
    dollars: bool,
    /// An arrangement within a statement, whose ends end none.
    inner: bool,
}

struct Layout {
    tokens: Vec<Token>,
    closed: Vec<bool>,
    ends: Ending,
    /// The text may be part of a sentence, with its punctuation.
    sentence: bool,
    open: Vec<(Bracket, Span)>,
    formulas: Vec<Formula>,
    aside: bool,
    constraint: bool,
    /// How many tokens of the statement stand before its last wide space.
    gap: Option<usize>,
    /// Words that say nothing to be read, and how many tokens of the statement stand before them.
    said: Vec<(usize, Span)>,
    current: Vec<Token>,
    errors: Vec<Error>,
    notes: Vec<Note>,
    done: Vec<StatementTokens>,
}

impl Layout {
    fn token(&mut self, i: usize) -> Result<(), Error> {
        let token = self.tokens[i].clone();
        let inside = self.open.last().map(|(bracket, _)| *bracket);
        if inside.is_none() && self.begins_apart(i) {
            self.finish();
        }
        match token.tok {
            Tok::Name(word) if inside.is_none() && self.joins_equations(&word, i) => self.finish_before_aside(),
            Tok::Open(bracket) => self.open(bracket, token)?,
            Tok::Close(bracket) => self.close(bracket, token),
            Tok::Newline => self.newline(i, inside),
            Tok::RowBreak => self.row_break(i, token, inside),
            Tok::Semicolon => self.semicolon(token, inside),
            Tok::Align if matches!(inside, Some(Bracket::Matrix | Bracket::Cases)) => {
                self.current.push(Token { tok: Tok::Comma, ..token });
            }
            Tok::Align => {}
            Tok::Comma | Tok::Gap if inside.is_none() && !self.awaits() && self.begins_declaration(i + 1) => {
                self.finish()
            }
            Tok::Comma if inside.is_none() && (self.begins_equation(i + 1) || self.begins_fact(i + 1)) => {
                self.finish_before_aside();
            }
            Tok::Gap if inside.is_none() && !self.awaits() && self.begins_equation(i + 1) => self.finish_before_aside(),
            Tok::Gap if inside.is_none() && self.has_declared(i + 1) => {
                self.current.pop_if(|last| last.tok == Tok::Comma);
                self.finish();
            }
            Tok::Gap => self.gap = Some(self.current.len()),
            Tok::Word(word) if inside.is_none() && self.ends == Ending::Lines => self.word(word, token),
            Tok::Prime if self.current.last().is_some_and(|t| t.tok == Tok::Caret) => {
                self.current.pop();
                self.current.push(token);
            }
            Tok::Star if self.star(&token) => {}
            Tok::Boundary(edge) => self.boundary(edge, inside),
            Tok::Said => self.said.push((self.current.len(), token.span)),
            // the first unreadable piece of a statement is enough to tell of
            Tok::Bad(error) if self.errors.is_empty() => self.errors.push(*error),
            Tok::Bad(_) => {}
            _ => self.current.push(token),
        }
        Ok(())
    }

    fn newline(&mut self, i: usize, inside: Option<Bracket>) {
        match inside {
            None if self.ends == Ending::Never || self.continues(i) => {}
            // within a formula a line's end is a space
            None if !self.formulas.is_empty() && !self.begins_equation(i + 1) => {}
            None => self.finish(),
            Some(Bracket::Square) => self.bracket_row(i),
            Some(Bracket::Matrix | Bracket::Cases) => {}
            // a line that plainly begins another statement ends one whose bracket was forgotten
            Some(Bracket::Paren | Bracket::Brace | Bracket::Angle)
                if self.begins_statement(i + 1) && !self.open_is_closed() =>
            {
                self.finish();
            }
            Some(Bracket::Paren | Bracket::Brace | Bracket::Angle) => {}
        }
    }

    fn row_break(&mut self, i: usize, token: Token, inside: Option<Bracket>) {
        match inside {
            None if self.ends == Ending::Never || self.continues(i) => {}
            None => self.finish(),
            Some(Bracket::Matrix | Bracket::Cases) => self.current.push(Token { tok: Tok::Semicolon, ..token }),
            Some(Bracket::Square) => self.bracket_row(i),
            Some(Bracket::Paren | Bracket::Brace | Bracket::Angle) => {}
        }
    }

    fn semicolon(&mut self, token: Token, inside: Option<Bracket>) {
        match inside {
            Some(Bracket::Square) => self.current.push(token),
            None if self.ends == Ending::Never => self.current.push(token),
            // nothing within brackets ends a statement, unless nobody closes them
            Some(_) if self.open_is_closed() => self.current.push(token),
            None | Some(_) => self.finish(),
        }
    }

    fn open_is_closed(&self) -> bool {
        let Some((_, span)) = self.open.last() else { return false };
        let at = self.tokens.binary_search_by_key(&(span.start, span.end), |t| (t.span.start, t.span.end));
        at.is_ok_and(|i| self.closed[i])
    }

    fn finish_before_aside(&mut self) {
        self.finish();
        self.aside = true;
    }

    fn word(&mut self, word: Connective, token: Token) {
        match word {
            Connective::Where | Connective::For => {
                // `J = x^T Q x, where x = F z`
                self.current.pop_if(|last| last.tok == Tok::Comma);
                self.finish_before_aside()
            }
            Connective::SubjectTo => {
                self.finish();
                self.constraint = true;
            }
            Connective::If | Connective::Otherwise => self.current.push(token),
        }
    }

    /// Math delimiters end statements, except around a part of one.
    fn boundary(&mut self, edge: MathEdge, inside: Option<Bracket>) {
        let inner = inside.is_some() || self.awaits();
        let dollars = edge == MathEdge::Either;
        let closes = edge == MathEdge::End || (dollars && self.formulas.last().is_some_and(|f| f.dollars));
        let inner = if closes {
            self.formulas.pop().is_some_and(|f| f.inner)
        } else {
            self.formulas.push(Formula { dollars, inner });
            inner
        };
        if !inner {
            self.finish();
        }
    }

    /// The statement cannot end here: an operator or a sign of equality awaits its right side.
    fn awaits(&self) -> bool {
        let last = self.current.last().map(|t| &t.tok);
        last.is_some_and(|t| t.joins() || matches!(t, Tok::Minus | Tok::Equals | Tok::Nearly(_) | Tok::Optimum(_)))
    }

    /// A line's end within brackets is the end of a row, unless the row plainly goes on.
    fn bracket_row(&mut self, i: usize) {
        let goes_on = |tok: &Tok| tok.joins() || matches!(tok, Tok::Comma | Tok::Semicolon | Tok::Minus);
        let after = self.tokens[i + 1..].iter().map(|t| &t.tok).find(|t| !matches!(t, Tok::Newline));
        let before = self.current.last().map(|t| &t.tok);
        let opened = matches!(before, Some(Tok::Open(Bracket::Square)));
        let closes = matches!(after, Some(Tok::Close(_)) | None);
        if !opened
            && !closes
            && !before.is_some_and(goes_on)
            && !after.is_some_and(|t| t.joins() || *t == Tok::Semicolon)
        {
            let token = Token { tok: Tok::Semicolon, ..self.tokens[i].clone() };
            self.current.push(token);
        }
    }

    /// True when the statement goes on in the next line: it ends with an operator, or the line begins with one.
    fn continues(&self, i: usize) -> bool {
        if self.current.is_empty() {
            return false;
        }
        let awaits = self.awaits();
        let aligned = self.tokens[i + 1..].iter().take(4).any(|t| t.tok == Tok::Align);
        let next = self.next_in_line(i + 1);
        let equals = |t: &Tok| matches!(t, Tok::Equals | Tok::Nearly(_));
        let follows = next.is_some_and(|t| t.joins() || equals(t) || (aligned && *t == Tok::Minus));
        follows || (awaits && next.is_some() && !self.begins_statement(i + 1))
    }

    /// The first token from `i` that is not space; `None` when there is none.
    fn next_in_line(&self, i: usize) -> Option<&Tok> {
        let visible = |t: &&Tok| !matches!(t, Tok::Newline | Tok::Align | Tok::Gap);
        self.tokens[i..].iter().take(NEAR).map(|t| &t.tok).find(visible).filter(|t| !matches!(t, Tok::Boundary(_)))
    }

    /// `a = x + y    b = x y` on one line: behind an equation, a wide space and another.
    fn begins_apart(&self, i: usize) -> bool {
        let wide = |before: &Token| before.tok != Tok::Newline && before.span.end + WIDE <= self.tokens[i].span.start;
        let apart = self.ends == Ending::Lines && !self.sentence && i > 0 && wide(&self.tokens[i - 1]);
        apart && !self.awaits() && self.begins_definition(i) && self.has_equation()
    }

    /// `a = x + y and b = x y` in plain text.
    fn joins_equations(&self, word: &Name, i: usize) -> bool {
        let joins = matches!(word.as_str(), "and" | "with") && self.ends == Ending::Lines;
        joins && self.begins_definition(i + 1) && self.has_equation()
    }

    fn has_equation(&self) -> bool {
        self.current.iter().any(|t| t.tok == Tok::Equals)
    }

    /// `name =`, `g(t) =`.
    fn begins_definition(&self, i: usize) -> bool {
        self.begins_statement(i) && !matches!(self.tokens.get(i + 1).map(|t| &t.tok), Some(Tok::Colon | Tok::In))
    }

    /// After a statement, a comma and a declaration: `X ∈ R^{n×m}, w ∈ R^m`.
    fn begins_declaration(&self, i: usize) -> bool {
        let head = |t: &&Token| matches!(t.tok, Tok::Name(_) | Tok::Comma);
        let blank = |t: &&Token| matches!(t.tok, Tok::Newline | Tok::Align | Tok::Gap);
        let i = i + self.tokens[i..].iter().take(NEAR).take_while(blank).count();
        let names = self.tokens[i..].iter().take(NEAR).take_while(head).count();
        let declares = |tok: &Tok| matches!(tok, Tok::Colon | Tok::In);
        let starts = matches!(self.tokens.get(i + names).map(|t| &t.tok), Some(tok) if declares(tok));
        // the names of one declaration are separated by commas, too
        starts && names > 0 && !self.current.iter().all(|t| head(&t))
    }

    /// What stands before a wide space declares something, and what follows says no more of it:
    /// `x ∈ ℝⁿ, \quad x^\top A x`.
    fn has_declared(&self, i: usize) -> bool {
        let blank = |t: &&Token| matches!(t.tok, Tok::Newline | Tok::Align | Tok::Gap);
        let ends = |t: &&Token| matches!(t.tok, Tok::Semicolon | Tok::RowBreak | Tok::Boundary(_) | Tok::End);
        let mut next = self.tokens[i..].iter().skip_while(blank).take_while(|t| !ends(t)).peekable();
        let begins = next.peek().is_some_and(|t| !matches!(t.tok, Tok::Word(_) | Tok::Comma));
        let fact = |t: &Token| t.tok.name().is_some_and(|n| declaration::attribute(n.as_str()).is_some());
        begins && declaration::is_declaration(&self.current) && !next.any(fact)
    }

    /// After a formula and a comma: `, A \succ 0`.
    fn begins_fact(&self, i: usize) -> bool {
        let names = self.current.iter().all(|t| matches!(t.tok, Tok::Name(_) | Tok::Comma));
        !names && !declaration::is_declaration(&self.current) && facts::begins(&self.tokens[i..])
    }

    /// An equation or a declaration up to the next separator: after a comma or a wide space it is a statement.
    fn begins_equation(&self, i: usize) -> bool {
        if self.current.iter().all(|t| matches!(t.tok, Tok::Name(_) | Tok::Comma)) {
            return false; // the names of one declaration
        }
        let blank = |t: &&Token| matches!(t.tok, Tok::Newline | Tok::Align | Tok::Gap);
        let skip = self.tokens[i..].iter().take(NEAR).take_while(blank).count();
        let mut depth = 0usize;
        let mut names = true;
        for (n, token) in self.tokens[i + skip..].iter().enumerate() {
            match &token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth == 0 => return false,
                Tok::Close(_) => depth -= 1,
                _ if depth > 0 => {}
                Tok::Equals | Tok::Nearly(_) => return n > 0,
                Tok::Colon | Tok::In => return n > 0 && names,
                tok if n == 0 && tok.joins() => return false,
                Tok::Comma | Tok::Semicolon | Tok::Newline | Tok::RowBreak | Tok::Boundary(_) => return false,
                Tok::Word(_) | Tok::Gap => return false,
                Tok::Name(_) => {}
                _ => names = false,
            }
        }
        false
    }

    /// `name =`, `name :`, `name ∈`, `g(t) =`.
    fn begins_statement(&self, i: usize) -> bool {
        let skip =
            self.tokens[i..].iter().take(NEAR).take_while(|t| matches!(t.tok, Tok::Newline | Tok::Align)).count();
        let mut ahead = self.tokens[i + skip..].iter().map(|t| &t.tok).filter(|t| !matches!(t, Tok::Align));
        let head = |t: Option<&Tok>| matches!(t, Some(Tok::Equals | Tok::Colon | Tok::In));
        if !matches!(ahead.next(), Some(Tok::Name(_))) {
            return false;
        }
        match ahead.next() {
            Some(Tok::Open(Bracket::Paren)) => {
                matches!(ahead.next(), Some(Tok::Name(_)))
                    && matches!(ahead.next(), Some(Tok::Close(Bracket::Paren)))
                    && matches!(ahead.next(), Some(Tok::Equals))
            }
            other => head(other),
        }
    }

    /// Ends the current statement, if there is anything in it.
    fn finish(&mut self) {
        self.never_closed();
        let mut tokens = std::mem::take(&mut self.current);
        let mut errors = std::mem::take(&mut self.errors);
        let notes = std::mem::take(&mut self.notes);
        let aside = std::mem::take(&mut self.aside);
        let gap = self.gap.take();
        let said = std::mem::take(&mut self.said);
        let mut notes = notes;
        if !said.is_empty() && errors.is_empty() {
            match remarks_left_aside(&mut tokens, &said, aside, gap) {
                Ok(()) => notes.push(super::remarks::left_aside()),
                Err(error) => errors.push(error),
            }
        }
        if gap.is_some_and(|at| is_number_of_equation(&tokens[at.min(tokens.len())..])) {
            tokens.truncate(gap.unwrap_or(0));
        }
        // the punctuation of the sentence a formula stands in
        while self.sentence && matches!(tokens.last().map(|t| &t.tok), Some(Tok::Comma | Tok::Dot)) {
            tokens.pop();
        }
        if tokens.is_empty() && errors.is_empty() {
            self.aside = aside; // `, \quad \text{where}`: it is what follows that stands aside
            self.notes = notes;
            return;
        }
        let end = tokens.last().map_or(0, |t| t.span.end);
        if let Some(conjugate) = (!errors.is_empty()).then(|| conjugate(&tokens)).flatten() {
            errors = vec![super::errors::complex(conjugate)]; // what else is wrong matters less
        }
        tokens.push(Token { tok: Tok::End, span: Span::new(end, end), spaced: false });
        self.done.push(StatementTokens { tokens, errors, notes, aside, constraint: self.constraint });
    }
}

/// Takes words off a statement: behind a comma, a wide space or all of a formula beside another, or before everything. A clause
/// that only they make one, `\eta \text{ is the learning rate}`, is gone with them.
fn remarks_left_aside(
    tokens: &mut Vec<Token>,
    said: &[(usize, Span)],
    aside: bool,
    gap: Option<usize>,
) -> Result<(), Error> {
    let edge = |at: usize| at == 0 || at == tokens.len();
    let apart = |at: usize| at == 0 || gap == Some(at) || matches!(tokens[at - 1].tok, Tok::Comma | Tok::Dot);
    let inner = said.iter().find(|(at, _)| !(aside || edge(*at) && apart(*at)));
    if let Some((_, span)) = inner {
        return Err(Error::new(Kind::Syntax, "these words stand within a formula")
            .at(*span, "no part of a formula")
            .help("say it in a statement of its own, or leave it out"));
    }
    if aside {
        // `x_i \in ℝ^d \text{ is the } i\text{-th sample}`
        let verb = tokens.iter().position(|t| t.tok.is_name("is") || t.tok.is_name("are"));
        let said = said.iter().map(|(at, _)| *at).find(|at| *at > 0);
        tokens.truncate(verb.into_iter().chain(said).min().unwrap_or(tokens.len()));
        let relation = |t: &Token| matches!(t.tok, Tok::Equals | Tok::In | Tok::Colon | Tok::Relation(_));
        if !tokens.iter().any(relation) {
            tokens.clear();
        }
    }
    Ok(())
}

/// The first `^H` or `^*`.
fn conjugate(tokens: &[Token]) -> Option<Span> {
    let sign = |t: &Token| t.tok == Tok::Times || t.tok.is_name("H");
    tokens.windows(2).find(|w| w[0].tok == Tok::Caret && sign(&w[1])).map(|w| w[1].span)
}

/// `(3)`, `(2.14)` after a wide space.
fn is_number_of_equation(tokens: &[Token]) -> bool {
    let [open, inner @ .., close] = tokens else { return false };
    let number = |t: &Token| matches!(t.tok, Tok::Number(_) | Tok::Dot);
    open.tok == Tok::Open(Bracket::Paren) && close.tok == Tok::Close(Bracket::Paren) && inner.iter().all(number)
}
