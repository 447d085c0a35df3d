//! Places: entries, and brackets that compare indices.

use super::expression::{Parsed, Parser};
use super::gathered::{carries, compared, letter};
use super::token::{Bracket, Tok};
use super::{Ast, Sign, Syntax, WrittenCondition, WrittenPlace, subscript};
use crate::diag::Span;
use crate::expr::Name;

impl Parser<'_> {
    /// `[i = j]`, `𝟏[i ≠ j]`, `[i < n - 1]`: the sides are places, and an index is among them.
    pub fn iverson(&mut self, start: usize) -> Option<Ast> {
        let Tok::Open(bracket @ (Bracket::Square | Bracket::Paren)) = *self.tok() else { return None };
        let (condition, close) = self.compared_places(1, None)?;
        if *self.ahead(close) != Tok::Close(bracket) {
            return None;
        }
        self.at += close + 1;
        Some(self.leaf(Syntax::Iverson(Box::new(condition)), start))
    }

    /// Two places and how they compare, or how two that only a comma parts do: so many tokens ahead, and where they end.
    fn compared_places(&self, ahead: usize, listed: Option<&str>) -> Option<(WrittenCondition, usize)> {
        let (left, next) = self.written_place(ahead)?;
        let (sign, next) = match (self.ahead(next), listed) {
            (Tok::Equals, None) => ("=", next + 1),
            (Tok::Relation(sign), None) => (*sign, next + 1),
            (Tok::Comma, Some(sign)) => (sign, next + 1),
            (Tok::Name(_), Some(sign)) => (sign, next),
            _ => return None,
        };
        let (right, close) = self.written_place(next)?;
        let condition = compared(sign, left, right)?;
        let told = condition.sides().into_iter().any(|s| self.holds_index(s));
        told.then_some((condition, close))
    }

    /// What stands below 𝟏 or 1, perhaps in brackets of its own: `𝟏_{i ≠ j}`, `1_{[y_i = k]}`; below δ what is equal.
    pub fn condition_below(&mut self, start: usize) -> Parsed {
        let listed = (self.before_under().as_deref() == Some("δ")).then_some("=");
        let inner = usize::from(matches!(self.ahead(1), Tok::Open(Bracket::Square | Bracket::Paren | Bracket::Brace)));
        let Some((condition, close)) = self.compared_places(1 + inner, listed) else {
            self.at += 1;
            return self.indicator_below(start);
        };
        self.at += close + inner;
        self.close(Bracket::Brace)?;
        Ok(self.leaf(Syntax::Iverson(Box::new(condition)), start))
    }

    fn before_under(&self) -> Option<String> {
        self.tokens.get(self.at.checked_sub(2)?)?.tok.name().map(Name::to_string)
    }

    /// `1[y_n = k]`, `1\{i ≠ j\}`, `1_{i ≠ j}`, the number just read: a bracket that holds a statement at once after it.
    pub fn indicator_after_one(&mut self, start: usize) -> Option<Parsed> {
        if *self.tok() == Tok::Under {
            self.at += 1;
            return Some(self.condition_below(start));
        }
        self.at -= 1;
        let states = self.is_indicator() && !self.tokens[self.at + 1].spaced;
        self.at += 1;
        if !states {
            return None;
        }
        if let Some(tree) = self.iverson(start) {
            return Some(Ok(tree));
        }
        self.at -= 1;
        Some(self.indicator(start))
    }

    /// A name, a number, or a name with names and numbers added: what stands so many tokens ahead, and where it ends.
    fn written_place(&self, ahead: usize) -> Option<(Ast, usize)> {
        let token = |i: usize| self.tokens.get(self.at + i);
        let first = token(ahead)?;
        let atom = match &first.tok {
            Tok::Name(n) => Ast::new(Syntax::Name(n.clone()), first.span),
            Tok::Number(text) => return Some((Ast::new(Syntax::Number(text.clone()), first.span), ahead + 1)),
            _ => return None,
        };
        let (mut terms, mut next) = (vec![(Sign::Plus, atom)], ahead + 1);
        loop {
            let sign = match self.ahead(next) {
                Tok::Plus => Sign::Plus,
                Tok::Minus => Sign::Minus,
                _ if terms.len() == 1 => return Some((terms.remove(0).1, next)),
                _ => break,
            };
            let term = token(next + 1)?;
            let kind = match &term.tok {
                Tok::Number(text) => Syntax::Number(text.clone()),
                Tok::Name(n) => Syntax::Name(n.clone()),
                _ => return None,
            };
            terms.push((sign, Ast::new(kind, term.span)));
            next += 2;
        }
        let span = first.span.to(terms.last().map_or(first.span, |(_, t)| t.span));
        Some((Ast::new(Syntax::Sum(terms), span), next))
    }

    fn holds_index(&self, place: &Ast) -> bool {
        let told = |atom: &Ast| {
            let own = |l: &Name| self.letters.contains(l) || self.letters.iter().any(|own| carries(l, own));
            letter(atom).is_some_and(|(l, _)| own(&l))
        };
        match &place.kind {
            Syntax::Sum(terms) => terms.iter().any(|(_, t)| told(t)),
            _ => told(place),
        }
    }

    /// The indices of `stack(i, e)`, `stack(i, j, e)`: the array whose rows or entries e gives, as results print it.
    pub fn stacks(&self, name: &Name) -> Option<Vec<Ast>> {
        if name.as_str() != "stack" || self.names.families.is_empty() || *self.ahead(1) != Tok::Open(Bracket::Paren) {
            return None;
        }
        let mut letters = vec![];
        for at in [2, 4] {
            let token = self.tokens.get(self.at + at)?;
            match (&token.tok, self.ahead(at + 1)) {
                (Tok::Name(n), Tok::Comma) if n.as_str().chars().count() == 1 => {
                    letters.push(Ast::new(Syntax::Name(n.clone()), token.span));
                }
                _ => break,
            }
        }
        (!letters.is_empty()).then_some(letters)
    }

    /// Such a call.
    pub fn stack_call(&mut self, letters: Vec<Ast>, start: usize) -> Parsed {
        let function_span = self.token().span;
        let outside = self.letters.len();
        self.at += 2 + 2 * letters.len();
        self.letters.extend(letters.iter().filter_map(|l| Some(letter(l)?.0)));
        let body = self.deeper(|parser| parser.bracketed(Self::sum));
        self.letters.truncate(outside);
        let (body, below) = (body?, self.height);
        self.close(Bracket::Paren)?;
        let args = letters.into_iter().chain([body]).collect();
        self.node(Syntax::Call { function: Name::new("stack"), function_span, primes: 0, args }, start, below)
    }

    /// `(A x)_i`, `[A B]_{ij}`.
    pub fn entry(&mut self, base: Ast, start: usize) -> Parsed {
        let below = self.height;
        let token = self.token().clone();
        let Tok::Subscript(text) = &token.tok else { return Ok(base) };
        self.at += 1;
        let at = places(text, token.span);
        self.node(Syntax::Entry { base: Box::new(base), at }, start, below)
    }

    /// `p[y]`, `log_softmax(z)[y]`.
    pub fn entry_in_brackets(&mut self, base: Ast, start: usize) -> Parsed {
        let below = self.height;
        self.at += 1;
        let Tok::Name(place) = self.tok().clone() else { return Ok(base) };
        let at = vec![self.leaf(Syntax::Name(place), self.token().span.start)];
        self.at += 1;
        self.close(Bracket::Square)?;
        self.node(Syntax::Entry { base: Box::new(base), at }, start, below)
    }

    /// A bracket with one small letter or word in it, right after a name or a bracket: in a program whatever it is, in a
    /// formula the letter of a class. `[S]` is a concentration.
    pub fn is_place(&self) -> bool {
        let (Tok::Name(place), Tok::Close(Bracket::Square)) = (self.ahead(1), self.ahead(2)) else { return false };
        let class = matches!(place.as_str(), "y" | "label" | "target");
        let fits = match self.before().map(|t| &t.tok) {
            Some(Tok::Close(Bracket::Paren)) => class || self.names.numpy,
            Some(Tok::Name(_)) => class,
            _ => false,
        };
        fits && !self.token().spaced
    }

    /// An index after a bracket that holds an expression.
    pub fn is_entry(&self) -> bool {
        let Tok::Subscript(text) = self.tok() else { return false };
        let closed = self.before().is_some_and(|t| matches!(t.tok, Tok::Close(Bracket::Paren | Bracket::Square)));
        let data = || member_below(text).is_some();
        closed && (data() || subscript::written_places(text).is_some_and(|p| p.iter().any(|p| p.letter.is_some())))
    }
}

/// `y_i` below a bracket: the place is data.
fn member_below(text: &str) -> Option<Name> {
    let (family, index) = text.split_once('_')?;
    let single = |part: &str| part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    (single(family) && single(index)).then(|| Name::new(text))
}

/// The places a subscript writes, as expressions.
pub(crate) fn places(text: &str, span: Span) -> Vec<Ast> {
    let ast = |kind| Ast::new(kind, span);
    if let Some(member) = member_below(text) {
        return vec![ast(Syntax::Name(member))];
    }
    let number = |n: i64| ast(Syntax::Number(n.abs().to_string()));
    let signed = |n: i64| if n < 0 { Sign::Minus } else { Sign::Plus };
    let place = |p: WrittenPlace| {
        let Some(letter) = p.letter else { return number(p.offset) };
        let others = p.others.into_iter().map(|(times, l)| (signed(times), ast(Syntax::Name(l))));
        let offset = (p.offset != 0).then(|| (signed(p.offset), number(p.offset)));
        let mut terms: Vec<(Sign, Ast)> =
            [(Sign::Plus, ast(Syntax::Name(letter)))].into_iter().chain(others).chain(offset).collect();
        if terms.len() == 1 { terms.remove(0).1 } else { ast(Syntax::Sum(terms)) }
    };
    subscript::written_places(text).unwrap_or_default().into_iter().map(place).collect()
}
