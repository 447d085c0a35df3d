//! Declarations: `W: n x m`, `X ∈ R^{n×m}`, `A: n x n symmetric`, `f: elementwise`.

use super::expression::{Parsed, Parser};
use super::functions;
use super::scope::ScopeNames;
use super::token::{Bracket, Tok, Token};
use super::{Ast, Attribute, BinaryOp, Declaration, DeclaredShape, Sign, Syntax, UnsaidShape};
use super::{errors, layout};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;

/// What people write for attributes, and the attribute's word.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("sym", "symmetric"),
    ("pd", "spd"),
    ("psd", "spd"),
    ("definite", "spd"),
    ("diag", "diagonal"),
    ("orth", "orthogonal"),
    ("nonsingular", "invertible"),
    ("regular", "invertible"),
    ("const", "constant"),
    ("fixed", "constant"),
    ("stochastic", "stochastic rows"),
    ("probability", "distribution"),
    ("probabilities", "distribution"),
    ("simplex", "distribution"),
];

/// Words of a declaration that people write in two, and what they write in one.
const TWO_WORDS: &[([&str; 2], &str)] =
    &[(["one", "hot"], "onehot"), (["element", "wise"], "elementwise"), (["entry", "wise"], "elementwise")];

/// Words for kinds of things whose sizes the document tells.
const KINDS: &[(&str, UnsaidShape)] = &[
    ("matrix", UnsaidShape::Matrix),
    ("vector", UnsaidShape::Column),
    ("row", UnsaidShape::Row),
    ("square", UnsaidShape::Square),
];

/// Words for kinds of things that tell no shape.
const NO_KINDS: &[&str] = &["real", "integer", "column", "tensor"];

/// True when the statement begins with names and a colon or ∈.
pub(super) fn is_declaration(tokens: &[Token]) -> bool {
    let mut i = 0;
    while matches!(tokens.get(i).map(|t| &t.tok), Some(Tok::Name(_))) {
        match tokens.get(i + 1).map(|t| &t.tok) {
            Some(Tok::Colon | Tok::In) => return true,
            Some(Tok::Comma) => i += 2,
            _ => return false,
        }
    }
    false
}

/// The names that a declaration is about.
pub(super) fn heads(tokens: &[Token]) -> Vec<Name> {
    let before = tokens.iter().take_while(|t| !matches!(t.tok, Tok::Colon | Tok::In));
    before.filter_map(|t| t.tok.name().cloned()).collect()
}

/// The names that a statement declares as functions of arrays, with an arrow.
pub(super) fn functions_of_arrays(statement: &layout::StatementTokens) -> Vec<Name> {
    let tokens = &statement.tokens;
    if !is_declaration(tokens) || !tokens.iter().any(|t| t.tok == Tok::Arrow) {
        return vec![];
    }
    heads(tokens)
}

/// Reads a declaration of one name or several: `x, y: n`.
pub(super) fn declarations(text: &str, tokens: &[Token]) -> Parsed<Vec<Declaration>> {
    let heads: Vec<&Token> = tokens.iter().take_while(|t| !matches!(t.tok, Tok::Colon | Tok::In)).collect();
    let names = ScopeNames::default();
    let mut parser = Parser::new(text, joined_words(tokens), &names);
    parser.at = heads.len() + 1;
    let (shape, shape_span) = parser.shape()?;
    let attributes = parser.attributes()?;
    let declare = |token: &Token| {
        let name = token.tok.name()?.clone();
        let (shape, attributes) = (shape.clone(), attributes.clone());
        Some(Declaration { name, name_span: token.span, shape, shape_span, attributes })
    };
    heads.into_iter().filter(|t| t.tok != Tok::Comma).map(|t| check_name(t).map(|()| t)).try_fold(
        Vec::new(),
        |mut list, token| {
            list.extend(declare(token?));
            Ok(list)
        },
    )
}

/// `one-hot` and `positive definite` as one word, `n by m` as `n x m`.
fn joined_words(tokens: &[Token]) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let dash = usize::from(tokens.get(at + 1).is_some_and(|t| t.tok == Tok::Minus));
        let pair = |(words, _): &&([&str; 2], &str)| {
            tokens[at].tok.is_name(words[0]) && tokens.get(at + 1 + dash).is_some_and(|t| t.tok.is_name(words[1]))
        };
        let (tok, length) = match TWO_WORDS.iter().find(pair) {
            Some((_, word)) => (Tok::Name(Name::new(word)), 2 + dash),
            None if tokens[at].tok.is_name("by") => (Tok::Cross, 1),
            None => (tokens[at].tok.clone(), 1),
        };
        let span = tokens[at].span.to(tokens[at + length - 1].span);
        joined.push(Token { tok, span, spaced: tokens[at].spaced });
        at += length;
    }
    joined
}

/// A built-in's word cannot name a variable.
pub(super) fn check_name(token: &Token) -> Parsed<()> {
    match token.tok.name() {
        Some(name) if functions::is_reserved(name.as_str()) => Err(Box::new(
            Error::new(Kind::Name, format!("{name} is a built-in function"))
                .at(token.span, "cannot be declared or defined")
                .help(format!("choose another name, for example {name}_1")),
        )),
        Some(_) | None => Ok(()),
    }
}

impl Parser<'_> {
    fn shape(&mut self) -> Parsed<(DeclaredShape, Span)> {
        let start = self.token().span.start;
        let shape = self.plain_shape()?;
        let shape = if self.eat(&Tok::Arrow) { self.field(shape)? } else { shape };
        Ok((shape, self.since(start)))
    }

    /// What stands after the arrow of `f: R^n -> R`. A function of a scalar with a scalar value is elementwise.
    fn field(&mut self, domain: DeclaredShape) -> Parsed<DeclaredShape> {
        let start = self.token().span.start;
        let codomain = self.plain_shape()?;
        let span = self.since(start);
        let domain = match domain {
            DeclaredShape::Scalar => vec![],
            DeclaredShape::Sizes(sizes) => sizes,
            DeclaredShape::Elementwise | DeclaredShape::Field { .. } | DeclaredShape::Unsaid(_) => {
                return Err(Box::new(self.no_shape()));
            }
        };
        match codomain {
            DeclaredShape::Scalar if domain.is_empty() => Ok(DeclaredShape::Elementwise),
            DeclaredShape::Scalar => Ok(DeclaredShape::Field { domain, codomain: None }),
            DeclaredShape::Sizes(mut sizes) if sizes.len() == 1 => {
                Ok(DeclaredShape::Field { domain, codomain: sizes.pop() })
            }
            DeclaredShape::Sizes(_)
            | DeclaredShape::Elementwise
            | DeclaredShape::Field { .. }
            | DeclaredShape::Unsaid(_) => Err(Box::new(
                Error::new(Kind::Unsupported, "functions with matrices for values are not in the language")
                    .at(span, "the value")
                    .help("the value is a scalar, R, or a vector, R^m"),
            )),
        }
    }

    fn plain_shape(&mut self) -> Parsed<DeclaredShape> {
        let shape = match self.tok() {
            Tok::Name(name) => match name.as_str() {
                "scalar" => self.word_shape(DeclaredShape::Scalar),
                "elementwise" => self.word_shape(DeclaredShape::Elementwise),
                "R" | "ℝ" => self.real_space()?,
                word if begins_attribute(word) || KINDS.iter().any(|(kind, _)| *kind == word) => self.unsaid()?,
                word if NO_KINDS.contains(&word) => return Err(Box::new(self.no_shape())),
                word if *self.ahead(1) == Tok::End && meant(word).is_some() => {
                    return Err(self.unknown_attribute(name));
                }
                _ => DeclaredShape::Sizes(self.sizes()?),
            },
            Tok::Number(_) | Tok::Open(Bracket::Paren | Bracket::Brace) => DeclaredShape::Sizes(self.sizes()?),
            _ => return Err(Box::new(self.no_shape())),
        };
        Ok(shape)
    }

    /// `symmetric`, `symmetric matrix`, `vector`: facts, and perhaps the word of a kind, which is taken out.
    fn unsaid(&mut self) -> Parsed<DeclaredShape> {
        let mut shape = UnsaidShape::Any;
        let mut facts = Vec::new();
        for token in &self.tokens[self.at..] {
            let Some(word) = token.tok.name() else { continue };
            match KINDS.iter().find(|(kind, _)| *kind == word.as_str()) {
                // `row vector`
                Some((_, kind)) if shape != UnsaidShape::Row => shape = *kind,
                Some(_) => {}
                None => facts.push(word.clone()),
            }
        }
        let at = self.at;
        let is_kind = |t: &Token| KINDS.iter().any(|(kind, _)| t.tok.is_name(kind));
        let mut place = 0usize;
        self.tokens.retain(|token| {
            place += 1;
            place <= at || !is_kind(token)
        });
        let says = |test: fn(Attribute) -> bool| facts.iter().filter_map(|f| attribute(f.as_str())).any(test);
        let rows = self.tokens[at..].iter().any(|t| t.tok.is_name("rows"));
        Ok(DeclaredShape::Unsaid(match shape {
            _ if says(Attribute::needs_square) => UnsaidShape::Square,
            UnsaidShape::Any if rows => UnsaidShape::Matrix,
            UnsaidShape::Any if says(Attribute::is_of_column) => UnsaidShape::Column,
            shape => shape,
        }))
    }

    fn word_shape(&mut self, shape: DeclaredShape) -> DeclaredShape {
        self.at += 1;
        shape
    }

    fn no_shape(&self) -> Error {
        Error::new(Kind::Syntax, format!("expected a shape, found {}", errors::found(self.text, self.token())))
            .at(self.token().span, "expected sizes")
            .help("write A: n x m for a matrix, x: n for a column vector, t: scalar, f: elementwise; facts follow the shape")
    }

    /// `R`, `R^n`, `R^{n×m}`, `ℝⁿˣᵐ`.
    fn real_space(&mut self) -> Parsed<DeclaredShape> {
        self.at += 1;
        match self.tok().clone() {
            Tok::Caret => {
                self.at += 1;
                match self.tok() {
                    Tok::Open(bracket @ (Bracket::Brace | Bracket::Paren)) => {
                        let bracket = *bracket;
                        self.at += 1;
                        let sizes = self.sizes()?;
                        self.close(bracket)?;
                        Ok(DeclaredShape::Sizes(sizes))
                    }
                    _ => Ok(DeclaredShape::Sizes(self.sizes()?)),
                }
            }
            Tok::Superscript(text) => {
                let span = self.token().span;
                self.at += 1;
                let sizes: Option<Vec<Ast>> = text.split('x').map(|size| lifted_size(size, span)).collect();
                sizes.map(DeclaredShape::Sizes).ok_or_else(|| Box::new(self.no_shape()))
            }
            _ => Ok(DeclaredShape::Scalar),
        }
    }

    // ---- sizes

    /// One or two sizes.
    fn sizes(&mut self) -> Parsed<Vec<Ast>> {
        let start = self.at;
        let mut sizes = vec![self.size()?];
        while self.size_separator() {
            sizes.push(self.size()?);
        }
        if sizes.len() > 2 {
            let span = self.tokens[start].span.to(self.since(self.tokens[start].span.start));
            return Err(Box::new(
                Error::new(Kind::Syntax, format!("a shape has one or two sizes, not {}", sizes.len()))
                    .at(span, "too many dimensions")
                    .help("gradus works with matrices: reshape a tensor, or use one matrix for each slice"),
            ));
        }
        Ok(sizes)
    }

    /// `x`, `×`; in `3x4` the letter runs into the number after it.
    fn size_separator(&mut self) -> bool {
        if *self.tok() == Tok::Cross || self.tok().is_name("x") {
            self.at += 1;
            return true;
        }
        let token = &mut self.tokens[self.at];
        let written = errors::spelling(self.text, token);
        match written.strip_prefix('x').filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
            Some(digits) if !token.spaced => {
                token.tok = Tok::Number(digits.to_string());
                token.span.start += 1;
                true
            }
            Some(_) | None => false,
        }
    }

    /// A sum of products of numbers and names.
    fn size(&mut self) -> Parsed {
        let start = self.token().span.start;
        let mut terms = vec![(Sign::Plus, self.size_product()?)];
        loop {
            let sign = match self.tok() {
                Tok::Plus => Sign::Plus,
                Tok::Minus => Sign::Minus,
                _ => break,
            };
            self.at += 1;
            terms.push((sign, self.size_product()?));
        }
        match terms.pop() {
            Some((_, only)) if terms.is_empty() => Ok(only),
            last => {
                terms.extend(last);
                Ok(Ast::new(Syntax::Sum(terms), self.since(start)))
            }
        }
    }

    fn size_product(&mut self) -> Parsed {
        let start = self.token().span.start;
        let mut product = self.size_factor()?;
        while self.eat(&Tok::Times) || self.continues_size() {
            let factor = self.size_factor()?;
            let below = self.height;
            let kind = Syntax::Binary(BinaryOp::Mul, Box::new(product), Box::new(factor));
            product = self.node(kind, start, below)?;
        }
        Ok(product)
    }

    /// A factor without a sign before it: `5d`, `2 dim`, `n k`; but a longer word after a name is an attribute.
    fn continues_size(&self) -> bool {
        let after_number = matches!(self.before().map(|t| &t.tok), Some(Tok::Number(_)));
        match self.tok() {
            Tok::Name(name) => {
                let word = name.as_str();
                let short = word.split('_').next().is_some_and(|base| base.chars().count() == 1);
                word != "x" && !self.is_joined_separator() && !begins_attribute(word) && (after_number || short)
            }
            Tok::Open(Bracket::Paren) => after_number,
            _ => false,
        }
    }

    /// The `x4` of `3x4`.
    fn is_joined_separator(&self) -> bool {
        let token = self.token();
        let written = errors::spelling(self.text, token);
        !token.spaced
            && written.strip_prefix('x').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    }

    fn size_factor(&mut self) -> Parsed {
        let start = self.token().span.start;
        match self.tok().clone() {
            Tok::Number(text) => {
                self.at += 1;
                check_size_number(&text, self.since(start))?;
                Ok(self.leaf(Syntax::Number(text), start))
            }
            Tok::Name(name) if !begins_attribute(name.as_str()) && name.as_str() != "x" => {
                refuse_joined(&name, self.token().span)?;
                self.at += 1;
                Ok(self.leaf(Syntax::Name(name), start))
            }
            Tok::Open(bracket @ (Bracket::Paren | Bracket::Brace)) => {
                self.at += 1;
                let inner = self.deeper(Self::size)?;
                self.close(bracket)?;
                Ok(inner)
            }
            _ => Err(Box::new(
                Error::new(Kind::Syntax, format!("expected a size, found {}", errors::found(self.text, self.token())))
                    .at(self.token().span, "expected a size")
                    .help("a size is a whole number, a name, or a product or sum of them: 3, n, 5d, n + 1"),
            )),
        }
    }

    // ---- attributes

    fn attributes(&mut self) -> Parsed<Vec<(Attribute, Span)>> {
        let mut list = Vec::new();
        loop {
            let token = self.token().clone();
            match &token.tok {
                Tok::End => return Ok(list),
                Tok::Comma if !list.is_empty() || matches!(self.ahead(1), Tok::Name(_)) => self.at += 1,
                Tok::Name(name) => {
                    let of_rows = attribute(&format!("{name} rows")).filter(|_| self.ahead(1).is_name("rows"));
                    let found = of_rows.or_else(|| attribute(name.as_str()));
                    list.push((found.ok_or_else(|| self.unknown_attribute(name))?, token.span));
                    self.at += 1 + usize::from(of_rows.is_some());
                }
                _ => return Err(Box::new(self.after_shape())),
            }
        }
    }

    fn unknown_attribute(&self, name: &Name) -> Box<Error> {
        let word = name.as_str();
        let words = Attribute::ALL.iter().map(|(w, _)| *w);
        let help = match meant(word) {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!("the attributes are {}", words.collect::<Vec<_>>().join(", ")),
        };
        Box::new(
            Error::new(Kind::Syntax, format!("{word} is no attribute"))
                .at(self.token().span, "unknown attribute")
                .help(help),
        )
    }

    fn after_shape(&self) -> Error {
        let error =
            Error::new(Kind::Syntax, format!("unexpected {} after the shape", errors::found(self.text, self.token())))
                .at(self.token().span, "not expected here");
        match self.tok() {
            Tok::Equals => error.help("declare and define in two statements: z: n; z = W x"),
            Tok::Colon | Tok::In => error.help("end each declaration with ; or a new line"),
            _ => error.help("a declaration is written A: n x m, then attributes such as symmetric"),
        }
    }
}

/// The word of a declaration that was meant, where this is none.
fn meant(word: &str) -> Option<&'static str> {
    let other = OTHER_WORDS.iter().find(|(w, _)| *w == word.to_lowercase()).map(|(_, meant)| *meant);
    let attributes = Attribute::ALL.iter().map(|(w, _)| *w);
    let all = attributes.chain(KINDS.iter().map(|(w, _)| *w)).chain(["scalar", "elementwise"]);
    let near = |words: &mut dyn Iterator<Item = &'static str>| functions::closest(word, words);
    let misspelt = |w: &str| OTHER_WORDS.iter().find(|(other, _)| *other == w && w.len() > 2).map(|(_, meant)| *meant);
    other
        .or_else(|| near(&mut all.into_iter()))
        .or_else(|| near(&mut OTHER_WORDS.iter().map(|(w, _)| *w)).and_then(misspelt))
}

/// True for a word that a declaration may hold.
pub fn is_word_of_declarations(word: &str) -> bool {
    begins_attribute(word)
        || KINDS.iter().any(|(kind, _)| *kind == word)
        || matches!(word, "scalar" | "elementwise" | "rows")
}

/// Whether an attribute begins with the word.
fn begins_attribute(word: &str) -> bool {
    Attribute::ALL.iter().any(|(w, _)| w.split(' ').next() == Some(word))
}

/// The attribute of this word.
pub(super) fn attribute(word: &str) -> Option<Attribute> {
    Attribute::ALL.iter().find(|(w, _)| *w == word).map(|(_, attribute)| *attribute)
}

fn check_size_number(text: &str, span: Span) -> Parsed<()> {
    let whole = text.bytes().all(|b| b.is_ascii_digit());
    let value = text.parse::<u32>().unwrap_or(u32::MAX);
    let error = if !whole {
        Error::new(Kind::Shape, format!("the size {text} is not a whole number"))
    } else if value == 0 {
        Error::new(Kind::Shape, format!("the size {text} is not positive"))
    } else if value > i32::MAX as u32 {
        Error::new(Kind::Limit, format!("the size {text} is too large"))
    } else {
        return Ok(());
    };
    Err(Box::new(error.at(span, "a size").help("sizes are whole numbers from 1 on, or names")))
}

/// `nxm` is one name, and never meant as one.
fn refuse_joined(name: &Name, span: Span) -> Parsed<()> {
    let letters: Vec<char> = name.as_str().chars().collect();
    match letters[..] {
        [rows, 'x', cols] => Err(Box::new(
            Error::new(Kind::Syntax, format!("{name} reads as one size"))
                .at(span, "one name")
                .help(format!("write {rows} x {cols}")),
        )),
        _ => Ok(()),
    }
}

fn lifted_size(text: &str, span: Span) -> Option<Ast> {
    let kind = if text.is_empty() || text.starts_with('-') {
        return None;
    } else if text.bytes().all(|b| b.is_ascii_digit()) {
        Syntax::Number(text.to_string())
    } else {
        Syntax::Name(Name::new(text))
    };
    Some(Ast::new(kind, span))
}
