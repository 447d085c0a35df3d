//! Tokens to statements: where each one ends, and whether its brackets match.

use super::token::{Bracket, Tok, Token};
use crate::diag::{Error, Kind, Span};

/// Brackets nest at most so deep.
pub(super) const MAX_DEPTH: usize = 256;

/// How far a line's end looks ahead over alignment marks.
const NEAR: usize = 16;

/// The tokens of one statement, ended by `Tok::End`, or what is wrong with them.
pub(super) struct Statement {
    pub tokens: Vec<Token>,
    pub errors: Vec<Error>,
}

impl Statement {
    pub fn span(&self) -> Span {
        let end = self.tokens.last().map_or(Span::default(), |t| t.span);
        self.tokens.first().map_or(end, |t| t.span).to(end)
    }
}

/// What ends a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// A document's: newlines and semicolons.
    Lines,
    /// An expression's: nothing but its end; newlines are space.
    Never,
}

/// Splits tokens into statements.
///
/// # Errors
/// When brackets nest deeper than `MAX_DEPTH`.
pub(super) fn statements(mut tokens: Vec<Token>, ends: Ends, latex: bool) -> Result<Vec<Statement>, Error> {
    // empty lines mean nothing
    tokens.dedup_by(|a, b| a.tok == Tok::Newline && b.tok == Tok::Newline);
    let mut layout =
        Layout { tokens, ends, latex, open: Vec::new(), current: Vec::new(), errors: Vec::new(), done: vec![] };
    for i in 0..layout.tokens.len() {
        layout.token(i)?;
    }
    layout.finish();
    Ok(layout.done)
}

struct Layout {
    tokens: Vec<Token>,
    ends: Ends,
    latex: bool,
    open: Vec<(Bracket, Span)>,
    current: Vec<Token>,
    errors: Vec<Error>,
    done: Vec<Statement>,
}

impl Layout {
    fn token(&mut self, i: usize) -> Result<(), Error> {
        let token = self.tokens[i].clone();
        let inside = self.open.last().map(|(bracket, _)| *bracket);
        match token.tok {
            Tok::Open(bracket) => self.open(bracket, token)?,
            Tok::Close(bracket) => self.close(bracket, token),
            Tok::Newline => self.newline(i, inside),
            Tok::RowBreak => self.row_break(i, token, inside),
            Tok::Semicolon => self.semicolon(token, inside),
            Tok::Align if inside == Some(Bracket::Matrix) => self.current.push(Token { tok: Tok::Comma, ..token }),
            Tok::Align => {}
            Tok::Boundary => self.finish(),
            Tok::Bad(error) => self.errors.push(*error),
            _ => self.current.push(token),
        }
        Ok(())
    }

    // ---- brackets

    fn open(&mut self, bracket: Bracket, token: Token) -> Result<(), Error> {
        if self.open.len() == MAX_DEPTH {
            return Err(Error::new(Kind::Limit, format!("brackets are nested more than {MAX_DEPTH} deep"))
                .at(token.span, "this one is too deep")
                .help("close brackets, or name a part: z = …"));
        }
        self.open.push((bracket, token.span));
        self.current.push(token);
        Ok(())
    }

    fn close(&mut self, bracket: Bracket, token: Token) {
        let (_, sign) = bracket.spellings();
        match self.open.pop() {
            Some((opened, _)) if opened == bracket => {}
            Some((opened, span)) => self.errors.push(
                Error::new(Kind::Syntax, format!("'{}' is closed by '{sign}'", opened.spellings().0))
                    .at(token.span, "this bracket does not match")
                    .at(span, "opened here")
                    .help(format!("close it with '{}'", opened.spellings().1)),
            ),
            None => self.errors.push(
                Error::new(Kind::Syntax, format!("'{sign}' closes a bracket that was never opened"))
                    .at(token.span, "unbalanced bracket")
                    .help(format!("delete it, or open it with '{}'", bracket.spellings().0)),
            ),
        }
        self.current.push(token);
    }

    fn never_closed(&mut self) {
        if let Some((bracket, span)) = self.open.last() {
            let (open, close) = bracket.spellings();
            self.errors.push(
                Error::new(Kind::Syntax, format!("'{open}' is never closed"))
                    .at(*span, "opened here")
                    .help(format!("add the closing '{close}'")),
            );
        }
        self.open.clear();
    }

    // ---- separators

    fn newline(&mut self, i: usize, inside: Option<Bracket>) {
        match inside {
            None if self.ends == Ends::Never || self.continues(i) => {}
            None => self.finish(),
            Some(Bracket::Square) => self.bracket_row(i),
            Some(Bracket::Matrix) => {}
            // a line that plainly begins another statement ends one whose bracket was forgotten
            Some(Bracket::Paren | Bracket::Brace | Bracket::Angle) if self.begins_statement(i + 1) => self.finish(),
            Some(Bracket::Paren | Bracket::Brace | Bracket::Angle) => {}
        }
    }

    fn row_break(&mut self, i: usize, token: Token, inside: Option<Bracket>) {
        match inside {
            None if self.ends == Ends::Never || self.continues(i) => {}
            None => self.finish(),
            Some(Bracket::Matrix) => self.current.push(Token { tok: Tok::Semicolon, ..token }),
            Some(Bracket::Square) => self.bracket_row(i),
            Some(Bracket::Paren | Bracket::Brace | Bracket::Angle) => {}
        }
    }

    fn semicolon(&mut self, token: Token, inside: Option<Bracket>) {
        match inside {
            Some(Bracket::Square) => self.current.push(token),
            None if self.ends == Ends::Never => self.current.push(token),
            None | Some(_) => self.finish(),
        }
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
        let Some(last) = self.current.last() else { return false };
        let awaits = last.tok.joins() || matches!(last.tok, Tok::Minus | Tok::Equals);
        let aligned = self.tokens[i + 1..].iter().take(4).any(|t| t.tok == Tok::Align);
        let next = self.next_in_line(i + 1);
        let follows = next.is_some_and(|t| t.joins() || (aligned && *t == Tok::Minus));
        follows || (awaits && next.is_some() && !self.begins_statement(i + 1))
    }

    /// The first token from `i` that is not space; `None` when there is none.
    fn next_in_line(&self, i: usize) -> Option<&Tok> {
        let visible = |t: &&Tok| !matches!(t, Tok::Newline | Tok::Align);
        self.tokens[i..].iter().take(NEAR).map(|t| &t.tok).find(visible).filter(|t| !matches!(t, Tok::Boundary))
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
        let errors = std::mem::take(&mut self.errors);
        // the punctuation of the sentence a formula stands in
        while self.latex && matches!(tokens.last().map(|t| &t.tok), Some(Tok::Comma | Tok::Dot)) {
            tokens.pop();
        }
        if tokens.is_empty() && errors.is_empty() {
            return;
        }
        let end = tokens.last().map_or(0, |t| t.span.end);
        tokens.push(Token { tok: Tok::End, span: Span::new(end, end), spaced: false });
        self.done.push(Statement { tokens, errors });
    }
}
