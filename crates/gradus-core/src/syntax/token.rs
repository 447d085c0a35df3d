//! Tokens: what the lexer makes of text and the parser reads.

use crate::diag::{Error, Span};
use crate::expr::{Gathering, Name};
use std::collections::BTreeSet;

/// A token with its place; `spaced` when blank space stands before it.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub tok: Tok,
    pub span: Span,
    pub spaced: bool,
}

/// Brackets. `Matrix` is a LaTeX matrix environment, `Angle` ⟨a, b⟩.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    Paren,
    Square,
    Brace,
    Angle,
    Matrix,
    /// `\begin{cases}`.
    Cases,
}

/// Whether a norm's bar shows its side (`\lVert`) or not (`‖`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BarSide {
    Either,
    Left,
    Right,
}

/// Words that stand between formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Connective {
    /// `where`, `with`: what follows are further statements.
    Where,
    /// `s.t.`, `subject to`: what follows are constraints.
    SubjectTo,
    /// `if`, `when`: a case's condition follows.
    If,
    /// `for`: a case's condition follows, or what an index runs over.
    For,
    /// `otherwise`, `else`.
    Otherwise,
}

/// A minimum or maximum that is sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Optimum {
    /// `min`, `max`, `argmin`, `argmax`.
    pub what: &'static str,
    /// What stands below it, as written.
    pub over: Option<String>,
}

/// Which end of a formula a delimiter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MathEdge {
    Begin,
    End,
    /// `$`: one or the other.
    Either,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tok {
    Number(String),
    /// A name in its canonical spelling: a variable, a function or a size.
    Name(Name),
    /// A function that LaTeX marks as one (`\log`, `\operatorname{tr}`): it may stand before a bare argument.
    Function(Name),
    /// The index of a bracket or norm: `_2`, `_{F}`, `_\infty`.
    Subscript(String),
    /// `_` before a group that is an expression: the matrix of `‖x‖_{Σ^{-1}}`.
    Under,
    /// A Unicode superscript, as ordinary characters: `-1`, `T`, `2`, `nxm`.
    Superscript(String),
    Plus,
    Minus,
    /// `*`, `·`, `\cdot`, `@`.
    Times,
    /// `×`, `\times`: between sizes, or a product.
    Cross,
    Slash,
    /// `A \ b`, MATLAB's division from the left.
    Solve,
    Kron,
    /// `∘`, `⊙`, and `.*` (`matlab`), whose users expect another grouping.
    Had {
        matlab: bool,
    },
    HadDiv {
        matlab: bool,
    },
    Caret,
    DotCaret,
    /// `**` of programs.
    Power,
    /// `'`: transpose of a variable, derivative of a function.
    Prime,
    /// `.'`: MATLAB's transpose.
    DotPrime,
    /// `.sum` before a bracket.
    Method(Name),
    /// `⊤`, `\top`, `\intercal`: only in exponents.
    Top,
    /// `\star`.
    Star,
    Bar(BarSide),
    /// `|`, `\lvert`, `\mid`.
    Pipe(BarSide),
    Frac,
    /// `\over`: all before it in its braces is the numerator.
    Over,
    Sqrt,
    /// `√` before its operand.
    Radical,
    /// `∇`
    Nabla,
    /// Σ and its like, over indices.
    Gather(Gathering),
    /// `∂`, only in the symbols `∂z/∂x` that gradus itself introduces.
    Partial,
    Infinity,
    /// `…`, `...`: an operand in rules.
    Ellipsis,
    DotDot,
    Dot,
    Open(Bracket),
    Close(Bracket),
    Comma,
    Colon,
    /// `->`, `→`, `\to`: from one space to another.
    Arrow,
    /// `∈`, `in`, `\in`.
    In,
    Equals,
    /// `∝`, `≈`: an equality that drops something, as a word says what.
    Nearly(&'static str),
    /// Words between formulas.
    Word(Connective),
    /// `\min_w`, `\operatorname*{argmin}`: what is done, and to what.
    Optimum(Box<Optimum>),
    Semicolon,
    Newline,
    /// `\\` of LaTeX.
    RowBreak,
    /// `&` of LaTeX.
    Align,
    /// `\quad`: what follows may be a statement of its own.
    Gap,
    /// `≤`, `>`, `\succeq`: what constraints and cases are made of.
    Relation(&'static str),
    /// Math delimiters and the ends of environments: a statement ends here.
    Boundary(MathEdge),
    /// Words between formulas that say nothing to be read.
    Said,
    /// A piece of text that is no token, with what is wrong with it.
    Bad(Box<Error>),
    /// The end of a statement.
    End,
}

/// Whether a round bracket opens at this place.
pub(super) fn opens(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| t.tok == Tok::Open(Bracket::Paren))
}

/// Where the bracket closes that opens at a token.
pub fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let closes = |token: &Token| {
        match token.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    };
    tokens.get(open..)?.iter().position(closes).map(|i| open + i)
}

/// Leaves the tokens at these places out.
pub fn without(tokens: &mut Vec<Token>, left_out: &BTreeSet<usize>) {
    if left_out.is_empty() {
        return;
    }
    let mut place = 0..tokens.len();
    tokens.retain(|_| place.next().is_some_and(|at| !left_out.contains(&at)));
}

impl Tok {
    pub fn name(&self) -> Option<&Name> {
        match self {
            Tok::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn is_name(&self, text: &str) -> bool {
        self.name().is_some_and(|n| n.as_str() == text)
    }

    /// The T of an exponent.
    pub fn is_transpose(&self) -> bool {
        *self == Tok::Top || self.is_name("T")
    }

    /// Operators that need an operand on both sides, so that a line cannot begin or end with them.
    pub fn joins(&self) -> bool {
        matches!(
            self,
            Tok::Plus
                | Tok::Times
                | Tok::Cross
                | Tok::Slash
                | Tok::Kron
                | Tok::Had { .. }
                | Tok::HadDiv { .. }
                | Tok::Caret
                | Tok::DotCaret
        )
    }
}

impl Bracket {
    /// How messages name the opening and the closing one.
    pub fn spellings(self) -> (&'static str, &'static str) {
        match self {
            Bracket::Paren => ("(", ")"),
            Bracket::Square => ("[", "]"),
            Bracket::Brace => ("{", "}"),
            Bracket::Angle => ("⟨", "⟩"),
            Bracket::Matrix => (r"\begin{…matrix}", r"\end{…matrix}"),
            Bracket::Cases => (r"\begin{cases}", r"\end{cases}"),
        }
    }
}
