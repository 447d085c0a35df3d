//! Level 5: transposes, inverses, powers and slices, tighter than any other operator.

use super::expression::{Parsed, Parser};
use super::token::{Bracket, Tok, Token};
use super::{Ast, Ends, Syntax};
use super::{concentrations, errors};
use crate::diag::{Error, Kind, Note};

/// What stands after a caret.
enum Exponent {
    Transpose,
    Inverse,
    InverseTranspose,
    Power(Ast),
    /// LaTeX's `^{\circ k}`.
    ElementPower(Ast),
}

impl Parser<'_> {
    pub fn postfix(&mut self) -> Parsed {
        let start = self.token().span.start;
        let mut tree = self.operand()?;
        loop {
            let at = self.at;
            tree = self.suffix(tree, start)?;
            if self.at == at {
                return Ok(tree);
            }
        }
    }

    /// The operand with one more sign after it, where one stands there: apart from the operand, within which other
    /// expressions nest.
    fn suffix(&mut self, tree: Ast, start: usize) -> Parsed {
        let below = self.height;
        match self.tok() {
            Tok::Caret if self.names.r => self.dot_caret(tree, start),
            Tok::Caret => self.caret(tree, start),
            Tok::DotCaret => self.dot_caret(tree, start),
            // entry by entry in NumPy, of matrices elsewhere
            Tok::Power if self.names.numpy => self.dot_caret(tree, start),
            Tok::Power => self.caret(tree, start),
            Tok::Method(name) => {
                let name = name.clone();
                self.method(tree, &name, start)
            }
            Tok::Prime if self.is_second_rate(&tree) => Err(Box::new(errors::rates(self.text, tree.span))),
            Tok::Prime | Tok::DotPrime | Tok::Top => {
                self.at += 1;
                self.node(Syntax::Transpose(Box::new(tree)), start, below)
            }
            Tok::Superscript(text) => {
                let text = text.clone();
                self.superscript(tree, &text, start)
            }
            Tok::Subscript(_) if self.is_entry() => self.entry(tree, start),
            Tok::Open(Bracket::Square) if self.is_place() => self.entry_in_brackets(tree, start),
            Tok::Open(Bracket::Square) if self.is_slice() => self.slice(tree, start),
            _ => Ok(tree),
        }
    }

    /// `y''`, typed together.
    fn is_second_rate(&self, base: &Ast) -> bool {
        let typed = !self.token().spaced && !self.tokens[self.at + 1].spaced;
        typed && *self.ahead(1) == Tok::Prime && matches!(base.kind, Syntax::Name(_))
    }

    // ---- carets

    fn caret(&mut self, base: Ast, start: usize) -> Parsed {
        self.at += 1;
        if let Some(length) = self.plus_sign() {
            return self.positive_part_above(base, length, start);
        }
        self.refuse_conjugate(&base)?;
        let below = self.height;
        let exponent = self.deeper(Self::exponent)?;
        if let (Syntax::Name(f), Exponent::Inverse) = (&base.kind, &exponent) {
            self.refuse_inverse_function(f, base.span)?;
        }
        if let (Syntax::Name(e), Exponent::Power(p)) = (&base.kind, &exponent)
            && e.as_str() == "e"
        {
            self.refuse_imaginary(p)?;
        }
        self.raised(base, exponent, start, below)
    }

    /// `\Phi^{-1}(α)`: of letters that are functions, and of distribution functions, the inverse function.
    fn refuse_inverse_function(&self, name: &crate::expr::Name, span: crate::diag::Span) -> Parsed<()> {
        let function = matches!(super::names::split(name).0, "Φ" | "f" | "g" | "h" | "φ" | "ψ" | "σ");
        let lone =
            matches!((self.ahead(1), self.ahead(2)), (Tok::Name(_) | Tok::Number(_), Tok::Close(Bracket::Paren)));
        let called = *self.tok() == Tok::Open(Bracket::Paren) && !self.token().spaced && lone;
        if !function || !called || self.is_known(name) {
            return Ok(());
        }
        Err(Box::new(
            Error::new(Kind::Name, format!("{name}^-1 before a bracket: is it the inverse function, or a factor?"))
                .at(span, "an inverse function has no rule")
                .help(format!("give the value of the inverse function a name; declare `{name}: n x n` for a matrix")),
        ))
    }

    fn raised(&mut self, base: Ast, exponent: Exponent, start: usize, below: usize) -> Parsed {
        let base = Box::new(base);
        match exponent {
            Exponent::Transpose => self.node(Syntax::Transpose(base), start, below),
            Exponent::Inverse => self.node(Syntax::Inverse(base), start, below),
            Exponent::InverseTranspose => {
                let inverse = self.node(Syntax::Inverse(base), start, below)?;
                self.node(Syntax::Transpose(Box::new(inverse)), start, below + 1)
            }
            Exponent::Power(p) => {
                let below = below.max(self.height);
                self.node(Syntax::Power(base, Box::new(p)), start, below)
            }
            Exponent::ElementPower(p) => {
                let below = below.max(self.height);
                self.node(Syntax::ElementPower(base, Box::new(p)), start, below)
            }
        }
    }

    fn dot_caret(&mut self, base: Ast, start: usize) -> Parsed {
        self.at += 1;
        let below = self.height;
        let (exponent_start, span) = (self.at, self.token().span);
        let exponent = match self.deeper(Self::exponent)? {
            Exponent::Power(p) => p,
            Exponent::Inverse => {
                self.height = 1;
                Ast::new(Syntax::Number("-1".into()), self.since(self.tokens[exponent_start].span.start))
            }
            Exponent::Transpose | Exponent::InverseTranspose | Exponent::ElementPower(_) => {
                return Err(Box::new(
                    Error::new(Kind::Syntax, "this is no exponent for .^")
                        .at(span, "expected a number or an expression")
                        .help("the transpose is written ^T, an elementwise power x.^2"),
                ));
            }
        };
        let below = below.max(self.height);
        self.node(Syntax::ElementPower(Box::new(base), Box::new(exponent)), start, below)
    }

    /// `T`, `-1`, `-T`, a number, a name, or a group; a further caret belongs to it.
    fn exponent(&mut self) -> Parsed<Exponent> {
        let start = self.token().span.start;
        let bracket = match self.tok() {
            Tok::Open(bracket @ (Bracket::Brace | Bracket::Paren)) => Some(*bracket),
            _ => None,
        };
        if let Some(special) = self.special_exponent(bracket) {
            return Ok(special);
        }
        let elementwise = bracket.is_some() && matches!(self.ahead(1), Tok::Had { .. });
        let tree = match bracket {
            Some(_) if elementwise && self.is_negative_number(2) => self.negative_number(2),
            Some(bracket) => {
                self.at += 1 + usize::from(elementwise);
                let inner = self.bracketed(Self::sum)?;
                self.close(bracket)?;
                inner
            }
            None => self.exponent_atom()?,
        };
        if elementwise {
            return Ok(Exponent::ElementPower(tree));
        }
        self.refuse_almost_transpose(&tree)?;
        Ok(Exponent::Power(self.further_powers(tree, start)?))
    }

    /// `x^y^2` is x^(y^2), in programs as in formulas; so is `x^y²`.
    fn further_powers(&mut self, tree: Ast, start: usize) -> Parsed {
        let below = self.height;
        match self.tok() {
            Tok::Caret | Tok::Power if self.is_special_after_caret() => Ok(tree),
            Tok::Caret if !self.names.r => {
                self.at += 1;
                let next = self.deeper(Self::exponent)?;
                self.raised(tree, next, start, below)
            }
            Tok::Power if !self.names.numpy => {
                self.at += 1;
                let next = self.deeper(Self::exponent)?;
                self.raised(tree, next, start, below)
            }
            Tok::Caret | Tok::Power => self.dot_caret(tree, start),
            Tok::Superscript(text) if is_counted(text) => {
                let text = text.clone();
                self.superscript(tree, &text, start)
            }
            _ => Ok(tree),
        }
    }

    /// `^T` or `^-1` after an exponent belongs to the base: (x^2)^T.
    fn is_special_after_caret(&self) -> bool {
        *self.ahead(1) == Tok::Minus || self.ahead(1).is_transpose()
    }

    /// The exponents that are signs: `T`, `-1`, `-T`, `-2`, alone or in brackets.
    fn special_exponent(&mut self, bracket: Option<Bracket>) -> Option<Exponent> {
        let skip = usize::from(bracket.is_some());
        let closes =
            |parser: &Self, length: usize| bracket.is_none_or(|b| *parser.ahead(skip + length) == Tok::Close(b));
        let negative = *self.ahead(skip) == Tok::Minus;
        let found = match self.ahead(skip + usize::from(negative)) {
            tok if tok.is_transpose() && negative => Exponent::InverseTranspose,
            tok if tok.is_transpose() => Exponent::Transpose,
            // the sign of `x^-3^2` stands before 3^2
            Tok::Number(_) if negative && bracket.is_none() && self.is_raised_after(2) => return None,
            Tok::Number(n) if negative && n == "1" => Exponent::Inverse,
            Tok::Number(n) if negative => Exponent::Power(Ast::new(
                Syntax::Number(format!("-{n}")),
                self.token().span.to(self.tokens[self.at + skip + 1].span),
            )),
            _ => return None,
        };
        let length = 1 + usize::from(negative);
        if !closes(self, length) {
            return None;
        }
        self.at += length + 2 * skip;
        self.height = 1;
        Some(found)
    }

    /// `2 .^ -x.^2`.
    fn refuse_dotted_power(&self) -> Parsed<()> {
        if *self.tok() != Tok::DotCaret {
            return Ok(());
        }
        Err(Box::new(
            Error::new(Kind::Syntax, "a power of an exponent can be read in two ways")
                .at(self.token().span, "MATLAB raises the power before it, Julia its exponent")
                .help("write the brackets: (a.^-b).^c or a.^(-b.^c)"),
        ))
    }

    /// A power follows after so many tokens, and no transpose.
    fn is_raised_after(&self, offset: usize) -> bool {
        match self.ahead(offset) {
            Tok::Caret | Tok::Power => !self.ahead(offset + 1).is_transpose() && *self.ahead(offset + 1) != Tok::Minus,
            Tok::Superscript(text) => is_counted(text),
            _ => false,
        }
    }

    pub fn primes_from(&self, offset: usize) -> usize {
        (0..).take_while(|i| *self.ahead(offset + i) == Tok::Prime).count()
    }

    /// `-2}` after so many tokens.
    fn is_negative_number(&self, offset: usize) -> bool {
        *self.ahead(offset) == Tok::Minus
            && matches!(self.ahead(offset + 1), Tok::Number(_))
            && matches!(self.ahead(offset + 2), Tok::Close(_))
    }

    /// Takes the bracket that holds it, too.
    fn negative_number(&mut self, offset: usize) -> Ast {
        let first = self.at + offset;
        let span = self.tokens[first].span.to(self.tokens[first + 1].span);
        let text = errors::spelling(self.text, &self.tokens[first + 1]).to_string();
        self.at += offset + 3;
        self.height = 1;
        Ast::new(Syntax::Number(format!("-{text}")), span)
    }

    fn exponent_atom(&mut self) -> Parsed {
        match self.tok() {
            Tok::Minus => {
                let start = self.token().span.start;
                self.at += 1;
                let first = self.token().span.start;
                let operand = self.exponent_atom_after_sign()?;
                self.refuse_dotted_power()?;
                let operand = self.further_powers(operand, first)?;
                let below = self.height;
                self.node(Syntax::Neg(Box::new(operand)), start, below)
            }
            Tok::Number(_) | Tok::Name(_) | Tok::Frac | Tok::Sqrt | Tok::Radical | Tok::Function(_) | Tok::Ellipsis => {
                self.operand()
            }
            _ => Err(Box::new(errors::expected_operand(self.text, self.before(), self.token()))),
        }
    }

    fn exponent_atom_after_sign(&mut self) -> Parsed {
        match self.tok() {
            Tok::Number(_) | Tok::Name(_) | Tok::Frac | Tok::Sqrt | Tok::Radical | Tok::Open(_) => self.operand(),
            _ => Err(Box::new(errors::expected_operand(self.text, self.before(), self.token()))),
        }
    }

    /// `x^H`, `z^*`: of complex variables.
    fn refuse_conjugate(&self, base: &Ast) -> Parsed<()> {
        let sign = match self.tok() {
            Tok::Open(Bracket::Brace) if matches!(self.ahead(2), Tok::Close(_)) => self.ahead(1),
            tok => tok,
        };
        let number =
            matches!(&base.kind, Syntax::Number(_)) || matches!(&base.kind, Syntax::Name(n) if n.as_str() == "e");
        let conjugate = match sign {
            Tok::Times => true,
            Tok::Name(name) => name.as_str() == "H" && !self.is_known(name) && !number,
            _ => false,
        };
        if conjugate { Err(Box::new(errors::complex(self.token().span))) } else { Ok(()) }
    }

    /// `x^t` stands for a transpose in many a text, `x^Ty` for x^T y; neither is one.
    fn refuse_almost_transpose(&self, exponent: &Ast) -> Parsed<()> {
        match &exponent.kind {
            Syntax::Name(name) if name.as_str() == "t" && !self.is_known(name) && !self.is_decay() => {
                Err(Box::new(errors::lower_transpose(exponent.span)))
            }
            Syntax::Name(name) if name.as_str().len() > 1 && !self.is_known(name) => {
                match name.as_str().strip_prefix('T').filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
                {
                    Some(rest) => Err(Box::new(errors::joined_transpose(exponent.span, rest))),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// `1 - \beta^t`: a small Greek letter to the power t, which multiplies nothing.
    fn is_decay(&self) -> bool {
        let greek = |t: &Token| t.tok.name().is_some_and(|n| n.as_str().starts_with(|c| ('α'..='ω').contains(&c)));
        let base = self.at.checked_sub(3).map(|i| &self.tokens[i]);
        base.is_some_and(greek) && !self.starts_operand()
    }

    fn is_known(&self, name: &crate::expr::Name) -> bool {
        self.names.known.contains(name) || self.names.bound.contains(name) || self.letters.contains(name)
    }

    // ---- Unicode superscripts

    /// `ᵀ`, `⁻¹`, `⁻ᵀ`, `²`, `ⁿ`, and runs of them: `²ᵀ`.
    fn superscript(&mut self, base: Ast, text: &str, start: usize) -> Parsed {
        let span = self.token().span;
        self.at += 1;
        let mut tree = base;
        let mut rest = text;
        while !rest.is_empty() {
            let below = self.height;
            let (exponent, length) = read_superscript(rest, span).ok_or_else(|| {
                Box::new(
                    Error::new(Kind::Syntax, format!("the superscript {text} cannot be read"))
                        .at(span, "not an exponent")
                        .help("write ᵀ, ⁻¹, ⁻ᵀ, ² or ^(…)"),
                )
            })?;
            self.height = 1;
            tree = self.raised(tree, exponent, start, below)?;
            rest = &rest[length..];
        }
        Ok(tree)
    }

    // ---- slices

    /// A bracket right after an operand, or one that holds a range.
    fn is_slice(&self) -> bool {
        let mut depth = 0usize;
        let mut commas = 0usize;
        let mut place = true;
        for token in &self.tokens[self.at..] {
            // `x[n - 1]`, and no `ε[(σ/r)^12 - 1]`
            place &= depth == 0
                || matches!(
                    token.tok,
                    Tok::Number(_) | Tok::Name(_) | Tok::Plus | Tok::Minus | Tok::Comma | Tok::Close(Bracket::Square)
                );
            match token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) => depth -= 1,
                Tok::DotDot if depth == 1 => return true,
                Tok::Semicolon if depth == 1 => return false,
                Tok::Comma if depth == 1 => commas += 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        // `b'[R A R']^{-1}` is a product: only of a name or of its part is there an entry
        let letter = |n: &crate::expr::Name| super::names::split(n).0.chars().nth(1).is_none();
        let of_name = self.before().is_some_and(|t| match &t.tok {
            Tok::Name(name) => place || !letter(name),
            // `softmax(z)[3]`
            Tok::Close(Bracket::Paren) => {
                matches!((self.ahead(1), self.ahead(2)), (Tok::Number(_), Tok::Close(Bracket::Square)))
            }
            tok => *tok == Tok::Close(Bracket::Square),
        });
        let slice = !self.token().spaced && commas <= 1 && self.is_bare_bracket() && (of_name || commas == 1);
        slice && !self.is_concentration()
    }

    /// `V[S]`: a capital that stands in brackets wherever it stands.
    fn is_concentration(&self) -> bool {
        let (Tok::Name(name), Tok::Close(Bracket::Square)) = (self.ahead(1), self.ahead(2)) else { return false };
        !self.names.numpy
            && self.concentrations.get_or_init(|| concentrations::of_capitals(&self.tokens)).contains(name)
    }

    /// Written `[` where it stands, not `\left[`.
    fn is_bare_bracket(&self) -> bool {
        self.end() == self.token().span.start
    }

    /// The `…` of `x[2..…]`, `x[… - 1..…]`: what slices of programs have become.
    pub(super) fn is_last_place(&self) -> bool {
        self.before().is_some_and(|t| t.tok == Tok::DotDot)
            || [1, 3].iter().any(|&ahead| *self.ahead(ahead) == Tok::DotDot)
    }

    fn slice(&mut self, base: Ast, start: usize) -> Parsed {
        let below = self.height;
        self.at += 1;
        let (rows, mut highest) = self.bracketed(Self::range)?;
        let mut cols = None;
        if self.eat(&Tok::Comma) {
            let (range, height) = self.bracketed(Self::range)?;
            cols = Some(range);
            highest = highest.max(height);
        }
        self.close(Bracket::Square)?;
        let kind = Syntax::Slice { base: Box::new(base), rows, cols };
        self.node(kind, start, below.max(highest))
    }

    /// The 0 and 1 of `x[0]`, `x[1]`: one entry, where the text says from which place it counts.
    fn counted_entry(&mut self) -> Option<Ends> {
        let Tok::Number(place) = self.tok() else { return None };
        let ends = matches!(self.ahead(1), Tok::Close(Bracket::Square) | Tok::Comma);
        let place = place.parse::<u32>().ok().filter(|_| ends)?;
        let asked = self.first_place.get().is_some();
        let first = (*self.first_place.get_or_init(|| first_place(self.names.dotted, &self.tokens)))?;
        if !asked {
            self.notes.push(Note::assumption(format!("places in brackets count from {first}")));
        }
        let from_one = place.checked_add(1)?.checked_sub(first)?;
        let place = self.leaf(Syntax::Number(from_one.to_string()), self.token().span.start);
        self.at += 1;
        Some((Box::new(place.clone()), Box::new(place)))
    }

    /// `a..b`, and the greater height of the two.
    fn range(&mut self) -> Parsed<(Ends, usize)> {
        if let Some(entry) = self.counted_entry() {
            return Ok((entry, 1));
        }
        let first = self.sum()?;
        let height = self.height;
        if !self.eat(&Tok::DotDot) {
            return Err(Box::new(
                Error::new(Kind::Syntax, "a bracket after an expression is a slice, which needs ranges")
                    .at(self.token().span, "expected ..")
                    .help(
                        "write a range as x[1..3] or X[1..2, 3..4], one entry as x[3..3], a product with a space or *",
                    ),
            ));
        }
        let last = self.sum()?;
        Ok(((Box::new(first), Box::new(last)), height.max(self.height)))
    }
}

/// The place of a first entry: 0 where a bracket right after a name begins with it and in programs that write powers as `**`,
/// 1 in those that write `^` or are `dotted`.
pub(super) fn first_place(dotted: bool, tokens: &[Token]) -> Option<u32> {
    let zero = tokens.windows(4).any(|w| {
        let [name, open, place, close] = w else { return false };
        name.tok.name().is_some()
            && open.tok == Tok::Open(Bracket::Square)
            && !open.spaced
            && matches!(&place.tok, Tok::Number(n) if n == "0")
            && matches!(close.tok, Tok::Close(Bracket::Square) | Tok::Comma)
    });
    let writes = |power: &[Tok]| tokens.iter().any(|t| power.contains(&t.tok));
    match (writes(&[Tok::Power]), writes(&[Tok::Caret, Tok::DotCaret])) {
        _ if zero => Some(0),
        (true, false) => Some(0),
        (false, true) => Some(1),
        (false, false) if dotted => Some(1),
        (true, true) | (false, false) => None,
    }
}

/// The first exponent of a superscript's characters, and how many they are.
fn read_superscript(text: &str, span: crate::diag::Span) -> Option<(Exponent, usize)> {
    let negative = text.starts_with('-');
    let body = text.strip_prefix('-').unwrap_or(text);
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let sign = usize::from(negative);
    let power = |kind| Exponent::Power(Ast::new(kind, span));
    match body.chars().next()? {
        'T' if negative => Some((Exponent::InverseTranspose, 2)),
        'T' => Some((Exponent::Transpose, 1)),
        _ if negative && &body[..digits] == "1" => Some((Exponent::Inverse, 2)),
        _ if digits > 0 => Some((power(Syntax::Number(text[..sign + digits].to_string())), sign + digits)),
        c @ ('n' | 'm' | 'k' | 'p' | 'd') if !negative => Some((power(Syntax::Name(c.to_string().as_str().into())), 1)),
        _ => None,
    }
}

/// `²`, `¹⁰`: a number, and no transpose.
fn is_counted(superscript: &str) -> bool {
    !superscript.is_empty() && superscript.bytes().all(|b| b.is_ascii_digit())
}
