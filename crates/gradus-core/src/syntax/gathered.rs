//! Sums, products, maxima, means and expectations over indices.

use super::expression::{Parsed, Parser};
use super::token::{Bracket, Tok, Token, closing};
use super::{Ast, Bound, Sign, Syntax, WrittenCondition, errors, functions, names, subscript};
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{Comparator, Gathering, Name};

/// What stands below and above the sign.
#[derive(Default)]
struct Limits {
    over: Vec<Bound>,
    when: Vec<WrittenCondition>,
    /// `i = 1` below, the end not said yet.
    first: Option<Ast>,
}

impl Limits {
    fn letters(&self) -> Vec<Name> {
        self.over.iter().map(|b| b.letter.clone()).collect()
    }

    fn bind(&mut self, letter: Name, letter_span: Span, set: Option<(Name, Vec<Name>)>) {
        match self.over.iter_mut().find(|b| b.letter == letter) {
            Some(bound) if bound.set.is_none() => bound.set = set,
            Some(_) => {}
            None => self.over.push(Bound { letter, letter_span, range: None, set, drawn: vec![] }),
        }
    }
}

/// The word of a call `sum(i = 1..n, …)`.
fn gathering(word: &str) -> Option<Gathering> {
    match word {
        "sum" => Some(Gathering::Sum),
        "prod" => Some(Gathering::Product),
        "max" => Some(Gathering::Maximum),
        "min" => Some(Gathering::Minimum),
        "mean" => Some(Gathering::Mean),
        _ => None,
    }
}

/// The names after ∈.
pub(super) fn sets(tokens: &[Token]) -> impl Iterator<Item = Name> {
    tokens.windows(2).filter(|pair| pair[0].tok == Tok::In).filter_map(|pair| pair[1].tok.name().cloned())
}

/// The letter of a name with one index.
fn index_of(name: &Name) -> Option<Name> {
    match subscript::split_index(name)?.1.as_slice() {
        [place] => place.at_rest().cloned(),
        _ => None,
    }
}

/// The letters that a tuple binds: of `(x_i, y_i)` i.
fn indices_of(names: Vec<(Name, Span)>) -> Vec<(Name, Span)> {
    let mut letters: Vec<(Name, Span)> = Vec::new();
    for (name, span) in names {
        let letter = index_of(&name).unwrap_or(name);
        if !letters.iter().any(|(old, _)| *old == letter) {
            letters.push((letter, span));
        }
    }
    letters
}

/// Whether a name carries the letter as an index.
pub(super) fn carries(name: &Name, letter: &Name) -> bool {
    subscript::split_index(name).is_some_and(|(_, places)| subscript::index_letters(&places).any(|l| l == letter))
}

impl Parser<'_> {
    /// `\sum_{i=1}^n e` and its like.
    pub fn gathered(&mut self, by: Gathering, start: usize) -> Parsed {
        self.at += 1;
        let mut limits = Limits::default();
        loop {
            if self.eat(&Tok::Under) {
                self.below(by, &mut limits)?;
            } else if *self.tok() == Tok::Caret && *self.ahead(1) == Tok::Open(Bracket::Brace) {
                self.at += 1;
                self.above(&mut limits)?;
            } else {
                break;
            }
        }
        let bare = limits.over.is_empty() && by != Gathering::Expectation;
        if bare {
            match self.only_index(start)? {
                Some(letter) => limits.bind(letter, self.since(start), None),
                None => return self.whole_array(by, start),
            }
        }
        let letters = limits.letters();
        let outside = self.letters.len();
        self.letters.extend(letters.iter().cloned());
        let read = |parser: &mut Self| parser.gathered_body(by, &letters);
        let body = if bare { self.bare_body(read) } else { self.deeper(read) };
        self.letters.truncate(outside);
        let body = body?;
        let by = if by == Gathering::Expectation { self.mean_of_members(&letters, start) } else { by };
        self.gather(by, limits, body, start)
    }

    /// `E_t[r_t A_t]`: of a letter that is nothing but the index of members, their mean.
    fn mean_of_members(&mut self, letters: &[Name], start: usize) -> Gathering {
        let names =
            || self.tokens[..self.at].iter().rev().take_while(|t| t.span.start > start).filter_map(|t| t.tok.name());
        let inside = |letter: &Name| names().filter(|n| *n == letter).count() == 1;
        let is_index = |letter: &Name| names().any(|n| carries(n, letter)) && inside(letter);
        if letters.is_empty() || !letters.iter().all(is_index) {
            return Gathering::Expectation;
        }
        let listed = letters.iter().map(Name::to_string).collect::<Vec<_>>().join(", ");
        self.notes.push(Note::assumption(format!("the expectation over {listed} is the mean over {listed}")));
        Gathering::Mean
    }

    fn gather(&mut self, by: Gathering, limits: Limits, body: Ast, start: usize) -> Parsed {
        let below = self.height;
        let Limits { over, when, .. } = limits;
        self.node(Syntax::Gathered { by, over, when, body: Box::new(body) }, start, below)
    }

    /// `E[…]` in plain letters: what follows at once in square brackets is no range.
    pub fn is_expectation(&self) -> bool {
        let braces = |t: &Token| t.tok == Tok::Open(Bracket::Brace) && errors::spelling(self.text, t).contains("\\{");
        let opens = |t: &&Token| (t.tok == Tok::Open(Bracket::Square) || braces(t)) && !t.spaced;
        let Some(open) = self.tokens.get(self.at + 1).filter(opens) else { return false };
        let mut depth = 0usize;
        let inside = self.tokens.iter().skip_while(|t| t.span.start <= open.span.start).take_while(|t| {
            match t.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth == 0 => return false,
                Tok::Close(_) => depth -= 1,
                _ => {}
            }
            true
        });
        !inside.into_iter().any(|t| matches!(t.tok, Tok::DotDot))
    }

    /// The product that follows, and later terms that use the index. An expectation has its bracket alone.
    fn gathered_body(&mut self, by: Gathering, letters: &[Name]) -> Parsed {
        let start = self.token().span.start;
        if by == Gathering::Expectation && matches!(self.tok(), Tok::Open(_)) {
            return self.operand();
        }
        let first = self.elementwise()?;
        let mut terms = vec![(Sign::Plus, first)];
        let mut below = self.height;
        while let Some(sign) = self.sign().filter(|_| self.next_term_carries(letters)) {
            self.at += 1;
            terms.push((sign, self.elementwise()?));
            below = below.max(self.height);
        }
        if terms.len() == 1 {
            return Ok(terms.remove(0).1);
        }
        let body = self.node(Syntax::Sum(terms), start, below)?;
        let written = self.text.get(body.span.start..body.span.end).unwrap_or_default();
        let listed = letters.iter().map(Name::to_string).collect::<Vec<_>>().join(", ");
        self.notes.push(Note::assumption(format!("the sum over {listed} goes over all of {}", one_line(written))));
        Ok(body)
    }

    /// Whether the term after the sign here uses one of the letters.
    fn next_term_carries(&self, letters: &[Name]) -> bool {
        let mut depth = 0usize;
        let rest = &self.tokens[self.at + 1..];
        for (i, token) in rest.iter().enumerate() {
            match &token.tok {
                // another sum binds the letter from here on
                Tok::Gather(_) if letters.iter().any(|l| binds(&rest[i + 1..], l)) => return false,
                _ if depth == 0 && self.is_bare_sum(self.at + 1 + i) => return false,
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth == 0 => return false,
                Tok::Close(_) => depth -= 1,
                Tok::Plus | Tok::Minus if depth == 0 && i > 0 => return false,
                Tok::Comma | Tok::Equals | Tok::Relation(_) | Tok::End if depth == 0 => return false,
                Tok::Name(name) if letters.iter().any(|l| carries(name, l)) => return true,
                _ => {}
            }
        }
        false
    }

    // ---- below and above

    /// The clauses between braces: `i = 1`, `i, j`, `i < j`, `(i, j) ∈ Ω`, `x ∼ p`.
    fn below(&mut self, by: Gathering, limits: &mut Limits) -> Parsed<()> {
        self.at += 1;
        let outside = self.at;
        while *self.tok() != Tok::Close(Bracket::Brace) {
            if self.eat(&Tok::Comma) || self.eat(&Tok::Semicolon) {
                continue;
            }
            let before = self.at;
            self.clause(limits)?;
            if self.at == before {
                return Err(Box::new(errors::expected_close(self.text, Bracket::Brace, self.token())));
            }
        }
        let span = self.tokens[outside].span.to(self.token().span);
        self.at += 1;
        if limits.over.is_empty() && by != Gathering::Expectation {
            let message = "nothing below this sign is an index";
            return Err(Box::new(
                Error::new(Kind::Syntax, message).at(span, "expected a letter").help(r"write \sum_{i=1}^{n} x_i"),
            ));
        }
        Ok(())
    }

    /// `^{n}`: the last place of the letters whose range began below.
    fn above(&mut self, limits: &mut Limits) -> Parsed<()> {
        self.at += 1;
        // `^{i=n}`
        if self.tok().name().is_some() && *self.ahead(1) == Tok::Equals {
            self.at += 2;
        }
        let last = self.bracketed(Self::sum)?;
        self.close(Bracket::Brace)?;
        let one = Ast::new(Syntax::Number("1".into()), last.span);
        let first = limits.first.clone().unwrap_or(one);
        for bound in limits.over.iter_mut().filter(|b| b.range.is_none()) {
            bound.range = Some((first.clone(), last.clone()));
        }
        Ok(())
    }

    /// One clause, below a sign or among the arguments of `sum(…)`.
    fn clause(&mut self, limits: &mut Limits) -> Parsed<()> {
        if let Some(letters) = self.tuple() {
            return match self.tok() {
                Tok::In => self.membership(indices_of(letters), limits),
                Tok::Relation(_) => self.drawn(letters, limits),
                _ => {
                    letters.into_iter().for_each(|(letter, span)| limits.bind(letter, span, None));
                    Ok(())
                }
            };
        }
        let start = self.at;
        if let Tok::Open(Bracket::Angle) = self.tok() {
            let error = Error::new(Kind::Unsupported, "a sum over pairs of neighbours needs their set")
                .at(self.token().span, "which pairs?")
                .help(r"name the set, `\sum_{(i,j) \in E}`: it is a mask of zeros and ones");
            return Err(Box::new(error));
        }
        let run = match self.member() {
            Some(letters) => letters,
            None => self.letter_run(),
        };
        match self.tok() {
            Tok::In => self.membership(run, limits),
            Tok::Relation("∼") if !run.is_empty() => self.drawn(run, limits),
            Tok::Equals => {
                run.into_iter().for_each(|(letter, span)| limits.bind(letter, span, None));
                self.at += 1;
                self.range_from(limits)
            }
            Tok::Comma | Tok::Semicolon | Tok::Close(_) | Tok::Colon if !run.is_empty() => {
                run.into_iter().for_each(|(letter, span)| limits.bind(letter, span, None));
                // `j : t_j ≥ t_i`
                self.eat(&Tok::Colon);
                Ok(())
            }
            _ => {
                self.at = start;
                self.comparisons(limits)
            }
        }
    }

    /// `∼ p_θ`, `∼ N(μ, Σ)`: what the distribution speaks of.
    fn drawn(&mut self, letters: Vec<(Name, Span)>, limits: &mut Limits) -> Parsed<()> {
        let (mut depth, mut names) = (0usize, vec![]);
        self.at += 1;
        loop {
            match self.tok() {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth > 0 => depth -= 1,
                Tok::Close(_) | Tok::End => break,
                Tok::Comma | Tok::Semicolon if depth == 0 => break,
                Tok::Name(name) => names.push(name.clone()),
                _ => {}
            }
            self.at += 1;
        }
        for (letter, span) in letters {
            limits.bind(letter.clone(), span, None);
            limits.over.iter_mut().filter(|b| b.letter == letter).for_each(|b| b.drawn.clone_from(&names));
        }
        Ok(())
    }

    /// Letters that stand together, `i`, `ij`.
    fn letter_run(&mut self) -> Vec<(Name, Span)> {
        let mut run = Vec::new();
        while let Tok::Name(name) = self.tok() {
            if names::split(name).1.is_some() {
                break;
            }
            let span = self.token().span;
            run.extend(name.as_str().chars().map(|c| (Name::new(&c.to_string()), span)));
            self.at += 1;
        }
        run
    }

    /// Letters, and names with a mark, `y_w`, of which an expectation may draw.
    fn names_of_tuple(&mut self) -> Vec<(Name, Span)> {
        let mut names = self.letter_run();
        while let Tok::Name(name) = self.tok() {
            names.push((name.clone(), self.token().span));
            self.at += 1;
        }
        names
    }

    /// The index of `x_i ∈ C`: the members of the set are said by their places.
    fn member(&mut self) -> Option<Vec<(Name, Span)>> {
        let letter = index_of(self.tok().name().filter(|_| *self.ahead(1) == Tok::In)?)?;
        let span = self.token().span;
        self.at += 1;
        Some(vec![(letter, span)])
    }

    /// `(i, j)`, `(x_i, y_i)`.
    fn tuple(&mut self) -> Option<Vec<(Name, Span)>> {
        if *self.tok() != Tok::Open(Bracket::Paren) {
            return None;
        }
        let start = self.at;
        self.at += 1;
        let mut letters = self.names_of_tuple();
        while self.eat(&Tok::Comma) {
            letters.extend(self.names_of_tuple());
        }
        if self.eat(&Tok::Close(Bracket::Paren))
            && matches!(self.tok(), Tok::In | Tok::Relation("∼") | Tok::Close(Bracket::Brace))
        {
            return Some(letters);
        }
        self.at = start;
        None
    }

    /// `∈ S`, `∈ N(i)`: a mask of that name.
    fn membership(&mut self, letters: Vec<(Name, Span)>, limits: &mut Limits) -> Parsed<()> {
        self.at += 1;
        let Tok::Name(set) = self.tok().clone() else {
            let error = Error::new(Kind::Unsupported, "a sum goes over a set that has a name")
                .at(self.token().span, "expected a name")
                .help("name the set, as in `i ∈ S`: it is a mask of zeros and ones");
            return Err(Box::new(error));
        };
        self.at += 1;
        let mut of = Vec::new();
        if *self.tok() == Tok::Open(Bracket::Paren) {
            self.at += 1;
            while let Tok::Name(name) = self.tok().clone() {
                of.push(name);
                self.at += 1;
                self.eat(&Tok::Comma);
            }
            self.close(Bracket::Paren)?;
        }
        self.refuse_permutations(&letters, &set)?;
        let first = letters.first().map(|(l, _)| l.clone());
        let rest: Vec<Name> = letters.iter().skip(1).map(|(l, _)| l.clone()).collect();
        for (letter, span) in letters {
            // the mask stands with the first of them, the others are its further indices
            let own = (Some(&letter) == first.as_ref()).then(|| (set.clone(), [rest.clone(), of.clone()].concat()));
            limits.bind(letter, span, own);
        }
        Ok(())
    }

    /// `\sum_{\pi \in S_n}` goes over permutations.
    fn refuse_permutations(&self, letters: &[(Name, Span)], set: &Name) -> Parsed<()> {
        match letters {
            [(letter, span)] if matches!(letter.as_str(), "π" | "σ" | "τ") && names::split(set).0 == "S" => {
                Err(Box::new(
                    Error::new(Kind::Unsupported, "sums over permutations are not in the language")
                        .at(*span, "a permutation")
                        .help("a determinant is det(A)"),
                ))
            }
            _ => Ok(()),
        }
    }

    /// What follows `i =`: `1`, `1..n`, `1, …, m`.
    fn range_from(&mut self, limits: &mut Limits) -> Parsed<()> {
        let first = self.bracketed(Self::sum)?;
        let dots = [Tok::DotDot, Tok::Ellipsis];
        let listed = *self.tok() == Tok::Comma && dots.contains(self.ahead(1));
        if !listed && !dots.contains(self.tok()) {
            limits.first = Some(first);
            return Ok(());
        }
        self.at += if listed { 2 } else { 1 };
        self.eat(&Tok::Comma);
        let last = self.bracketed(Self::sum)?;
        for bound in limits.over.iter_mut().filter(|b| b.range.is_none()) {
            bound.range = Some((first.clone(), last.clone()));
        }
        Ok(())
    }

    /// The sign here that compares.
    fn relation(&self) -> Option<&'static str> {
        match *self.tok() {
            Tok::Relation(sign) => Some(sign),
            Tok::Equals => Some("="),
            _ => None,
        }
    }

    /// `i < j`, `j ≠ i`, `1 ≤ i < j ≤ n`, `y_i = 1`.
    fn comparisons(&mut self, limits: &mut Limits) -> Parsed<()> {
        let mut left = self.bracketed(Self::sum)?;
        if self.relation().is_none() {
            return Err(Box::new(errors::unexpected(self.text, self.token())));
        }
        let mut lower: Option<Ast> = None;
        while let Some(sign) = self.relation() {
            let span = self.token().span;
            self.at += 1;
            let right = self.bracketed(Self::sum)?;
            let condition = compared(sign, left.clone(), right.clone()).ok_or_else(|| {
                Box::new(Error::new(Kind::Unsupported, "places compare by =, ≠, <, ≤").at(span, "here"))
            })?;
            let indices = [letter(&left), letter(&right)];
            let data = says_class(sign, &indices);
            indices.iter().flatten().for_each(|(l, s)| {
                let index = names::split(l).1.is_none() && data.as_ref() != Some(l);
                if index && !self.letters.contains(l) && !self.is_size(l) {
                    limits.bind(l.clone(), *s, None);
                }
            });
            let bound =
                |l: &Option<(Name, Span)>| l.as_ref().is_some_and(|(l, _)| limits.over.iter().any(|b| b.letter == *l));
            match (bound(&indices[0]), bound(&indices[1]), condition.relation) {
                (false, true, Comparator::AtMost) if indices[0].is_none() => lower = Some(condition.left),
                (true, false, Comparator::AtMost) if lower.is_some() && indices[0].is_some() => {
                    let range = lower.take().map(|first| (first, condition.right));
                    limits.over.iter_mut().filter(|b| b.range.is_none()).for_each(|b| b.range = range.clone());
                }
                _ => limits.when.push(condition),
            }
            left = right;
        }
        Ok(())
    }

    /// A letter that is an end of a range and no index: `1 ≤ i ≤ n`.
    fn is_size(&self, name: &Name) -> bool {
        self.names.sizes.contains(name)
            || (matches!(name.as_str(), "n" | "m" | "N" | "M" | "K" | "T") && !self.is_subscript(name))
    }

    /// Whether a name carries the letter as an index; the words of the language, `prod_others`, have none.
    fn is_subscript(&self, letter: &Name) -> bool {
        let below = |t: &Token| matches!(&t.tok, Tok::Subscript(index) if index == letter.as_str());
        let names = self.tokens.iter().filter_map(|t| t.tok.name());
        self.tokens.iter().any(below)
            || names.filter(|n| functions::signature(n.as_str()).is_none()).any(|n| carries(n, letter))
    }

    // ---- calls

    /// `sum(i = 1..n, e)`, `sum(i, x_i)`: whether the call at this name binds an index.
    pub fn gathers(&self, name: &Name) -> Option<Gathering> {
        let by = gathering(name.as_str()).filter(|_| *self.ahead(1) == Tok::Open(Bracket::Paren))?;
        let Tok::Name(letter) = self.ahead(2) else { return None };
        let short = letter.as_str().chars().nth(1).is_none();
        let index = match self.ahead(3) {
            Tok::Equals | Tok::In => true,
            Tok::Comma => !self.is_axis(4) && self.is_subscript(letter),
            Tok::Relation(_) => self.is_clause_after(2),
            _ => false,
        };
        (short && index).then_some(by)
    }

    /// `rows)` or `cols)`: the axis of a function of arrays.
    fn is_axis(&self, ahead: usize) -> bool {
        ["rows", "cols"].iter().any(|axis| self.ahead(ahead).is_name(axis))
            && *self.ahead(ahead + 1) == Tok::Close(Bracket::Paren)
    }

    /// Such a call.
    pub fn gathered_call(&mut self, by: Gathering, start: usize) -> Parsed {
        self.at += 2;
        let outside = (std::mem::take(&mut self.in_norm), std::mem::take(&mut self.in_bars), self.letters.len());
        let tree = self.deeper(|parser| parser.gathered_arguments(by, start));
        (self.in_norm, self.in_bars) = (outside.0, outside.1);
        self.letters.truncate(outside.2);
        tree
    }

    fn gathered_arguments(&mut self, by: Gathering, start: usize) -> Parsed {
        let mut limits = Limits::default();
        while self.is_clause() {
            self.clause(&mut limits)?;
            self.letters.extend(limits.letters());
            if !self.eat(&Tok::Comma) {
                return Err(Box::new(errors::unexpected(self.text, self.token())));
            }
        }
        let body = self.sum()?;
        let below = self.height;
        self.close(Bracket::Paren)?;
        self.height = below;
        self.gather(by, limits, body, start)
    }

    /// Up to the next comma of this level stands no expression: `i = 1..n`, `i != j`, a letter alone.
    fn is_clause(&self) -> bool {
        self.is_clause_after(0)
    }

    fn is_clause_after(&self, skipped: usize) -> bool {
        let mut depth = 0usize;
        let mut sign = false;
        for (i, token) in self.tokens[self.at + skipped..].iter().enumerate() {
            match token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) if depth == 0 => return false,
                Tok::Close(_) => depth -= 1,
                Tok::Equals | Tok::Relation(_) | Tok::In if depth == 0 => sign = true,
                Tok::Comma if depth == 0 => {
                    let letter = i == 1 && self.tokens[self.at + skipped].tok.name().is_some();
                    return sign || letter;
                }
                Tok::End => return false,
                _ => {}
            }
        }
        false
    }
}

/// Whether the letter stands below the sign before these tokens.
fn binds(tokens: &[Token], letter: &Name) -> bool {
    // `\sum^n_{i=1}`: what stands above may come first
    let above = match tokens {
        [sign, open, ..] if sign.tok == Tok::Caret && open.tok == Tok::Open(Bracket::Brace) => {
            closing(tokens, 1).map_or(0, |close| close + 1)
        }
        [sign, ..] if sign.tok == Tok::Caret => 2,
        [..] => 0,
    };
    let tokens = tokens.get(above..).unwrap_or_default();
    let below = tokens.iter().take_while(|t| t.tok != Tok::Close(Bracket::Brace));
    tokens.first().is_some_and(|t| t.tok == Tok::Under)
        && below.filter_map(|t| t.tok.name()).any(|n| n.as_str().contains(letter.as_str()))
}

pub(super) fn compared(sign: &str, left: Ast, right: Ast) -> Option<WrittenCondition> {
    let (left, relation, right) = match sign {
        "=" => (left, Comparator::Equal, right),
        "≠" => (left, Comparator::Different, right),
        "<" => (left, Comparator::Less, right),
        "≤" => (left, Comparator::AtMost, right),
        ">" => (right, Comparator::Less, left),
        "≥" => (right, Comparator::AtMost, left),
        _ => return None,
    };
    Some(WrittenCondition { left, relation, right })
}

/// The letter a side is.
pub(super) fn letter(side: &Ast) -> Option<(Name, Span)> {
    match &side.kind {
        Syntax::Name(name) => Some((name.clone(), side.span)),
        _ => None,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The class in `j ≠ y` and `y_i = c`, which is data and no index.
fn says_class(sign: &str, sides: &[Option<(Name, Span)>; 2]) -> Option<Name> {
    let [Some((left, _)), Some((right, _))] = sides else { return None };
    let member = |name: &Name| names::split(name).1.is_some();
    match sign {
        "≠" => [left, right].into_iter().find(|l| l.as_str() == "y").cloned(),
        "=" if member(left) && !member(right) => Some(right.clone()),
        "=" if member(right) && !member(left) => Some(left.clone()),
        _ => None,
    }
}
