//! What a name is: decided over the whole document before any expression is read.

use super::token::{Bracket, Tok, Token, closing};
use super::{functions, names, slopes, split_index};
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

/// The names of a document or of the scope an expression is read in.
#[derive(Clone, Debug, Default)]
pub(super) struct ScopeNames {
    /// Declared, defined, or used uncalled.
    pub variables: BTreeSet<Name>,
    /// Declared `elementwise`, or defined as g(t) = …, g(a, b) = ….
    pub functions: BTreeSet<Name>,
    /// Declared or defined: their reader knows them, so `x^t` is a power when t is among them.
    pub known: BTreeSet<Name>,
    /// Names that stand before a bracket.
    pub called: BTreeSet<Name>,
    /// Those of them whose bracket holds a comma.
    pub of_several: BTreeSet<Name>,
    /// K is called with two arguments that are no sizes: a kernel, and no commutation matrix.
    pub is_kernel: bool,
    /// Letters of functions that are factors where they stand before a bracket.
    pub factors: BTreeSet<Name>,
    /// Functions of which a derivative stands in the text: `∇f(x)`.
    pub differentiated: BTreeSet<Name>,
    /// Names that occur as sizes.
    pub sizes: BTreeSet<Name>,
    /// The parameters of the functions that have several.
    pub parameters: BTreeMap<Name, Vec<Name>>,
    /// Names whose members are variables.
    pub families: BTreeSet<Name>,
    /// The parameters of the function whose body is being read.
    pub bound: Vec<Name>,
    /// The notation of rules is read too.
    pub rules: bool,
    /// The text is LaTeX.
    pub latex: bool,
    /// `*` and `**` work entry by entry, as in NumPy.
    pub numpy: bool,
    /// R's arrow or Julia's dots stand there.
    pub dotted: bool,
    /// So does `^`, as in R.
    pub r: bool,
}

/// What a name means where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Variable,
    /// Declared or defined as a function.
    Function,
    BuiltIn(functions::Signature),
    /// Of rules: `d(A)` and `ip(G, A)`.
    Calculus,
    /// Abstract elementwise, if it is called; a variable otherwise.
    Unknown,
    /// Nothing says what it is: before a bracket it is a factor.
    Factor,
}

/// Letters that are functions where they stand before a bracket, with whatever index they have.
pub(super) const FUNCTION_LETTERS: &[&str] = &["f", "g", "h", "φ", "ψ", "σ"];

impl ScopeNames {
    /// What a name is here.
    pub fn role(&self, name: &Name) -> Role {
        if self.bound.contains(name) || self.is_member(name) {
            return Role::Variable;
        }
        if self.functions.contains(name) {
            return Role::Function;
        }
        if self.rules && matches!(name.as_str(), "d" | "ip") {
            return Role::Calculus;
        }
        // `mse = …` that nobody calls is a value of the author's
        // and so is the `mean` of a program that stands without a bracket
        let spoken = self.known.contains(name) || self.numpy && self.variables.contains(name);
        let own = spoken && !self.called.contains(name) && !matches!(name.as_str(), "min" | "max");
        match functions::signature(name.as_str()) {
            Some(signature) if functions::is_reserved(name.as_str()) && !own => Role::BuiltIn(signature),
            Some(_) | None if own || self.variables.contains(name) || self.sizes.contains(name) => Role::Variable,
            Some(_) if self.factors.contains(name) => Role::Factor,
            Some(_) if name.as_str() == "K" && !self.of_several.contains(name) => Role::Factor,
            Some(_) if name.as_str() == "K" && self.is_kernel => Role::Unknown,
            Some(signature) => Role::BuiltIn(signature),
            None if matches!(names::split(name).0, "I" | "𝟏" | "π") || self.is_commutation(name) => Role::Variable,
            None if self.is_factor(name) => Role::Factor,
            None => Role::Unknown,
        }
    }

    /// `x_i` of a known family x.
    fn is_member(&self, name: &Name) -> bool {
        !self.families.is_empty() && split_index(name).is_some_and(|(base, _)| self.families.contains(&base))
    }

    /// A letter that nothing declares and that no custom makes a function.
    fn is_factor(&self, name: &Name) -> bool {
        let base = names::split(name).0;
        let letter = base.chars().nth(1).is_none();
        letter
            && !self.rules
            && !self.differentiated.contains(name)
            && (!FUNCTION_LETTERS.contains(&base) || self.factors.contains(name))
            && !self.of_several.contains(name)
    }

    /// `K_{n,m}`; beside a variable or a function K it is a name.
    pub fn is_commutation(&self, name: &Name) -> bool {
        let (base, sizes) = names::split(name);
        base == "K"
            && sizes.is_some_and(|s| s.contains(','))
            && ![&self.variables, &self.functions].iter().any(|names| names.contains(&Name::new("K")))
    }

    /// `K(x, y)`: whether these tokens call K with what is no size.
    pub fn calls_kernel(&self, tokens: &[Token]) -> bool {
        let is_size = |name: &Name| self.sizes.contains(name) || matches!(name.as_str(), "m" | "n");
        let size = |token: &Token| match &token.tok {
            Tok::Name(name) => is_size(name),
            Tok::Open(_) | Tok::Close(_) | Tok::Comma | Tok::Number(_) | Tok::Times | Tok::Plus | Tok::Minus => true,
            _ => false,
        };
        tokens.windows(2).enumerate().any(|(i, pair)| {
            let called = pair[0].tok.is_name("K") && pair[1].tok == Tok::Open(Bracket::Paren);
            called
                && holds_comma(&tokens[i + 1..])
                && closing(tokens, i + 1).is_some_and(|close| !tokens[i + 1..close].iter().all(size))
        })
    }

    /// Notes which names these tokens use as variables and which they call. `bound` are
    /// parameters within them.
    pub fn collect(&mut self, tokens: &[Token], bound: &[Name]) {
        for (i, token) in tokens.iter().enumerate() {
            self.differentiated.extend(slopes::differentiated(tokens, i).filter(|f| !bound.contains(f)));
            let Some(name) = token.tok.name().filter(|n| !bound.contains(n)) else { continue };
            if is_transpose_sign(tokens, i) || transposed_call(&tokens[i + 1..]).is_some() {
                continue;
            }
            if let Some(open) = bracket_after(tokens, i) {
                self.called.insert(name.clone());
                if holds_comma(&tokens[open..]) {
                    self.of_several.insert(name.clone());
                }
            } else if !matches!(name.as_str(), "rows" | "cols") && !is_setting(tokens, i) {
                self.variables.insert(name.clone());
            }
        }
    }
}

/// The bracket of `f(`, `f'(`.
fn bracket_after(tokens: &[Token], i: usize) -> Option<usize> {
    let primes = tokens[i + 1..].iter().take_while(|t| t.tok == Tok::Prime).count();
    tokens.get(i + 1 + primes).filter(|t| t.tok == Tok::Open(Bracket::Paren)).map(|_| i + 1 + primes)
}

/// Whether the bracket that opens these tokens holds a comma of its own.
fn holds_comma(tokens: &[Token]) -> bool {
    let mut depth = 0usize;
    for token in tokens {
        match token.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            Tok::Comma if depth == 1 => return true,
            _ => {}
        }
        if depth == 0 {
            return false;
        }
    }
    false
}

/// The name of `axis=1`.
fn is_setting(tokens: &[Token], i: usize) -> bool {
    let before = i.checked_sub(1).map(|at| &tokens[at].tok);
    let setting = tokens.get(i + 1).is_some_and(|t| t.tok == Tok::Equals);
    setting && matches!(before, Some(Tok::Comma | Tok::Open(Bracket::Paren)))
}

/// How far behind the name of `J^\top(q)` the bracket opens in which a lone name stands.
pub(super) fn transposed_call(after: &[Token]) -> Option<usize> {
    let tok = |i: usize| after.get(i).map_or(&Tok::End, |t| &t.tok);
    let open = match (tok(0), tok(1), tok(3)) {
        (Tok::Caret, Tok::Open(Bracket::Brace), Tok::Close(Bracket::Brace)) if tok(2).is_transpose() => 4,
        (Tok::Caret, ..) if tok(1).is_transpose() => 2,
        _ => return None,
    };
    let bracket = *tok(open) == Tok::Open(Bracket::Paren) && *tok(open + 2) == Tok::Close(Bracket::Paren);
    (bracket && tok(open + 1).name().is_some()).then_some(open + 1)
}

/// The T of `^T` and `^{-T}`.
fn is_transpose_sign(tokens: &[Token], i: usize) -> bool {
    let before = tokens[..i].iter().rev().map(|t| &t.tok);
    let mut before = before.skip_while(|t| matches!(t, Tok::Minus | Tok::Open(Bracket::Brace | Bracket::Paren)));
    tokens[i].tok.is_name("T") && before.next() == Some(&Tok::Caret)
}
