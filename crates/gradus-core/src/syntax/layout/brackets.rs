//! Brackets of the layout: what they hold, and what in an exponent is a sign of its own.

use super::super::token::{Bracket, Tok, Token};
use super::super::{names, remarks};
use super::{Layout, MAX_DEPTH};
use crate::diag::{Error, Kind, Span};

/// A fraction written with `\over` has at most so many tokens.
const MAX_FRACTION: usize = 256;

/// The tokens of `^{(l-1)}` and a few more.
const MAX_INDEX: usize = 10;

impl Layout {
    pub(super) fn open(&mut self, bracket: Bracket, token: Token) -> Result<(), Error> {
        if self.open.len() == MAX_DEPTH {
            return Err(Error::new(Kind::Limit, format!("brackets are nested more than {MAX_DEPTH} deep"))
                .at(token.span, "this one is too deep")
                .help("close brackets, or name a part: z = …"));
        }
        self.open.push((bracket, token.span));
        self.current.push(token);
        Ok(())
    }

    pub(super) fn close(&mut self, bracket: Bracket, token: Token) {
        let (_, sign) = bracket.spellings();
        match self.open.pop() {
            Some((opened, _)) if opened == bracket => {}
            // the inner one was forgotten, and this closes the outer one
            Some((opened, span)) if self.open.pop_if(|(outer, _)| *outer == bracket).is_some() => {
                self.errors.push(mismatched(opened, span, sign, token.span));
            }
            Some((opened, span)) => self.errors.push(mismatched(opened, span, sign, token.span)),
            None => self.errors.push(
                Error::new(Kind::Syntax, format!("'{sign}' closes a bracket that was never opened"))
                    .at(token.span, "unbalanced bracket")
                    .help(format!("delete it, or open it with '{}'", bracket.spellings().0)),
            ),
        }
        self.current.push(token);
        if bracket == Bracket::Brace {
            self.over();
            self.function_in_braces();
            self.primes_in_exponent();
            self.star_in_exponent();
            self.index_in_exponent();
        }
    }

    /// `{\rm Tr}` is Tr.
    fn function_in_braces(&mut self) {
        if let [.., open, function, close] = &self.current[..]
            && (&open.tok, &close.tok) == (&Tok::Open(Bracket::Brace), &Tok::Close(Bracket::Brace))
            && matches!(function.tok, Tok::Function(_))
        {
            self.current.pop();
            let at = self.current.len() - 2;
            self.current.remove(at);
        }
    }

    /// `{a \over b}` is a fraction.
    pub(super) fn over(&mut self) {
        let near = self.current.len().saturating_sub(MAX_FRACTION);
        let over = self.current[near..].iter().rposition(|t| t.tok == Tok::Over);
        let Some(over) = over.map(|at| near + at) else { return };
        let mut depth = 0usize;
        let opens = self.current[near..over].iter().rposition(|t| {
            match t.tok {
                Tok::Close(_) => depth += 1,
                Tok::Open(_) if depth > 0 => depth -= 1,
                Tok::Open(_) => return true,
                _ => {}
            }
            false
        });
        let Some(open) = opens.map(|at| near + at).filter(|at| self.current[*at].tok == Tok::Open(Bracket::Brace))
        else {
            return;
        };
        let sign = self.current[over].clone();
        self.current[over].tok = Tok::Close(Bracket::Brace);
        self.current.insert(over + 1, Token { tok: Tok::Open(Bracket::Brace), ..sign });
        let start = self.current[open].clone();
        self.current.insert(open, Token { tok: Tok::Frac, ..start });
    }

    /// `^{\prime\prime}` is two primes.
    fn primes_in_exponent(&mut self) {
        let body = &self.current[..self.current.len() - 1];
        let primes = body.iter().rev().take_while(|t| t.tok == Tok::Prime).count();
        let Some(caret) = body.len().checked_sub(primes + 2) else { return };
        if primes > 0 && body[caret].tok == Tok::Caret && body[caret + 1].tok == Tok::Open(Bracket::Brace) {
            self.current.pop();
            self.current.drain(caret..caret + 2);
        }
    }

    /// `x^\star` is a name: x_star.
    pub(super) fn star(&mut self, star: &Token) -> bool {
        let [.., name, caret] = &mut self.current[..] else { return false };
        let (Some(base), Tok::Caret) = (name.tok.name().cloned(), &caret.tok) else { return false };
        name.tok = Tok::Name(names::canonical(base.as_str(), &["star".to_string()]));
        name.span.end = star.span.end;
        self.current.pop();
        true
    }

    /// `x^{\star}`.
    fn star_in_exponent(&mut self) {
        if let [.., caret, open, star, _] = &self.current[..]
            && (&caret.tok, &open.tok, &star.tok) == (&Tok::Caret, &Tok::Open(Bracket::Brace), &Tok::Star)
        {
            let star = star.clone();
            self.current.truncate(self.current.len() - 3);
            if !self.star(&star) {
                self.current.push(star);
            }
        }
    }

    /// `W^{(1)}` and `W^{[1]}` name a layer: W_1.
    fn index_in_exponent(&mut self) {
        let tail = self.current.iter().rev().take(MAX_INDEX).position(|t| t.tok == Tok::Caret);
        let Some(caret) = tail.map(|i| self.current.len() - 1 - i).filter(|i| *i > 0) else { return };
        let [_, brace, open, within @ .., end] = &self.current[caret..] else { return };
        let Some(closes) = within.iter().position(|t| matches!(t.tok, Tok::Close(_))) else { return };
        let (inner, exponent) = (&within[..closes], within[closes + 1..].to_vec());
        let braces = [brace.clone(), end.clone()];
        let brackets = matches!(open.tok, Tok::Open(Bracket::Paren | Bracket::Square)) && is_exponent(&exponent);
        let index: Option<String> = inner.iter().map(index_text).collect();
        let (Some(name), Some(index)) = (self.current[caret - 1].tok.name().cloned(), index) else { return };
        // ^{(2 + 1)} and ^{(-1)} are powers
        let names = inner.first().is_some_and(|t| t.tok != Tok::Minus && t.tok != Tok::Plus)
            && (inner.len() == 1 || inner.iter().any(|t| t.tok.name().is_some()));
        if brace.tok != Tok::Open(Bracket::Brace) || !brackets || !names {
            return;
        }
        self.notes.push(remarks::index(&name, &index));
        let sign = self.current[caret].clone();
        let end = exponent.first().or(self.current.last()).map_or(0, |t| t.span.end);
        self.current.truncate(caret);
        if let Some(last) = self.current.last_mut() {
            last.tok = Tok::Name(names::canonical(name.as_str(), &[index]));
            last.span.end = end;
        }
        if !exponent.is_empty() {
            let [open, close] = braces;
            self.current.extend([sign, open].into_iter().chain(exponent).chain([close]));
        }
    }

    pub(super) fn never_closed(&mut self) {
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
}

/// What may stand behind an index above a name: nothing, a transpose, a number. `x^{(i)\top}` is the transpose of `x^{(i)}`.
fn is_exponent(tokens: &[Token]) -> bool {
    match tokens {
        [] => true,
        [one] => matches!(one.tok, Tok::Number(_)) || one.tok.is_transpose(),
        [_, ..] => false,
    }
}

/// A bracket that another one closes.
fn mismatched(opened: Bracket, span: Span, sign: &str, place: Span) -> Error {
    Error::new(Kind::Syntax, format!("'{}' is closed by '{sign}'", opened.spellings().0))
        .at(place, "this bracket does not match")
        .at(span, "opened here")
        .help(format!("close it with '{}'", opened.spellings().1))
}

/// The text of a token within an index: `l`, `2`, `l-1`.
fn index_text(token: &Token) -> Option<String> {
    match &token.tok {
        Tok::Number(text) => Some(text.clone()),
        Tok::Name(name) => Some(name.to_string()),
        Tok::Plus => Some("+".to_string()),
        Tok::Minus => Some("-".to_string()),
        _ => None,
    }
}
